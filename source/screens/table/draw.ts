import {drawPromptNote, typedPieces} from '../../components/filter-prompt.ts';
import {drawEnds, drawText, type Piece} from '../../components/line.ts';
import {isOutOfOrder, type Listing, listing} from '../../components/list.ts';
import {drawRow, drawTitles, placeTable} from '../../components/table.ts';
import type {Vocabulary} from '../../monitor/filter/complete.ts';
import {unknownTerm} from '../../monitor/filter/match.ts';
import {parseFilter} from '../../monitor/filter/parse.ts';
import type {Trouble} from '../../monitor/snapshot.ts';
import {wrap} from '../../terminal/wrap.ts';
import {doingOf} from '../deeds.ts';
import {isMarked} from '../marks.ts';
import {readingText} from '../reading.ts';
import type {DrawContext} from '../screen.ts';
import {listVocabulary} from '../vocabulary.ts';
import type {Surroundings, TableDefinition, TableState} from './definition.ts';
import {toldLine} from './told.ts';

/** Lines of definitions under the table, and the rows that the table keeps above them. */
const mostDefinitions = 3;
const leastRows = 4;

/** What a frame of the screen is made of. */
export interface TableFrame<Row> {
	readonly head: readonly string[];
	readonly foot: readonly string[];
	readonly listed: Listing<Row>;
	readonly all: readonly Row[];
	/** Rows that fit between head and foot. */
	readonly height: number;
	readonly around: Surroundings;
	readonly trouble: Trouble | undefined;
}

type Definition<Row, Value, Wishes> = TableDefinition<Row, Value, Wishes>;

/** The value that is shown, and what went wrong with the last question. */
export function shownOf<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	state: TableState<Wishes>,
	context: DrawContext,
): {readonly value: Value | undefined; readonly trouble: Trouble | undefined} {
	const answer = definition.answer(context, state.wishes);
	if (answer === undefined || answer.kind === 'loading') return {value: undefined, trouble: undefined};
	return {value: answer.value, trouble: answer.kind === 'failed' ? answer.trouble : undefined};
}

/** What Tab offers while the filter is typed. */
export function tableVocabulary<Row, Value, Wishes>(
	{spec, keys}: Pick<Definition<Row, Value, Wishes>, 'spec' | 'keys'>,
	rows: readonly Row[],
	context: DrawContext,
): Vocabulary {
	return listVocabulary(
		keys,
		rows.map(row => spec.values?.(row, context) ?? {}),
		context.snapshot,
	);
}

function troubleLine(trouble: Trouble, {width, theme}: DrawContext): string {
	const code = trouble.sqlstate === undefined ? '' : ` (${trouble.sqlstate})`;
	const text = ` ${theme.glyph.critical} ${trouble.sentence}${code} What you see is the last reading.`;
	return drawText(text, width, 'error', theme);
}

/** Lays the screen out; undefined while there is nothing to show. */
export function layOutTable<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	state: TableState<Wishes>,
	context: DrawContext,
): TableFrame<Row> | undefined {
	const {value, trouble} = shownOf(definition, state, context);
	if (value === undefined) return undefined;
	const {width, height, theme} = context;
	const all = definition.rows(value, state.wishes);
	const around = definition.surroundings(value, state.wishes, context);
	const above = around.above.slice(0, Math.max(0, height - leastRows - 3));
	const head = [...(trouble === undefined ? [] : [troubleLine(trouble, context)]), ...above];
	const room = height - head.length - 2 - leastRows;
	const most = Math.max(0, Math.min(mostDefinitions, room));
	const told = most === 0 ? undefined : toldLine(definition.spec, all, state.list.cursor.id, context);
	const defined = wrap(around.definitions, width - 2, most);
	const foot = [
		...(told === undefined ? [] : [told]),
		...defined.map(line => drawText(` ${line}`, width, 'dim', theme)),
	];
	return {
		head,
		foot,
		listed: listing(definition.spec, state.list, all, context),
		all,
		height: Math.max(1, height - 2 - head.length - foot.length),
		around,
		trouble,
	};
}

function wishes<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	{list, prompt}: TableState<Wishes>,
	frame: TableFrame<Row>,
	context: DrawContext,
): readonly Piece[] {
	const pieces: Piece[] = [];
	if (prompt !== undefined) pieces.push(...typedPieces(prompt));
	else if (list.filter !== '') pieces.push({text: `  /${list.filter}`, tone: 'key'});
	const unknown = unknownTerm(parseFilter(list.filter), definition.keys);
	if (unknown !== undefined && prompt === undefined) pieces.push({text: `  no ${unknown.asks} here`, tone: 'warning'});
	if (list.note !== undefined) pieces.push({text: `  ${list.note}`, tone: 'warning'});
	const held = list.held !== undefined && isOutOfOrder(definition.spec, list, frame.listed.rows, context);
	return held ? [...pieces, {text: '  order held', tone: 'dim'}] : pieces;
}

function titleLine<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	state: TableState<Wishes>,
	frame: TableFrame<Row>,
	context: DrawContext,
): string {
	const {listed, all, around, height} = frame;
	const {top} = state.list.cursor;
	const count = listed.rows.length === all.length ? `${all.length}` : `${listed.rows.length} of ${all.length}`;
	const part = listed.rows.length > height ? `  rows ${top + 1}–${Math.min(listed.rows.length, top + height)}` : '';
	return drawEnds(
		[
			{text: ` ${definition.title} ${count}`, tone: 'title'},
			...around.summary,
			{text: part, tone: 'dim'},
			...wishes(definition, state, frame, context),
		],
		around.right,
		context.width,
		context.theme,
	);
}

/** The screen: title, what stands above, titles of columns, rows, definitions. */
export function drawTable<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	state: TableState<Wishes>,
	context: DrawContext,
): readonly string[] {
	const {width, height, theme} = context;
	const frame = layOutTable(definition, state, context);
	if (frame === undefined) return drawNothing(definition, state, context);
	const {spec} = definition;
	const placed = placeTable(spec, width);
	const {cursor} = state.list;
	const doing = (row: Row) => (definition.markable ? doingOf(context, definition.subject(row).target) : undefined);
	const marked = (row: Row) => definition.markable === true && isMarked(context.marks, definition.subject(row).target);
	const rows = frame.listed.rows.slice(cursor.top, cursor.top + frame.height).map(row =>
		drawRow(spec, placed, row, {
			context,
			width,
			theme,
			cursor: spec.id(row) === cursor.id,
			marked: marked(row),
			doing: doing(row),
		}),
	);
	const empty = state.list.filter === '' ? frame.around.empty : 'Nothing here matches the filter. Esc clears it.';
	// While a filter is typed, what there is to say of it takes the place of the columns' titles.
	const under =
		state.prompt === undefined
			? rows.length > 0 && drawTitles(placed, width, state.list.sort, theme)
			: drawPromptNote(state.prompt, {vocabulary: tableVocabulary(definition, frame.all, context)}, {width, theme});
	const body = [
		...(under === false ? [] : [under]),
		...(rows.length > 0 ? rows : wrap(empty, width - 3).map(line => drawText(`   ${line}`, width, 'dim', theme))),
	];
	const lines = [titleLine(definition, state, frame, context), ...frame.head, ...body];
	const blank = Array.from({length: Math.max(0, height - lines.length - frame.foot.length)}, () => ' '.repeat(width));
	return [...lines, ...blank, ...frame.foot].slice(0, height);
}

function drawNothing<Row, Value, Wishes>(
	definition: Definition<Row, Value, Wishes>,
	state: TableState<Wishes>,
	context: DrawContext,
): readonly string[] {
	const {width, height, theme} = context;
	const {trouble} = shownOf(definition, state, context);
	const title = drawText(` ${definition.title}`, width, 'title', theme);
	if (trouble === undefined)
		return [title, drawText(`   ${readingText(context)}`, width, 'dim', theme)].slice(0, height);
	const code = trouble.sqlstate === undefined ? '' : ` (${trouble.sqlstate})`;
	const lines = wrap(`${trouble.sentence}${code} It is asked again; Esc goes back.`, width - 3);
	return [title, ...lines.map(line => drawText(`   ${line}`, width, 'error', theme))].slice(0, height);
}
