import {drawFindings, findingsHeight} from '../components/findings.ts';
import {drawHeader} from '../components/header.ts';
import {drawState, tooSmall} from '../components/states.ts';
import {drawStatus, type Toast} from '../components/status.ts';
import {hintLine} from '../keys/hints.ts';
import type {Snapshot} from '../monitor/snapshot.ts';
import {toAscii} from '../terminal/ascii.ts';
import {clip, measure} from '../terminal/fit.ts';
import {fade, type Theme} from '../terminal/theme.ts';
import type {DrawContext} from './screen.ts';

/** A finished picture: exactly `rows` lines of at most `columns` cells, and the popup's box on top. */
export interface Frame {
	readonly columns: number;
	readonly rows: number;
	readonly lines: readonly string[];
	readonly box: Box | undefined;
}

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly lines: readonly string[];
}

/** Lines around the body and the findings: the header above them, hints and status below. */
const linesAround = 3;
const headerLines = 1;

/** Height of the body in a window of so many rows: what the findings leave. */
export function bodyHeight(snapshot: Snapshot, columns: number, rows: number, theme: Theme): number {
	return Math.max(0, rows - linesAround - findingsHeight(snapshot, columns, rows, theme));
}

/** What a frame is made of besides the Snapshot. */
export interface FrameParts {
	readonly context: DrawContext;
	readonly columns: number;
	readonly rows: number;
	readonly label: string | undefined;
	/** This machine's clock. */
	readonly clock: number;
	readonly toast: Toast | undefined;
	/** What is marked, shown when nothing else is to be told. */
	readonly note?: string | undefined;
	readonly body: (context: DrawContext) => readonly string[];
	/** The open dialog or form. */
	readonly popup: (context: DrawContext) => readonly string[];
	readonly hints: Pick<Parameters<typeof hintLine>[0], 'scopes' | 'whyNot' | 'back'>;
}

/** Draws everything that is on the screen at one moment. */
export function drawFrame(parts: FrameParts): Frame {
	const {columns, rows, context, label, clock, toast} = parts;
	const {snapshot, theme, now, utc} = context;
	const small = tooSmall(columns, rows);
	if (small !== undefined) {
		const lines = Array.from({length: rows}, (_, index) => (index === 0 ? clip(small, columns) : ''));
		return finish({columns, rows, lines, box: undefined}, theme.ascii);
	}
	const {height} = context;
	const old = snapshot.connection.kind === 'lost' ? fade(theme) : theme;
	const body = drawState(snapshot, clock, columns, theme) ?? parts.body({...context, theme: old});
	const findings = drawFindings(snapshot, columns, rows, old);
	const lines = [
		drawHeader({snapshot, label, now, utc}, columns, theme),
		...findings,
		...Array.from({length: height}, (_, index) => body[index] ?? ''),
		hintLine({...parts.hints, width: columns, theme}),
		drawStatus(snapshot, toast, clock, columns, theme, parts.note),
	];
	return finish(
		{columns, rows, lines, box: placeBox(parts.popup(context), columns, height, findings.length)},
		theme.ascii,
	);
}

function placeBox(lines: readonly string[], columns: number, height: number, above: number): Box | undefined {
	const [first] = lines;
	if (first === undefined) return undefined;
	const shown = lines.slice(0, height);
	return {
		left: Math.max(0, Math.floor((columns - measure(first)) / 2)),
		top: headerLines + above + Math.max(0, Math.floor((height - shown.length) / 2)),
		lines: shown,
	};
}

/**
 * Lines as they may be written: blanks at the end cost Ink a cell each and are left out; ASCII where the terminal knows
 * nothing else; cut where a screen drew more than there is room, which would break the whole picture.
 */
function finish(frame: Frame, ascii: boolean): Frame {
	const line = (text: string) => {
		const harmless = withinWidth(text, frame.columns);
		return ascii ? toAscii(harmless) : harmless;
	};
	const box = frame.box && {...frame.box, lines: frame.box.lines.map(line)};
	return {...frame, lines: frame.lines.map(text => line(text.trimEnd())), box};
}

const colours = /\u001b\[[\d;]*m/g;
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** A line that is too long, or not harmless, is a mistake of the screen that drew it: it loses its colours and its end. */
function withinWidth(line: string, columns: number): string {
	const text = line.replaceAll(colours, '');
	const fits = text.length <= columns / 2 || measure(text) <= columns;
	return fits && !control.test(text) ? line : clip(text, columns);
}

/** True when both look the same. */
export function sameFrame(first: Frame, second: Frame): boolean {
	return (
		first.columns === second.columns &&
		first.rows === second.rows &&
		sameLines(first.lines, second.lines) &&
		first.box?.left === second.box?.left &&
		first.box?.top === second.box?.top &&
		sameLines(first.box?.lines ?? [], second.box?.lines ?? [])
	);
}

function sameLines(first: readonly string[], second: readonly string[]): boolean {
	return first.length === second.length && first.every((line, index) => line === second[index]);
}
