import type {Motion} from '../../components/cursor.ts';
import {openPrompt, typePrompt} from '../../components/filter-prompt.ts';
import {sortList} from '../../components/list.ts';
import {furthestReach, searchReach} from '../../monitor/task-search.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {CommandContext, DrawContext} from '../screen.ts';
import {actionCommands, commandsOf, motionCommands, requestAction} from '../shared-commands.ts';
import {type AskKind, whyNotAsked} from '../why-not.ts';
import {answerOf} from './answer.ts';
import {taskTable} from './columns.ts';
import {currentTask, moveTasks} from './rows.ts';
import {searchFor, type TasksState} from './state.ts';
import {taskVocabulary} from './vocabulary.ts';

type Command = (state: TasksState, context: CommandContext) => TasksState;

/** Why an action does not apply to the task under the cursor. */
export function whyNotAction(state: TasksState, kind: AskKind, context: DrawContext): string | undefined {
	const task = currentTask(state, context);
	return whyNotAsked(kind, {queue: task?.queue, target: task}, context);
}

/** Why the search cannot look further. */
export function whyNotFurther(state: TasksState, context: DrawContext): string | undefined {
	const progress = answerOf(state, context).search?.progress;
	if (state.limit >= furthestReach) {
		return `it has looked at ${formatGrouped(furthestReach)}: narrow the filter`;
	}

	return progress === 'stopped' ? undefined : 'it has not come to its limit';
}

function act(kind: AskKind): Command {
	return (state, context) => {
		const task = currentTask(state, context);
		const subject = {
			queue: task?.queue,
			target: task && {queue: task.queue, taskId: task.taskId, state: task.state},
			taskName: task?.taskName,
			eventName: task?.wakeEvent,
		};
		requestAction(kind, subject, {reason: whyNotAction(state, kind, context), context});
		return state;
	};
}

function sort(change: 'next' | 'previous' | 'invert'): Command {
	return state => ({...state, list: sortList(taskTable, state.list, change)});
}

const openTask: Command = (state, context) => {
	const task = currentTask(state, context);
	if (task !== undefined) {
		const {queue, taskId, runId} = task;
		context.open({screen: 'run', run: {queue, taskId, runId}});
	}

	return state;
};

const lookFurther: Command = (state, context) => {
	const reason = whyNotFurther(state, context);
	if (reason === undefined) return {...state, limit: Math.min(furthestReach, state.limit + searchReach)};
	context.say(`Cannot look further: ${reason}.`, 'warning');
	return state;
};

/** What each command does; unknown ones do nothing. */
export const commands: Readonly<Record<string, Command>> = {
	...commandsOf(motionCommands, (motion: Motion): Command => {
		return (state, context) => moveTasks(state, motion, context);
	}),
	...commandsOf(actionCommands, act),
	'panel.next': state => state,
	'panel.previous': state => state,
	'list.open': openTask,
	'list.filter': state => ({...state, prompt: openPrompt(state.filter)}),
	'list.copyId': (state, context) => {
		const task = currentTask(state, context);
		if (task !== undefined) context.copy(task.taskId, 'task id');
		return state;
	},
	'list.copyRow': (state, context) => {
		const task = currentTask(state, context);
		if (task !== undefined) context.copy(JSON.stringify(task), 'task as JSON');
		return state;
	},
	'sort.left': sort('previous'),
	'sort.right': sort('next'),
	'sort.invert': sort('invert'),
	'tasks.further': lookFurther,
	'program.escape': (state, context) => {
		if (state.filter !== '') return searchFor('');
		context.back();
		return state;
	},
};

/** A key while the filter is typed: the database is asked when Enter keeps it. */
export function typeTasks(
	state: TasksState,
	key: {readonly name: string; readonly text: string},
	context: CommandContext,
): TasksState {
	if (state.prompt === undefined) return state;
	const step = typePrompt(state.prompt, key, {book: context.filters, vocabulary: taskVocabulary(state, context)});
	if (step.kind === 'typing') return {...state, prompt: step.prompt};
	const filter = step.kind === 'kept' ? step.filter : '';
	context.filters.remember(filter);
	return filter === state.filter ? {...state, prompt: undefined} : searchFor(filter);
}
