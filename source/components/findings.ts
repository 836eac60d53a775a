import {noSuchQueue} from '../monitor/missing-queues.ts';
import type {Finding, Snapshot} from '../monitor/snapshot.ts';
import {formatGrouped} from '../terminal/figures.ts';
import {clip, measure} from '../terminal/fit.ts';
import type {Theme} from '../terminal/theme.ts';
import {wrap} from '../terminal/wrap.ts';
import {drawLine, type Piece} from './line.ts';

/** From this height of the window on the findings may take a second line. */
const twoLinesFrom = 20;

/**
 * Under the header: is it healthy, and if not, what is wrong, the worst first and whole. One line; two where the worst, or
 * the next one, would have no room.
 */
export function drawFindings(snapshot: Snapshot, width: number, rows: number, theme: Theme): readonly string[] {
	const {findings} = snapshot;
	if (snapshot.at === undefined) return [drawLine([], width, theme)];
	const [worst, ...others] = findings;
	const lines =
		worst === undefined ? [calm(snapshot, theme)] : alarm([worst, ...others], width, rows >= twoLinesFrom, theme);
	return lines.map(pieces => drawLine(pieces, width, theme));
}

const heights = new WeakMap<readonly Finding[], {readonly window: string; readonly height: number}>();

/** Lines that the findings take. It hangs on them and on the window alone. */
export function findingsHeight(snapshot: Snapshot, width: number, rows: number, theme: Theme): number {
	const window = `${width} ${rows}`;
	const known = heights.get(snapshot.findings);
	if (known?.window === window) return known.height;
	const height = drawFindings(snapshot, width, rows, theme).length;
	// Before the first data the findings are the same empty list as after it.
	if (snapshot.at !== undefined) heights.set(snapshot.findings, {window, height});
	return height;
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

/** What is said of a finding: all of it, or a part. */
interface Said {
	readonly finding: Finding;
	readonly text: string;
}

function cellsOf(text: string): number {
	return between.length + measure(text);
}

/** The findings that fit into `room` cells, each whole or as a clause, and what counts those behind them. */
function fitting(findings: readonly Finding[], room: number): readonly Said[] {
	const shown: Said[] = [];
	let left = room;
	for (const [index, finding] of findings.entries()) {
		const more = measure(moreText(findings.length - index - 1));
		const text = textOf(finding);
		const said = [text, clauseOf(text)].find(each => cellsOf(each) + more <= left);
		if (said === undefined) break;
		shown.push({finding, text: said});
		left -= cellsOf(said);
	}
	return shown;
}

/** The worst with as many others as one line has room for; undefined when it, or the next one, has none. */
function onOneLine([worst, ...others]: Worst, room: number): readonly Said[] | undefined {
	const text = textOf(worst);
	const beside = fitting(others, room - cellsOf(text));
	const more = measure(moreText(others.length - beside.length));
	const whole = beside.reduce((sum, said) => sum + cellsOf(said.text), cellsOf(text) + more) <= room;
	return whole && (beside.length > 0 || others.length === 0) ? [{finding: worst, text}, ...beside] : undefined;
}

/** In a low window: the worst, as a clause where all of it has no room. */
function shortened([worst, ...others]: Worst, room: number): readonly Said[] {
	const left = room - between.length - measure(moreText(others.length));
	const text = textOf(worst);
	return [{finding: worst, text: measure(text) <= left ? text : clip(clauseOf(text), left)}];
}

/** The worst whole, cut between words where the first line ends; behind it the others. */
function onTwoLines([worst, ...others]: Worst, first: number, second: number): readonly (readonly Said[])[] {
	const text = textOf(worst);
	const [next] = others;
	if (cellsOf(text) <= first && next !== undefined) {
		const left = second - between.length - measure(moreText(others.length - 1));
		const shown = fitting(others, second);
		return [[{finding: worst, text}], shown.length > 0 ? shown : [{finding: next, text: clip(textOf(next), left)}]];
	}
	const [begin = ''] = wrap(text, first - between.length);
	const left = second - between.length - measure(moreText(others.length));
	const rest = clip(text.slice(begin.length).trimStart(), left);
	return [[{finding: worst, text: begin}], [{finding: worst, text: rest}, ...fitting(others, second - cellsOf(rest))]];
}

/** At least one finding, the worst first. */
type Worst = readonly [Finding, ...Finding[]];

/** What is wrong, and how many findings there are besides those that are shown. */
function alarm(findings: Worst, width: number, two: boolean, theme: Theme): readonly (readonly Piece[])[] {
	const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
	const head: Piece = {text: ` ${theme.glyph[findings[0].severity]} ${count}`, tone: toneOf(findings[0])};
	const room = width - measure(head.text);
	const one = onOneLine(findings, room);
	const lines = one === undefined ? (two ? onTwoLines(findings, room, width) : [shortened(findings, room)]) : [one];
	const shown = new Set(lines.flat().map(({finding}) => finding)).size;
	const more: Piece = {text: moreText(findings.length - shown), tone: 'key'};
	return lines.map((line, index) => [
		...(index === 0 ? [head] : []),
		...line.flatMap(({finding, text}): readonly Piece[] => [
			{text: between, tone: 'plain'},
			{text, tone: toneOf(finding)},
		]),
		...(index === lines.length - 1 ? [more] : []),
	]);
}

function toneOf({severity}: Finding): 'error' | 'warning' {
	return severity === 'critical' ? 'error' : 'warning';
}

function calm({queues, missing = [], connection, session}: Snapshot, theme: Theme): readonly Piece[] {
	if (connection.kind !== 'live') return [];
	if (missing.length > 0) {
		const text = ` ${theme.glyph.warning} ${noSuchQueue(missing, session?.database ?? 'this database')}`;
		return [{text, tone: 'warning'}];
	}
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
	if (read.length < queues.length) {
		const left = `${formatGrouped(queues.length - read.length)} of ${formatGrouped(queues.length)} queues`;
		return [{text: ` no findings so far; ${left} are still to be read`, tone: 'plain'}];
	}
	return [{text: ` ${theme.glyph.ok} no findings`, tone: 'ok'}];
}
