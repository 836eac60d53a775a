import {drawLine, drawText, type Piece} from '../components/line.ts';
import type {Binding, Scope} from '../keys/binding.ts';
import type {Probe, ProbeAnswers} from '../monitor/probe.ts';
import type {CommandContext, DrawContext} from './screen.ts';

/** Something that only shows, or asks one thing, in place of the screen's body. */
export interface Overlay {
	readonly scope: Extract<Scope, 'help' | 'prompt' | 'findings' | 'filters'>;
	/** Besides `scope`, while nothing is typed. */
	readonly more?: readonly Scope[];
	draw(context: DrawContext): readonly string[];
	/** A command of its scope; answers whether it stays open. */
	handle(command: string, context: CommandContext): boolean;
	/** Takes every key: it stays, closes, or closes and does a verb. Absent where nothing is typed, undefined while nothing is. */
	readonly type?:
		| ((key: {readonly name: string; readonly text: string}, context: CommandContext) => 'stay' | 'close' | Binding)
		| undefined;
	/** What it wants polled instead of the screen. */
	probe(): Probe | undefined;
	/** New answers to its probe; answers whether it stays open. */
	answered(answers: ProbeAnswers, context: CommandContext): boolean;
}

/**
 * Rows under a title that scroll: help, costs, the log. `rows` are drawn anew each time, at the width of the body; `wish`
 * stands behind the title.
 */
export function createPager(
	title: string,
	rows: (context: DrawContext) => readonly string[],
	wish: (context: DrawContext) => readonly Piece[] = () => [],
): Overlay {
	let top = 0;
	let page = 1;
	let count = 0;
	const motions: Readonly<Record<string, () => number>> = {
		'help.down': () => top + 1,
		'help.up': () => top - 1,
		'help.pageDown': () => top + page,
		'help.pageUp': () => top - page,
		'help.top': () => 0,
		'help.bottom': () => count,
	};
	return {
		scope: 'help',
		draw(context) {
			const all = rows(context);
			count = all.length;
			page = Math.max(1, context.height - 1);
			top = Math.max(0, Math.min(top, count - page));
			const {width, theme} = context;
			const range = count > page ? `   ${top + 1}-${Math.min(count, top + page)} of ${count}, j and k scroll` : '';
			const head = drawLine(
				[{text: ` ${title}`, tone: 'title'}, ...wish(context), {text: range, tone: 'dim'}],
				width,
				theme,
			);
			return [head, ...all.slice(top, top + page)];
		},
		handle(command) {
			const motion = motions[command];
			if (motion === undefined) return command !== 'help.close' && command !== 'help.escape';
			top = motion();
			return true;
		},
		probe: () => undefined,
		answered: () => true,
	};
}

/** A row of plain text in a tone, for pagers. */
export function plainRow(text: string, context: DrawContext): string {
	return drawText(text, context.width, 'plain', context.theme);
}
