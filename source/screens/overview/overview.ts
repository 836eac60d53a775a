import type {DrawContext, Screen} from '../screen.ts';
import {actionCommands} from '../shared-commands.ts';
import {commands, selectionOf, whyNotAction} from './commands.ts';
import {drawOverview} from './draw.ts';
import {taskOf} from './panel.ts';
import {panelContext, panels} from './panels.ts';
import {focusOverview, type OverviewState, openOverview, withList} from './state.ts';
import {filterPanel, typeFilter} from './typing.ts';

const needRow: ReadonlySet<string> = new Set(['list.open', 'list.copyId', 'list.copyRow']);

/** Only the list with the cursor is settled: the others show their beginning and find their row when it comes back. */
function reconcile(state: OverviewState, context: DrawContext): OverviewState {
	const list = panels[state.panel].settle(
		state.lists[state.panel],
		panelContext(state, state.panel, context),
		!state.touched,
	);
	return withList(state, state.panel, list);
}

/** The start screen: queues, active claims and recent failures at once. */
export const overviewScreen: Screen<OverviewState> = {
	id: 'overview',
	title: 'Overview',
	open: request => (request.screen === 'overview' && request.focus ? focusOverview(request.focus) : openOverview),
	scopes: ['list', 'table', 'overview'],
	draw: drawOverview,
	handle(state, command, context) {
		const next = commands[command]?.(reconcile(state, context), context);
		return next === undefined ? state : reconcile(next, context);
	},
	reconcile,
	probe: () => undefined,
	whyNot(state, command, context) {
		const action = actionCommands[command];
		if (action !== undefined) {
			return whyNotAction(state, action, context);
		}

		return needRow.has(command) && selectionOf(state, context) === undefined ? 'there is no row' : undefined;
	},
	tasks(state, context) {
		const asked = panelContext(state, state.panel, context);
		const rows = panels[state.panel].tasks(state.lists[state.panel], asked);
		const selection = selectionOf(state, context);
		const task = selection === undefined ? undefined : taskOf(selection);
		return {rows, cursor: task === undefined ? -1 : rows.indexOf(task)};
	},
	typing: state => state.prompt !== undefined,
	type: (state, key, context) => reconcile(typeFilter(state, key, context), context),
	filter: (state, filter, context) => reconcile({...filterPanel(state, filter), touched: true}, context),
	visible(state, context) {
		const shown = (['queues', 'claims'] as const).flatMap(id =>
			panels[id].visible(state.lists[id], panelContext(state, id, context), state.panel === id),
		);
		return {
			queues: shown.flatMap(row => (row.kind === 'queue' ? [row.queue.name] : [])),
			claims: shown.flatMap(row => (row.kind === 'claim' ? [row.claim] : [])),
		};
	},
};
