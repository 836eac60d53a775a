import {isPlain} from '../sanitise.ts';

/** Ink's way to turn the line on the screen into the next one (ink/build/line-update.js): bytes for the terminal. */
export type LineUpdate = (previous: string, next: string, columns: number | undefined) => string;

/** A line that the terminal shows: its characters, each in a cell of its own, and from which cell on it has which style. */
interface Line {
	readonly text: string;
	/** Ordered by `from`; the style is what SGR takes: '' or `1;31`. */
	readonly spans: readonly {readonly from: number; readonly style: string}[];
}

/** From the first cell that differs to behind the last. */
interface Run {
	readonly start: number;
	readonly end: number;
}

/** Cells between two runs that cost less than moving the cursor over them. */
const worthJoining = 8;

const csi = '\u001B[';
const eraseToEnd = '\u001B[K';
const plainStyle = '\u001B[m';

/**
 * What the bundle has in the place of Ink's `lineUpdate`: Ink writes a changed line from its first difference to its end,
 * ours writes the cells that differ. A table in which an age and a step tick has a few of them in each line. Where a line
 * has characters of unknown width, or styles that we do not draw with, Ink's own is asked.
 */
export function changedCells(stock: LineUpdate): LineUpdate {
	return (previous, next, columns) => {
		if (previous === '') return moveTo(0) + next;
		const before = readLine(previous);
		const after = readLine(next);
		if (before === undefined || after === undefined || columns === undefined) return stock(previous, next, columns);
		if (Math.max(before.text.length, after.text.length) > columns) return stock(previous, next, columns);
		const whole = `${moveTo(0)}${eraseToEnd}${next}`;
		const changed = writeRuns(before, after);
		return changed.length < whole.length ? changed : whole;
	};
}

function writeRuns(before: Line, after: Line): string {
	const written = runs(before, after).map(run => writeRun(after, run));
	const end = after.text.length;
	if (end < before.text.length) written.push(moveTo(end) + eraseToEnd);
	return written.join('');
}

function runs(before: Line, after: Line): readonly Run[] {
	const found: Run[] = [];
	const styleBefore = styleReader(before);
	const styleAfter = styleReader(after);
	for (let cell = 0; cell < after.text.length; cell++) {
		const same = styleBefore(cell) === styleAfter(cell) && before.text[cell] === after.text[cell];
		if (same) continue;
		const last = found.at(-1);
		if (last !== undefined && cell - last.end <= worthJoining) found[found.length - 1] = {...last, end: cell + 1};
		else found.push({start: cell, end: cell + 1});
	}
	return found;
}

/** The style of cells that are asked for from left to right. */
function styleReader({spans}: Line): (cell: number) => string {
	let index = 0;
	return cell => {
		while ((spans[index + 1]?.from ?? Number.POSITIVE_INFINITY) <= cell) index++;
		return spans[index]?.style ?? '';
	};
}

/** Begins and ends in plain style, as every line does. */
function writeRun(line: Line, {start, end}: Run): string {
	const styleOf = styleReader(line);
	let style = '';
	let text = moveTo(start);
	for (let cell = start; cell < end; cell++) {
		const next = styleOf(cell);
		if (next !== style) text += changeStyle(style, next);
		style = next;
		text += line.text[cell];
	}
	return style === '' ? text : text + plainStyle;
}

function changeStyle(from: string, to: string): string {
	if (to === '') return plainStyle;
	return from === '' ? `\u001B[${to}m` : `\u001B[0;${to}m`;
}

function moveTo(column: number): string {
	return `\u001B[${column + 1}G`;
}

/** Reads a styled line; undefined where it has more than plain characters and the styles of a theme. */
function readLine(line: string): Line | undefined {
	const spans = [{from: 0, style: ''}];
	let style = '';
	let text = '';
	let place = 0;
	for (let start = line.indexOf(csi); start !== -1; start = line.indexOf(csi, place)) {
		const end = line.indexOf('m', start);
		text += line.slice(place, start);
		place = end + 1;
		const next = end === -1 ? undefined : styleAfter(style, line.slice(start + csi.length, end));
		if (next === undefined) return undefined;
		style = next;
		spans.push({from: text.length, style});
	}
	text += line.slice(place);
	return style === '' && isPlain(text) ? {text, spans} : undefined;
}

/** Which style the parameters of an SGR make of which: a theme has a few dozen, the lines of a frame hundreds. */
const styles = new Map<string, Map<string, string>>();

/** The style after these parameters; undefined where they are none of the table's. */
function styleAfter(style: string, parameters: string): string | undefined {
	const known = styles.get(style)?.get(parameters);
	if (known !== undefined) return known;
	const set: Styles = new Map();
	if (style !== '') apply(set, style);
	if (!apply(set, parameters)) return undefined;
	const next = [...set.values()].sort().join(';');
	styles.set(style, (styles.get(style) ?? new Map<string, string>()).set(parameters, next));
	return next;
}

/** What is set, by what it sets: `foreground` to `31`, `bold` to `1`. */
type Styles = Map<string, string>;

/** Which parameters set what, and which one ends it: what a theme of the terminal's own 16 colours needs. */
const attributes: readonly {readonly name: string; readonly sets: RegExp; readonly ends: string}[] = [
	{name: 'bold', sets: /^1$/, ends: '22'},
	{name: 'dim', sets: /^2$/, ends: '22'},
	{name: 'italic', sets: /^3$/, ends: '23'},
	{name: 'underline', sets: /^4$/, ends: '24'},
	{name: 'inverse', sets: /^7$/, ends: '27'},
	{name: 'strikethrough', sets: /^9$/, ends: '29'},
	{name: 'foreground', sets: /^(3[0-7]|9[0-7])$/, ends: '39'},
	{name: 'background', sets: /^(4[0-7]|10[0-7])$/, ends: '49'},
];

/** What one parameter does; undefined for one that is not in the table. */
interface Change {
	readonly ends: readonly string[];
	readonly sets: string | undefined;
}

function changeOf(parameter: string): Change | undefined {
	if (parameter === '' || parameter === '0') return {ends: attributes.map(({name}) => name), sets: undefined};
	const ends = attributes.filter(attribute => attribute.ends === parameter).map(({name}) => name);
	const sets = attributes.find(attribute => attribute.sets.test(parameter))?.name;
	return ends.length > 0 || sets !== undefined ? {ends, sets} : undefined;
}

/** False for parameters that are not in the table. */
function apply(styles: Styles, parameters: string): boolean {
	return parameters.split(';').every(parameter => {
		const change = changeOf(parameter);
		for (const name of change?.ends ?? []) styles.delete(name);
		if (change?.sets !== undefined) styles.set(change.sets, parameter);
		return change !== undefined;
	});
}
