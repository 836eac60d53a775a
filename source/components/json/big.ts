import {addressKey, type ValueMember} from '../../monitor/big-document.ts';
import type {Document} from '../../monitor/run-detail.ts';
import {formatBytes} from '../../terminal/figures.ts';
import {fit, measure} from '../../terminal/fit.ts';
import {type DocumentRow, isFolded, textRow} from '../document.ts';
import {pathOf} from './path.ts';
import type {JsonOptions} from './rows.ts';

const widestKey = 32;

/** How a value is drawn once it was read whole. */
export type DrawWhole = (document: Document, options: JsonOptions) => readonly DocumentRow[];

function indentation({indent}: JsonOptions): string {
	return ' '.repeat(indent);
}

/** The line behind the head of a large document: unfolding it asks for its keys and their sizes. */
export function bigRows(document: Document, options: JsonOptions, draw: DrawWhole): readonly DocumentRow[] {
	const id = `${options.prefix}!`;
	const folded = options.toggled === 'all-open' || isFolded(options.toggled, id, true);
	const read = document.text === '' ? 'nothing of it was read' : 'only its beginning was read';
	const title: DocumentRow = {
		id,
		pieces: [
			{text: `${indentation(options)}${folded ? '▸' : '▾'} `, tone: 'dim'},
			{text: `${formatBytes(document.bytes)} stored; ${read}. Enter asks for its keys and sizes.`, tone: 'warning'},
		],
		fold: folded ? 'folded' : 'open',
		copy: undefined,
		fetch: options.address,
	};
	return folded ? [title] : [title, ...fetchedRows(id, {...options, indent: options.indent + 2}, draw)];
}

/** What was read of the value at `options.address`, or that it is being read. */
function fetchedRows(id: string, options: JsonOptions, draw: DrawWhole): readonly DocumentRow[] {
	const {address, fetched} = options;
	const value = fetched.get(addressKey(address));
	if (value === undefined) {
		return [textRow(`${id}.r`, `${indentation(options)}Reading ${pathOf(address)}…`, 'dim')];
	}

	const {bytes, text, complete, members, membersCut} = value;
	if (complete) {
		return draw({bytes, text, complete}, {...options, prefix: id});
	}

	if (members.length === 0) {
		return [
			...draw({bytes, text: `${text.replace(/\\?$/, '')}"`, complete: true}, {...options, prefix: id}),
			textRow(
				`${id}.e`,
				`${indentation(options)}Its first ${formatBytes(text.length)} of ${formatBytes(bytes)}.`,
				'warning',
			),
		];
	}

	const keyWidth = Math.min(widestKey, Math.max(...members.map(({key}) => measure(key.slice(0, widestKey)))));
	const rows = members.flatMap((member, index) =>
		memberRows(
			member,
			`${id}.${index}`,
			keyWidth,
			{...options, address: {...address, path: [...address.path, member.key]}},
			draw,
		),
	);
	const sentence = `Only the first ${members.length} members are listed; ${formatBytes(bytes)} in all.`;
	return membersCut ? [...rows, textRow(`${id}.e`, indentation(options) + sentence, 'warning')] : rows;
}

function memberRows(
	{key, kind, bytes}: ValueMember,
	id: string,
	keyWidth: number,
	options: JsonOptions,
	draw: DrawWhole,
): readonly DocumentRow[] {
	const folded = options.toggled === 'all-open' || isFolded(options.toggled, id, true);
	const title: DocumentRow = {
		id,
		pieces: [
			{text: `${indentation(options)}${folded ? '▸' : '▾'} `, tone: 'dim'},
			{text: fit(key, keyWidth), tone: 'key'},
			{text: `  ${kind}  ${formatBytes(bytes)}`, tone: 'dim'},
		],
		fold: folded ? 'folded' : 'open',
		copy: key,
		path: pathOf(options.address),
		fetch: options.address,
	};
	return folded ? [title] : [title, ...fetchedRows(id, {...options, indent: options.indent + 2}, draw)];
}
