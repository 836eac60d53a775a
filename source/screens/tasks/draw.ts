import {drawPromptLines, errorPlace} from '../../components/filter-prompt.ts';
import {drawEnds, drawLine, drawText, type Piece} from '../../components/line.ts';
import {drawRow, drawTitles, placeTable} from '../../components/table.ts';
import {taskKeys} from '../../monitor/filter/keys.ts';
import {unknownTerm} from '../../monitor/filter/match.ts';
import {parseFilter} from '../../monitor/filter/parse.ts';
import {furthestReach, type TaskSearch} from '../../monitor/task-search.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import {wrap} from '../../terminal/wrap.ts';
import {doingOf} from '../deeds.ts';
import {isMarked} from '../marks.ts';
import {readingText} from '../reading.ts';
import type {DrawContext} from '../screen.ts';
import {answerOf} from './answer.ts';
import {taskTable} from './columns.ts';
import {taskCells} from './context.ts';
import {bodyRows, listed} from './rows.ts';
import type {TasksState} from './state.ts';
import {taskVocabulary} from './vocabulary.ts';

function countText({rows, progress}: TaskSearch): string {
	return ` ${progress === 'all' ? '' : '≥'}${formatGrouped(rows.length)}`;
}

function backText({backTo}: TaskSearch, now: number): string {
	if (backTo === undefined || !Number.isFinite(backTo)) return '';
	return ` · back to ${formatAge(Math.max(0, now - backTo))}`;
}

/** How far the search has come, in words: nobody should take a part for the whole. */
function progressText(search: TaskSearch, now: number): string {
	const order = search.order === 'claimed' ? 'newest claim first' : 'newest first';
	const looked = `the ${search.kind === 'tasks' ? 'newest ' : ''}${formatGrouped(search.looked)} ${search.kind}`;
	switch (search.progress) {
		case 'all':
			return `${order} · all that there are`;
		case 'enough':
			return `${order} · more as you go down`;
		case 'reading':
			return `${order} · looked at ${looked}${backText(search, now)}…`;
		case 'stopped':
			return search.looked >= furthestReach
				? `${order} · looked at ${looked}${backText(search, now)} and no further: narrow it, for example with age<1d`
				: `${order} · looked at ${looked}${backText(search, now)} · w looks further`;
	}
}

function titleLine(state: TasksState, context: DrawContext): string {
	const {search} = answerOf(state, context);
	const {theme, width} = context;
	const {note} = state.list;
	const pieces: Piece[] = [{text: ` Tasks${search === undefined ? '' : countText(search)}`, tone: 'title'}];
	if (state.filter !== '' && state.prompt === undefined) pieces.push({text: `  /${state.filter}`, tone: 'key'});
	if (note !== undefined) pieces.push({text: `  ${note}`, tone: 'warning'});
	const {rows} = listed(state, context);
	const {top} = state.list.cursor;
	const part =
		rows.length > bodyRows(context) ? `rows ${top + 1}–${Math.min(rows.length, top + bodyRows(context))}` : '';
	return drawEnds(pieces, [{text: part, tone: 'dim'}], width, theme);
}

function progressLine(state: TasksState, context: DrawContext): string {
	const {search, trouble} = answerOf(state, context);
	const {width, theme, now} = context;
	const pieces: Piece[] = [{text: '   ', tone: 'plain'}];
	if (trouble !== undefined) pieces.push({text: `${trouble}  `, tone: 'error'});
	const [first] = search?.unread ?? [];
	if (first !== undefined) {
		const others = (search?.unread.length ?? 1) - 1;
		const more = others === 0 ? '' : ` and ${others} more`;
		pieces.push({text: `${first.queue}${more} not searched: ${first.trouble.sentence}  `, tone: 'warning'});
	}

	pieces.push({text: search === undefined ? readingText(context) : progressText(search, now), tone: 'dim'});
	return drawLine(pieces, width, theme);
}

function emptyText(state: TasksState, {progress}: TaskSearch): string {
	const filter = parseFilter(state.filter);
	const {error} = filter;
	const unknown = unknownTerm(filter, taskKeys);
	if (unknown !== undefined)
		return `Tasks have no ${unknown.asks}: “${state.filter}” finds none. Esc clears the filter.`;
	if (error !== undefined) return `The filter cannot be read, ${errorPlace(state.filter, error)}: ${error.sentence}`;
	if (progress === 'reading') return 'Nothing yet; still looking…';
	if (state.filter === '') return 'No task in any queue yet. N spawns one.';
	return progress === 'stopped'
		? `Nothing so far passes “${state.filter}”. w looks further, Esc clears the filter.`
		: `No task passes “${state.filter}”. Esc clears the filter.`;
}

function drawRows(state: TasksState, context: DrawContext): readonly string[] {
	const {search} = answerOf(state, context);
	const {width, theme, marks} = context;
	if (search === undefined) return [];
	if (search.rows.length === 0) {
		return wrap(emptyText(state, search), width - 6).map(line => drawText(`   ${line}`, width, 'plain', theme));
	}

	const placed = placeTable(taskTable, width);
	const cells = taskCells(state, context);
	const {cursor, sort} = state.list;
	const shown = listed(state, context).rows.slice(cursor.top, cursor.top + bodyRows(context));
	return [
		drawTitles(placed, width, sort, theme),
		...shown.map(row =>
			drawRow(taskTable, placed, row, {
				context: cells,
				width,
				theme,
				cursor: taskTable.id(row) === cursor.id,
				marked: isMarked(marks, row),
				doing: doingOf(context, row),
			}),
		),
	];
}

/** Title, the filter or how far it looked, and the tasks. */
export function drawTasks(state: TasksState, context: DrawContext): readonly string[] {
	const {width, theme} = context;
	const upper =
		state.prompt === undefined
			? [titleLine(state, context), progressLine(state, context)]
			: drawPromptLines(state.prompt, {vocabulary: taskVocabulary(state, context)}, {width, theme});
	return [...upper, ...drawRows(state, context)].slice(0, context.height);
}
