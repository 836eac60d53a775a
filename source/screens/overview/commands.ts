import type {Motion} from '../../components/cursor.ts';
import {openPrompt} from '../../components/filter-prompt.ts';
import type {CommandContext, DrawContext} from '../screen.ts';
import {actionCommands, commandsOf, motionCommands, requestAction} from '../shared-commands.ts';
import {type ActionTarget, type AskKind, whyNotAsked} from '../why-not.ts';
import type {Selection} from './panel.ts';
import {panelContext, panels} from './panels.ts';
import {type OverviewState, panelIds, withList} from './state.ts';

type Command = (state: OverviewState, context: CommandContext) => OverviewState;

/** The row under the cursor of the panel that the keys go to. */
export function selectionOf(state: OverviewState, context: DrawContext): Selection | undefined {
	return panels[state.panel].selection(state.lists[state.panel], panelContext(state, state.panel, context));
}

/** The task of a row, with its state as far as the Snapshot knows it; a queue's row has none. */
function targetOf(selection: Selection | undefined): ActionTarget | undefined {
	if (selection?.kind === 'claim') {
		return {queue: selection.claim.queue, taskId: selection.claim.taskId, state: 'running'};
	}

	return selection?.kind === 'failure'
		? {queue: selection.failure.queue, taskId: selection.failure.taskId, state: selection.failure.taskState}
		: undefined;
}

function queueOf(selection: Selection | undefined): string | undefined {
	return selection?.kind === 'queue' ? selection.queue.name : targetOf(selection)?.queue;
}

function taskNameOf(selection: Selection | undefined): string | undefined {
	return selection?.kind === 'claim'
		? selection.claim.taskName
		: selection?.kind === 'failure'
			? selection.failure.taskName
			: undefined;
}

/** Why an action does not apply to the row under the cursor. */
export function whyNotAction(state: OverviewState, kind: AskKind, context: DrawContext): string | undefined {
	const selection = selectionOf(state, context);
	return whyNotAsked(kind, {queue: queueOf(selection), target: targetOf(selection)}, context);
}

function move(motion: Motion): Command {
	return (state, context) => {
		const asked = panelContext(state, state.panel, context);
		const list = panels[state.panel].move(state.lists[state.panel], motion, asked);
		return {...withList(state, state.panel, list), touched: true};
	};
}

function switchPanel(step: 1 | -1): Command {
	return (state, context) => {
		const place = panelIds.indexOf(state.panel) + step + panelIds.length;
		const panel = panelIds[place % panelIds.length] ?? state.panel;
		const left = withList(state, state.panel, panels[state.panel].leave(state.lists[state.panel]));
		const entered = panels[panel].enter(left.lists[panel], panelContext(left, panel, context));
		return {...withList(left, panel, entered), panel, touched: true};
	};
}

function sort(change: 'next' | 'previous' | 'invert'): Command {
	return (state, context) => {
		const asked = panelContext(state, state.panel, context);
		const list = panels[state.panel].sort(state.lists[state.panel], change, asked);
		return {...withList(state, state.panel, list), touched: true};
	};
}

const openRow: Command = (state, context) => {
	const selection = selectionOf(state, context);
	if (selection === undefined) {
		return state;
	}

	if (selection.kind === 'queue') {
		context.open({screen: 'queue', queue: selection.queue.name});
		return state;
	}

	const {queue, taskId, runId} = selection.kind === 'claim' ? selection.claim : selection.failure;
	context.open({screen: 'run', run: {queue, taskId, runId}});
	return state;
};

/** Claims and failures of the queue of this row only, and of all again. */
const narrow: Command = (state, context) => {
	const queue = queueOf(selectionOf(state, context));
	return queue === undefined ? state : {...state, touched: true, queue: state.queue === queue ? undefined : queue};
};

const copyId: Command = (state, context) => {
	const selection = selectionOf(state, context);
	const taskId = targetOf(selection)?.taskId;
	const queue = queueOf(selection);
	if (taskId !== undefined) {
		context.copy(taskId, 'task id');
	} else if (queue !== undefined) {
		context.copy(queue, 'name of the queue');
	}

	return state;
};

const copyRow: Command = (state, context) => {
	const selection = selectionOf(state, context);
	if (selection !== undefined) {
		const {kind, ...row} = selection;
		context.copy(JSON.stringify(Object.values(row)[0]), `${kind} as JSON`);
	}

	return state;
};

function act(kind: AskKind): Command {
	return (state, context) => {
		const selection = selectionOf(state, context);
		const subject = {
			queue: queueOf(selection),
			target: targetOf(selection),
			taskName: taskNameOf(selection),
			eventName: undefined,
		};
		requestAction(kind, subject, {reason: whyNotAction(state, kind, context), context});
		return state;
	};
}

/** Clears the filter, then the narrowing to one queue; with nothing to clear it goes back. */
const clearOrBack: Command = (state, context) => {
	const list = state.lists[state.panel];
	if (list.filter !== '') {
		return withList(state, state.panel, {...list, filter: ''});
	}

	if (state.queue !== undefined) {
		return {...state, queue: undefined};
	}

	context.back();
	return state;
};

/** What each command does; unknown ones do nothing. */
export const commands: Readonly<Record<string, Command>> = {
	...commandsOf(motionCommands, move),
	...commandsOf(actionCommands, act),
	'panel.next': switchPanel(1),
	'panel.previous': switchPanel(-1),
	'list.open': openRow,
	'overview.narrow': narrow,
	'list.filter': state => ({...state, prompt: openPrompt(state.lists[state.panel].filter), touched: true}),
	'sort.left': sort('previous'),
	'sort.right': sort('next'),
	'sort.invert': sort('invert'),
	'list.copyId': copyId,
	'list.copyRow': copyRow,
	'program.escape': clearOrBack,
};
