import {drawLine} from '../components/line.ts';
import type {Binding, Scope} from '../keys/binding.ts';
import {bindings} from '../keys/bindings.ts';
import {groups, keysLabel} from '../keys/table.ts';
import {filterKeys} from '../monitor/filter/keys.ts';
import {fit} from '../terminal/fit.ts';
import type {Glyph, Tone} from '../terminal/theme.ts';
import {wrap} from '../terminal/wrap.ts';
import {createPager, type Overlay} from './overlay.ts';
import type {DrawContext} from './screen.ts';

const definitions: readonly (readonly [term: string, meaning: string])[] = [
	['ready', 'runs that a worker could claim now; oldest: how long the first of them has been waiting for one'],
	[
		'running',
		'claimed by a worker; 14!3: the lease of 3 of these 14 has run out, the next claim in that queue reaps them',
	],
	['retry', 'failed, waiting for the back-off before the next attempt'],
	['sleep wait', 'sleeping until a time; waiting for an event'],
	['fail 5m', 'failed attempts / all finished runs of the last 5 minutes; as 3/7 below 20 of them'],
	['done/s', 'completed runs a second over the last 60 s of known data'],
	['p50 p95', 'run time: completed_at − started_at of the last leg; a run that slept took longer'],
	[
		'drains',
		'ready / (claims − arrivals a second): time until nothing is ready; never: it grows; –: too little to tell',
	],
	[
		'trend 30m',
		'completed runs of the last 5 or 30 minutes by when they finished; a gap: not known; ~: a part of it was read from the index for the time before the start, within 1 %',
	],
	['history', 'rows of live and finished runs by the planner’s statistics'],
	['lease', 'time left until the claim runs out; full = the longest ever seen for that run'],
	['≥10k ~1.0M', 'counting stopped there; an estimate'],
];

const filterTerms: readonly (readonly [term: string, meaning: string])[] = [
	...filterKeys.map(({example, meaning}) => [example, meaning] as const),
	['params.user.id:42', 'a path into params or headers; on the Tasks screen'],
	['!name:noise "a b"', '! turns a term round; quotes keep blanks; plain words are looked for everywhere'],
];

const legend: readonly (readonly [glyph: Glyph, tone: Tone, word: string])[] = [
	['pending', 'waiting', 'pending'],
	['running', 'running', 'running'],
	['sleeping', 'waiting', 'sleeping'],
	['completed', 'ok', 'completed'],
	['failed', 'error', 'failed'],
	['cancelled', 'dim', 'cancelled'],
	['critical', 'error', 'critical'],
	['warning', 'warning', 'warning'],
];

/** From this width on the definitions stand beside the keys. */
const twoColumnsFrom = 130;

export interface HelpOptions {
	readonly title: string;
	readonly scopes: readonly Scope[];
	/** Why a binding does nothing now: such keys are dimmed, with the reason. */
	readonly whyNot: (id: string) => string | undefined;
}

/** `?`: every key that lives here with what it does, and what the figures mean. */
export function createHelp({title, scopes, whyNot}: HelpOptions): Overlay {
	return createPager(`Help · ${title}`, context => {
		const half = Math.floor(context.width / 2);
		if (context.width < twoColumnsFrom) {
			return [...keyRows(scopes, whyNot, context, context.width), ...meaningRows(context, context.width)];
		}
		const left = keyRows(scopes, whyNot, context, half);
		const right = meaningRows(context, context.width - half);
		return Array.from(
			{length: Math.max(left.length, right.length)},
			(_, index) => (left[index] ?? ' '.repeat(half)) + (right[index] ?? ''),
		);
	});
}

function keyRows(
	scopes: readonly Scope[],
	whyNot: HelpOptions['whyNot'],
	context: DrawContext,
	width: number,
): readonly string[] {
	return groups.flatMap(([group, title]) => {
		const here = bindings.filter(binding => binding.group === group && scopes.includes(binding.scope));
		if (here.length === 0) return [];
		return [
			heading(title, context, width),
			...here.flatMap(binding => keyRow(binding, whyNot(binding.id), context, width)),
		];
	});
}

/** A key and what it does, or why it does nothing now. */
function keyRow(binding: Binding, reason: string | undefined, context: DrawContext, width: number): readonly string[] {
	const keys = keysLabel(binding);
	return reason === undefined
		? termRows([[keys, binding.title]], 10, context, width, 'key', 'plain')
		: termRows([[keys, `${binding.title}: ${reason}`]], 10, context, width, 'dim', 'dim');
}

/** Terms with their meanings, which go on under themselves. */
function termRows(
	terms: readonly (readonly [term: string, meaning: string])[],
	cells: number,
	context: DrawContext,
	width: number,
	termTone: Tone = 'strong',
	tone: Tone = 'plain',
): readonly string[] {
	return terms.flatMap(([term, meaning]) =>
		wrap(meaning, width - cells - 5).map((line, index) =>
			drawLine(
				[
					{text: `   ${fit(index === 0 ? term : '', cells)} `, tone: termTone},
					{text: line, tone},
				],
				width,
				context.theme,
			),
		),
	);
}

function meaningRows(context: DrawContext, width: number): readonly string[] {
	const {theme} = context;
	const rows = [
		heading('What the figures mean', context, width),
		...termRows(definitions, 11, context, width),
		heading('Filters', context, width),
		...termRows(filterTerms, 20, context, width),
	];
	rows.push(heading('States', context, width));
	for (let first = 0; first < legend.length; first += 4) {
		const pieces = legend.slice(first, first + 4).flatMap(([glyph, tone, word]) => [
			{text: '   ', tone: 'plain' as const},
			{text: fit(`${theme.glyph[glyph]} ${word}`, 12), tone},
		]);
		rows.push(drawLine(pieces, width, theme));
	}
	return rows;
}

function heading(text: string, {theme}: DrawContext, width: number): string {
	return drawLine([{text: ` ${text}`, tone: 'strong'}], width, theme);
}
