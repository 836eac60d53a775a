import type {FetchedValue, ValueAddress} from '../../monitor/big-document.ts';
import type {Document} from '../../monitor/run-detail.ts';
import {formatBytes} from '../../terminal/figures.ts';
import {fit, measure} from '../../terminal/fit.ts';
import type {Tone} from '../../terminal/theme.ts';
import {wrap} from '../../terminal/wrap.ts';
import {type DocumentRow, type Folds, isFolded, row, textRow} from '../document.ts';
import type {Piece} from '../line.ts';
import {bigRows} from './big.ts';
import type {JsonKind, JsonNode} from './node.ts';
import {parseJson} from './parse.ts';
import {keyPath, pathOf} from './path.ts';

/** How a value is drawn. */
export interface JsonOptions {
	/** Before the ids of the rows, so that several documents can stand in one section. */
	readonly prefix: string;
	readonly toggled: Folds;
	/** Cells of a line. */
	readonly width: number;
	/** Lines start this far to the right. */
	readonly indent: number;
	/** Where the document stands, for paths and for what is too large to be read whole. */
	readonly address: ValueAddress;
	/** What was read of large documents, under `addressKey`. */
	readonly fetched: ReadonlyMap<string, FetchedValue>;
}

/** Objects and arrays at this depth start folded, and those with more members than `manyMembers`. */
const foldedFrom = 2;
const manyMembers = 40;

/** Keys of siblings stand in one column, but no wider than this. */
const widestKey = 24;

/** Keys that the line of a folded object shows. */
const shownKeys = 8;

/** Lines of a long string that is unfolded. */
const longLines = 400;

const tones: Readonly<Record<JsonKind, Tone>> = {
	object: 'dim',
	array: 'dim',
	string: 'plain',
	number: 'running',
	literal: 'waiting',
	broken: 'warning',
};

interface Place {
	readonly depth: number;
	readonly id: string;
	readonly keyWidth: number;
	/** What stands for the key in an array. */
	readonly label: string;
	/** How the value is found: `params.user.id`. */
	readonly path: string;
}

/** Rows of a document that was read as JSON; big ones end with a line that says what is missing. */
export function jsonRows(document: Document, options: JsonOptions): readonly DocumentRow[] {
	const {root, error} = treeOf(document.text);
	const rows =
		isContainer(root) && root.children.length > 0
			? memberRows(document.text, root, {depth: 0, id: options.prefix, path: pathOf(options.address)}, options)
			: valueRows(
					document.text,
					root,
					{depth: 0, id: `${options.prefix}.`, keyWidth: 0, label: '', path: pathOf(options.address)},
					options,
				);
	if (!document.complete) {
		return [...(document.text === '' ? [] : rows), ...bigRows(document, options, jsonRows)];
	}

	return error === undefined
		? rows
		: [
				...rows,
				textRow(
					`${options.prefix}!`,
					`${' '.repeat(options.indent)}Not drawn further: ${error.expected} expected at ${error.at}.`,
					'warning',
				),
			];
}

const trees = new Map<string, ReturnType<typeof parseJson>>();
const keptTrees = 16;

/** Texts of a task hardly change between two frames: the last few trees are kept. */
function treeOf(text: string): ReturnType<typeof parseJson> {
	const known = trees.get(text);
	if (known !== undefined) {
		return known;
	}

	const tree = parseJson(text);
	const oldest = trees.keys().next();
	if (trees.size >= keptTrees && oldest.done !== true) {
		trees.delete(oldest.value);
	}

	trees.set(text, tree);
	return tree;
}

function isContainer({kind}: JsonNode): boolean {
	return kind === 'object' || kind === 'array';
}

function memberRows(
	text: string,
	parent: JsonNode,
	{depth, id, path}: Pick<Place, 'depth' | 'id' | 'path'>,
	options: JsonOptions,
): readonly DocumentRow[] {
	const labels = parent.children.map((child, index) => child.key ?? String(index));
	const keyWidth = Math.min(widestKey, Math.max(...labels.map(label => measure(label.slice(0, widestKey)))));
	return parent.children.flatMap((child, index) =>
		valueRows(
			text,
			child,
			{
				depth,
				id: `${id}.${index}`,
				keyWidth,
				label: labels[index] ?? '',
				path: path + (child.key === undefined ? `[${index}]` : keyPath(child.key)),
			},
			options,
		),
	);
}

function valueRows(text: string, node: JsonNode, place: Place, options: JsonOptions): readonly DocumentRow[] {
	return isContainer(node) && node.children.length > 0
		? containerRows(text, node, place, options)
		: scalarRows(text, node, place, options);
}

/** Indentation, the mark of folding, and the key in its column. */
function head({depth, keyWidth, label}: Place, mark: string, indent: number): readonly Piece[] {
	return [
		{text: `${' '.repeat(indent + depth * 2)}${mark} `, tone: 'dim'},
		...(keyWidth === 0 ? [] : [{text: `${fit(label, keyWidth)}  `, tone: 'key' as const}]),
	];
}

function headWidth({depth, keyWidth}: Place, indent: number): number {
	return indent + depth * 2 + 2 + (keyWidth === 0 ? 0 : keyWidth + 2);
}

function containerRows(text: string, node: JsonNode, place: Place, options: JsonOptions): readonly DocumentRow[] {
	const byDefault = place.depth >= foldedFrom || node.children.length > manyMembers;
	const folded = isFolded(options.toggled, place.id, byDefault);
	const title: DocumentRow = {
		id: place.id,
		pieces: [...head(place, folded ? '▸' : '▾', options.indent), {text: summary(node, folded), tone: 'dim'}],
		fold: folded ? 'folded' : 'open',
		copy: text.slice(node.start, node.end),
		path: place.path,
	};
	return folded
		? [title]
		: [title, ...memberRows(text, node, {depth: place.depth + 1, id: place.id, path: place.path}, options)];
}

/** `[12]`, `{3}`, and while it is folded the first keys: `{3} kind, base_seconds, factor`. */
function summary({kind, children, closed}: JsonNode, folded: boolean): string {
	const count = `${children.length}${closed ? '' : '+'}`;
	if (kind === 'array') {
		return `[${count}]`;
	}

	const keys = folded ? children.slice(0, shownKeys).map(child => child.key?.slice(0, widestKey) ?? '') : [];
	return `{${count}} ${keys.join(', ')}`;
}

function scalarRows(text: string, node: JsonNode, place: Place, options: JsonOptions): readonly DocumentRow[] {
	const raw = text.slice(node.start, node.end);
	const room = options.width - headWidth(place, options.indent);
	const tone = tones[node.kind];
	if (raw.length <= room) {
		return [{...row(place.id, [...head(place, ' ', options.indent), {text: raw, tone}], raw), path: place.path}];
	}

	const folded = isFolded(options.toggled, place.id, true);
	const size = formatBytes(Buffer.byteLength(raw));
	const shown: DocumentRow = {
		id: place.id,
		pieces: [
			...head(place, folded ? '▸' : '▾', options.indent),
			{text: folded ? `${fit(raw, Math.max(1, room - size.length - 2))}  ` : '', tone},
			{text: size, tone: 'dim'},
		],
		fold: folded ? 'folded' : 'open',
		copy: raw,
		path: place.path,
		found: raw,
	};
	return folded ? [shown] : [shown, ...longRows(raw, place, tone, options)];
}

/** A long string over several lines, broken where the string itself has a line break. */
function longRows(raw: string, place: Place, tone: Tone, {width, indent}: JsonOptions): readonly DocumentRow[] {
	const margin = indent + place.depth * 2 + 4;
	const lines = wrap(raw.replaceAll(/(?<!\\)((?:\\\\)*)\\n/g, '$1\\n\n'), Math.max(8, width - margin), longLines);
	return lines.map((line, index) => row(`${place.id}:${index}`, [{text: ' '.repeat(margin) + line, tone}], line));
}
