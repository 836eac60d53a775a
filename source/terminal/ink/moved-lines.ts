/** So many lines are deleted at one place, and as many blank ones inserted at another; places count from the top. */
export interface Move {
	readonly count: number;
	readonly deleteAt: number;
	/** A place in what the deletion leaves. */
	readonly insertAt: number;
}

/** Lines that the screen shows after those of `after`, when all of them moved: from `from` to behind `to`, by `by` lines. */
interface Block {
	readonly from: number;
	readonly to: number;
	/** Where a line came from, below (1 to 3) or above (-1 to -3) its place. */
	readonly by: number;
	/** What is saved, in bytes about. */
	readonly gain: number;
}

/** So far a block is looked for: rows that left a list or came to it between two frames. */
const shifts = [1, -1, 2, -2, 3, -3] as const;

/** Fewer lines that changed are written as they are. */
const worthLooking = 6;

/** What a move and what follows it cost, bytes; below a gain of as much again it is not worth a line that jumps. */
const overhead = 40;

/** A row that left a list makes all below it move up: the move that makes the one frame most like the other, if one does. */
export function findMove(before: readonly string[], after: readonly string[]): Move | undefined {
	if (before.length !== after.length) return undefined;
	const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index]));
	const [first] = changed;
	const last = changed.at(-1);
	if (changed.length < worthLooking || first === undefined || last === undefined) return undefined;
	const likely = shifts.filter(by => changed.some(line => looksMoved(before, after, line, by)));
	if (likely.length === 0) return undefined;
	const frame = {before, after, first, last, kept: after.map((line, index) => difference(before[index] ?? '', line))};
	let best: Block | undefined;
	for (const by of likely) {
		const block = bestBlock(frame, by);
		if (block !== undefined && block.gain > (best?.gain ?? overhead)) best = block;
	}
	return best && moveOf(best);
}

/** By so many characters a row is told from its neighbours: styles, queue, id. What changes while it stays comes later. */
const head = 36;

/** Whether a line begins as that other one did and not as the one in its place: the long look pays only then. */
function looksMoved(before: readonly string[], after: readonly string[], line: number, by: number): boolean {
	const beginning = after[line]?.slice(0, head) ?? '';
	return before[line]?.startsWith(beginning) === false && before[line + by]?.startsWith(beginning) === true;
}

/** The lines that a move leaves. */
export function moveLines(lines: readonly string[], {count, deleteAt, insertAt}: Move): readonly string[] {
	const moved = [...lines.slice(0, deleteAt), ...lines.slice(deleteAt + count)];
	return [...moved.slice(0, insertAt), ...new Array<string>(count).fill(''), ...moved.slice(insertAt)];
}

interface Frame {
	readonly before: readonly string[];
	readonly after: readonly string[];
	/** The first and the last line that changed. */
	readonly first: number;
	readonly last: number;
	/** What each line costs where nothing moves. */
	readonly kept: readonly number[];
}

/** The lines one after the other that gain most from having moved by so much. */
function bestBlock({before, after, first, last, kept}: Frame, by: number): Block | undefined {
	let best: Block | undefined;
	let from = first;
	let gain = 0;
	for (let line = Math.max(first, first - by); line <= Math.min(last, last - by); line++) {
		if (gain <= 0) {
			from = line;
			gain = 0;
		}
		gain += (kept[line] ?? 0) - difference(before[line + by] ?? '', after[line] ?? '');
		if (gain > (best?.gain ?? 0)) best = {from, to: line + 1, by, gain};
	}
	if (best === undefined) return undefined;
	// The lines that are blank then are written whole.
	const blank = by > 0 ? best.to : best.from + by;
	let lost = overhead;
	for (let line = blank; line < blank + Math.abs(by); line++) lost += (after[line] ?? '').length - (kept[line] ?? 0);
	return {...best, gain: best.gain - lost};
}

function moveOf({from, to, by}: Block): Move {
	const count = Math.abs(by);
	return by > 0 ? {count, deleteAt: from, insertAt: to} : {count, deleteAt: to - count, insertAt: from - count};
}

/** What it takes to write the one line over the other, bytes about: characters that differ, and a cursor to be moved. */
function difference(before: string, after: string): number {
	if (before === after) return 0;
	const length = Math.min(before.length, after.length);
	let differ = Math.max(before.length, after.length) - length + 8;
	for (let index = 0; index < length; index++) if (before.charCodeAt(index) !== after.charCodeAt(index)) differ++;
	return differ;
}
