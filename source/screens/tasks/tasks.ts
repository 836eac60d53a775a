import type {Screen} from '../screen.ts';
import {actionCommands} from '../shared-commands.ts';
import {commands, typeTasks, whyNotAction, whyNotFurther} from './commands.ts';
import {drawTasks} from './draw.ts';
import {bodyRows, currentTask, listed, settleTasks} from './rows.ts';
import {searchFor, type TasksState} from './state.ts';

const needRow: ReadonlySet<string> = new Set(['list.open', 'list.copyId', 'list.copyRow']);

/** Any task, newest first, by a filter that the database answers page by page. */
export const tasksScreen: Screen<TasksState> = {
	id: 'tasks',
	title: 'Tasks',
	scopes: ['list', 'table', 'tasks'],
	open: request => searchFor(request.screen === 'tasks' ? request.filter : ''),
	draw: drawTasks,
	handle(state, command, context) {
		const next = commands[command]?.(settleTasks(state, context), context);
		return next === undefined ? state : settleTasks(next, context);
	},
	reconcile: settleTasks,
	probe: ({filter, wanted, limit}) => ({kind: 'tasks', filter, wanted, limit}),
	whyNot(state, command, context) {
		const action = actionCommands[command];
		if (action !== undefined) return whyNotAction(state, action, context);
		if (command.startsWith('panel.')) return 'this screen is one list';
		if (command === 'tasks.further') return whyNotFurther(state, context);
		return needRow.has(command) && currentTask(state, context) === undefined ? 'there is no row' : undefined;
	},
	tasks(state, context) {
		const {rows, ids} = listed(state, context);
		const {snapshot, now} = context;
		const search = {filter: state.filter, queues: snapshot.queues.map(({name}) => name), until: now};
		return {rows, cursor: ids.indexOf(state.list.cursor.id ?? ''), search};
	},
	typing: ({prompt}) => prompt !== undefined,
	type: (state, key, context) => settleTasks(typeTasks(state, key, context), context),
	filter: (state, filter, context) => settleTasks(filter === state.filter ? state : searchFor(filter), context),
	visible(state, context) {
		const {top} = state.list.cursor;
		const shown = listed(state, context).rows.slice(top, top + bodyRows(context));
		return {queues: [...new Set(shown.map(({queue}) => queue))].slice(0, 10), claims: []};
	},
};
