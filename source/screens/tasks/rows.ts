import {type Motion, settleCursor} from '../../components/cursor.ts';
import {type Listing, listing, moveList} from '../../components/list.ts';
import {searchPage, type TaskRow} from '../../monitor/task-search.ts';
import type {DrawContext} from '../screen.ts';
import {answerOf} from './answer.ts';
import {taskTable} from './columns.ts';
import {taskCells} from './context.ts';
import type {TasksState} from './state.ts';

/** Lines of the body that are no rows: title, filter or what was looked at, titles of the columns. */
export const head = 3;

export function bodyRows({height}: DrawContext): number {
	return Math.max(1, height - head);
}

/** The rows as they are shown. */
export function listed(state: TasksState, context: DrawContext): Listing<TaskRow> {
	const rows = answerOf(state, context).search?.rows ?? [];
	return listing(taskTable, state.list, rows, taskCells(state, context));
}

/** The task under the cursor. */
export function currentTask(state: TasksState, context: DrawContext): TaskRow | undefined {
	return listed(state, context).rows.find(row => taskTable.id(row) === state.list.cursor.id);
}

/** Rows before the end at which more are asked for. */
const ahead = 40;

/**
 * Brings the cursor in line with new rows: it stays on its task and in its place on the screen, however many newer ones
 * came in above. Near the end it asks for more.
 */
export function settleTasks(state: TasksState, context: DrawContext): TasksState {
	const {search} = answerOf(state, context);
	if (search === undefined) return state;
	const {ids} = listed(state, context);
	const {cursor} = state.list;
	const place = cursor.id === undefined ? -1 : ids.indexOf(cursor.id);
	const shifted = place === -1 ? cursor : {...cursor, index: place, top: cursor.top + place - cursor.index};
	// On the first row it stays there: the newest, whichever that is.
	const atHome = cursor.index === 0 && cursor.top === 0;
	const from = atHome ? {id: undefined, index: 0, top: 0} : {...shifted, top: Math.max(0, shifted.top)};
	const settled = settleCursor(from, ids, bodyRows(context));
	const gone = !atHome && settled.lost && cursor.id !== undefined;
	const list = {...state.list, cursor: settled.cursor, note: gone ? taskTable.gone(cursor.id ?? '') : state.list.note};
	const more = search.progress === 'enough' && settled.cursor.index > ids.length - ahead;
	return {...state, list, wanted: more ? Math.max(state.wanted, ids.length + searchPage) : state.wanted};
}

export function moveTasks(state: TasksState, motion: Motion, context: DrawContext): TasksState {
	return {...state, list: moveList(state.list, listed(state, context).ids, motion, bodyRows(context))};
}
