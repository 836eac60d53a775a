import type {Finding, Snapshot} from '../monitor/snapshot.ts';
import {clip, measure} from '../terminal/fit.ts';
import type {Theme} from '../terminal/theme.ts';
import {drawLine, type Piece} from './line.ts';

/** The line under the header: is it healthy, and if not, what is wrong, the worst first. */
export function drawFindings(snapshot: Snapshot, width: number, theme: Theme): string {
	const {findings} = snapshot;
	if (snapshot.at === undefined) return drawLine([], width, theme);
	const [worst] = findings;
	return drawLine(worst === undefined ? calm(snapshot, theme) : alarm(findings, worst, width, theme), width, theme);
}

/** Wider than any line that is drawn. */
const longest = 1000;

function textOf({queue, sentence}: Finding): string {
	const text = queue === undefined || sentence.startsWith(queue) ? sentence : `${queue}: ${sentence}`;
	return clip(text, longest);
}

const between = '   ';

/** What to say where there is no room for all. */
function moreText(count: number): string {
	return count === 0 ? '' : `${between}! ${count} more`;
}

/** What a finding says first: `mail: 312 tasks dead…` of `mail: 312 tasks dead, mostly TimeoutError`. */
function clauseOf(text: string): string {
	const [clause = text] = text.split(/[,;]/u);
	return clause === text ? text : `${clause.trimEnd()}…`;
}

/** The texts that fit into `room` cells, beginning with `first`, each whole or as a clause; the rest is only counted. */
function fitting(first: string, others: readonly string[], room: number): readonly string[] {
	const shown: string[] = [first];
	let left = room - between.length - measure(first);
	for (const [index, text] of others.entries()) {
		const more = measure(moreText(others.length - index - 1));
		const said = [text, clauseOf(text)].find(each => between.length + measure(each) + more <= left);
		if (said === undefined) break;
		shown.push(said);
		left -= between.length + measure(said);
	}
	return shown;
}

/** The worst finding, and as many others as there is room for. The worst is shortened where a second one then has room. */
function alarm(findings: readonly Finding[], worst: Finding, width: number, theme: Theme): readonly Piece[] {
	const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
	const head = ` ${theme.glyph[worst.severity]} ${count}`;
	const room = width - measure(head);
	const [first = '', ...others] = findings.map(textOf);
	const most = room - between.length - measure(moreText(others.length));
	const whole = fitting(clip(first, most), others, room);
	const brief = fitting(clip(clauseOf(first), most), others, room);
	const shown = (whole.length === 1 && brief.length > 1) || measure(first) > most ? brief : whole;
	return [
		{text: head, tone: toneOf(worst)},
		...shown.flatMap((text, index): readonly Piece[] => [
			{text: between, tone: 'plain'},
			{text, tone: toneOf(findings[index] ?? worst)},
		]),
		{text: moreText(findings.length - shown.length), tone: 'key'},
	];
}

function toneOf({severity}: Finding): 'error' | 'warning' {
	return severity === 'critical' ? 'error' : 'warning';
}

function calm({queues, connection, session}: Snapshot, theme: Theme): readonly Piece[] {
	if (connection.kind !== 'live') return [];
	if (queues.length === 0) {
		return [{text: ' No queue here yet. One that is created appears by itself.', tone: 'plain'}];
	}
	const unread = queues.filter(({trouble}) => trouble !== undefined).map(({name}) => name);
	if (unread.length > 0) {
		const text = ` ${theme.glyph.warning} ${unread.length} of ${queues.length} queues cannot be read: ${unread.join(', ')}`;
		return [{text, tone: 'warning'}];
	}
	const read = queues.filter(({readAt}) => readAt !== undefined);
	const bare = queues.every(
		({ready, running, retrying, sleeping, waiting, history, fail5m}) =>
			[ready, running, retrying, sleeping, waiting].every(count => count?.value === 0) &&
			(history?.value ?? 0) === 0 &&
			(fail5m?.finished ?? 0) === 0,
	);
	if (bare) {
		const way = session?.readOnly === undefined ? ': N spawns one.' : '.';
		return [{text: ` No task in any queue yet${way}`, tone: 'plain'}];
	}
	if (read.length === 0) return [];
	return [{text: ` ${theme.glyph.ok} no findings`, tone: 'ok'}];
}
