import {findMove, type Move, moveLines} from './moved-lines.ts';

/** What Ink writes frames with (ink/build/log-update.js): one for each screen. */
export interface LogUpdate {
	create(stream: Stream, options?: {readonly showCursor?: boolean; readonly incremental?: boolean}): Writer;
}

/** The part of a terminal that a writer uses. */
export interface Stream {
	readonly columns?: number;
	write(bytes: string): boolean;
}

/** Writes the next frame over the last one; what it is told else concerns what Ink or others wrote beside it. */
export interface Writer {
	(text: string): boolean;
	clear(): void;
	done(): void;
	reset(): void;
	/** The screen shows this frame now, without its having been written. */
	sync(text: string): void;
	setCursorPosition(position: unknown): void;
	isCursorDirty(): boolean;
	willRender(text: string): boolean;
	getCursorPosition(): unknown;
}

/** So many blocks of lines may move between two frames. */
const moves = 3;

/**
 * What the bundle has in the place of Ink's `log-update`: where rows left a list, the terminal moves the lines below them,
 * and only what differs then is written; lines that stay are passed over at once instead of one by one.
 */
export function movedLines(stock: LogUpdate): LogUpdate {
	return {
		create(stream, options) {
			return options?.incremental === true
				? following(target => stock.create(target, options), stream)
				: stock.create(stream, options);
		},
	};
}

/** A frame as it is on the screen. */
interface Shown {
	readonly lines: readonly string[];
	readonly columns: number | undefined;
}

function following(create: (stream: Stream) => Writer, stream: Stream): Writer {
	let ahead = '';
	const write = (bytes: string) => {
		const whole = ahead + shortened(bytes);
		ahead = '';
		stream.write(whole);
		return true;
	};
	const writer = create(Object.create(stream, {write: {value: write}}));
	let shown: Shown | undefined;
	let wanted: unknown;

	function moveTo(lines: readonly string[]): void {
		// A cursor that is shown stands somewhere in the frame; moves count from its end.
		const cursor = wanted ?? writer.getCursorPosition();
		if (cursor !== undefined || shown === undefined || shown.columns !== stream.columns) return;
		let now = shown.lines;
		for (let round = 0; round < moves; round++) {
			const move = findMove(now, lines);
			if (move === undefined) break;
			ahead += bytesOf(move, now.length);
			now = moveLines(now, move);
		}
		if (now !== shown.lines) writer.sync(now.join('\n'));
	}

	function render(text: string): boolean {
		const lines = text.split('\n');
		moveTo(lines);
		shown = {lines, columns: stream.columns};
		const written = writer(text);
		// Where the moves have made the frame already, there is nothing to write but them.
		return ahead === '' ? written : write('');
	}

	const forgetting = (what: () => void) => () => {
		shown = undefined;
		what();
	};
	return Object.assign(render, {
		clear: forgetting(writer.clear),
		done: forgetting(writer.done),
		reset: forgetting(writer.reset),
		sync(text: string) {
			shown = {lines: text.split('\n'), columns: stream.columns};
			writer.sync(text);
		},
		setCursorPosition(position: unknown) {
			wanted = position;
			writer.setCursorPosition(position);
		},
		isCursorDirty: writer.isCursorDirty,
		willRender: writer.willRender,
		getCursorPosition: writer.getCursorPosition,
	});
}

/** Between two frames the cursor stands in the last line, and there it is left. */
function bytesOf({count, deleteAt, insertAt}: Move, height: number): string {
	const bottom = height - 1;
	return `${down(deleteAt - bottom)}\u001B[${count}M${down(insertAt - deleteAt)}\u001B[${count}L${down(bottom - insertAt)}`;
}

/** Moves the cursor down, or up where it is negative. */
function down(lines: number): string {
	if (lines === 0) return '';
	return lines > 0 ? `\u001B[${lines}B` : `\u001B[${-lines}A`;
}

/** `ESC [ E` goes to the next line: Ink writes it for each line that stays. */
function shortened(bytes: string): string {
	return bytes.replace(/(?:\u001B\[E){2,}/g, all => `\u001B[${all.length / 3}E`);
}
