import {parseJson} from '../../components/json/parse.ts';
import {moveLines} from '../../components/text-area.ts';
import type {TextField} from '../../components/text-field.ts';
import {formatBytes} from '../../terminal/figures.ts';

/** The value of a field: text, or one of several choices. */
export interface FieldValue {
	readonly field: TextField;
	/** The person has changed it: it is not filled in any more. */
	readonly touched: boolean;
	/** A long document that is shown as what it is, until somebody unfolds it or types into it. */
	readonly folded?: boolean;
}

/** From so many characters or lines on a document is folded, and takes several lines when it is not. */
const longFrom = {characters: 200, lines: 4};

/** Whether a document is too long for one line. */
export function isLong(text: string): boolean {
	return text.length >= longFrom.characters || text.split('\n').length >= longFrom.lines;
}

/** Folds a document that is long. */
export function foldLong(value: FieldValue): FieldValue {
	return isLong(value.field.text) ? {...value, folded: true} : value;
}

/** Unfolds a long document, with the caret where it is no JSON, else at its start; folds it when it is unfolded. */
export function toggleFold(value: FieldValue): FieldValue {
	const {text} = value.field;
	if (value.folded !== true) return foldLong(value);
	return {...value, field: {text, caret: parseJson(text).error?.at ?? 0}, folded: false};
}

/** How far each key moves the caret in an unfolded document, lines of it. */
const motions: Readonly<Record<string, (height: number) => number>> = {
	up: () => -1,
	down: () => 1,
	pageup: height => -Math.max(1, height - 1),
	pagedown: height => Math.max(1, height - 1),
};

/** Moves in an unfolded document; undefined where the key means nothing there, or leads out of it. */
export function moveInside(
	{field}: FieldValue,
	key: string,
	{width, height}: {readonly width: number; readonly height: number},
): TextField | undefined {
	const by = motions[key]?.(height);
	return by === undefined ? undefined : moveLines(field, by, width);
}

/** Keys of a folded object that are named. */
const namedKeys = 8;

function counted(count: number, one: string, many: string): string {
	return `${count} ${count === 1 ? one : many}`;
}

/** A long document in a line: what it is, how large, and while it is folded its first keys. Hostile until fitted. */
export function summaryOf({field: {text}, folded = false}: FieldValue): string {
	const {root, error} = parseJson(text);
	const lines = text.split('\n').length;
	const size = `${formatBytes(Buffer.byteLength(text))}${lines === 1 ? '' : ` on ${lines} lines`}`;
	const mark = (sign: string) => (folded ? `${sign} ` : '');
	if (error !== undefined) return `${mark('…')}${size}, no valid JSON`;
	if (root.kind === 'array') return `${mark('[…]')}${counted(root.children.length, 'element', 'elements')}, ${size}`;
	if (root.kind !== 'object') return `${mark('"…"')}${size} of text`;
	const members = `${mark('{…}')}${counted(root.children.length, 'member', 'members')}, ${size}`;
	const keys = root.children.slice(0, namedKeys).map(({key}) => key ?? '');
	return folded && keys.length > 0
		? `${members}: ${keys.join(', ')}${root.children.length > namedKeys ? ', …' : ''}`
		: members;
}
