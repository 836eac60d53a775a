import type {Piece} from '../../components/line.ts';
import type {BulkIntent} from '../../monitor/bulk.ts';
import {writeSafely} from '../../monitor/filter/complete.ts';
import {furthestReach, searchReach} from '../../monitor/task-search.ts';
import {openTasks, type WorkflowReport, type WorkflowRow} from '../../monitor/workflows.ts';
import {formatAge, formatSpan} from '../../terminal/duration.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';
import {unreadPieces, whyNotFurther} from '../table/queue-rows.ts';
import {createTableScreen} from '../table/table-screen.ts';
import {workflowTable} from './columns.ts';

interface WorkflowWishes {
	/** Tasks that may be looked at. */
	readonly limit: number;
}

/** Longer ones are cut where they are read. */
const wholeValue = 200;

/** How far was looked, in words. */
function reachText({progress, looked, backTo, at, renewing}: WorkflowReport, now: number): string {
	const back = backTo === undefined ? '' : `, ${formatAge(Math.max(0, now - backTo))} back`;
	const tasks = `${formatGrouped(looked)} tasks read${back}`;
	switch (progress) {
		case 'whole':
			return renewing || now - at > 15_000 ? `as of ${formatSpan(now - at)} ago` : '';
		case 'reading':
			return `${tasks}…`;
		case 'limit':
			return `${tasks}; w looks further`;
		case 'cap':
			return `${tasks}, no further`;
	}
}

function summary(report: WorkflowReport, {now}: DrawContext): readonly Piece[] {
	const open = report.workflows.filter(({states}) => openTasks(states) > 0).length;
	const failing = report.workflows.filter(({states}) => states.failed > 0).length;
	return [
		{text: `  open ${formatGrouped(open)} · failing ${formatGrouped(failing)}`, tone: 'plain'},
		{text: `  ${reachText(report, now)}`, tone: report.progress === 'whole' ? 'dim' : 'warning'},
		...unreadPieces(report.unread),
		{text: report.records?.sentence === undefined ? '' : `  ${report.records.sentence}: not read`, tone: 'warning'},
	];
}

function emptyText({progress, looked}: WorkflowReport): string {
	const far = progress === 'whole' ? 'No task' : `None of the newest ${formatGrouped(looked)} tasks`;
	const more = progress === 'limit' ? ' w looks further.' : '';
	return `${far} has workflow_run_id or workflow_run in its headers.${more} Spawn tasks with such a header, {"workflow_run_id": "order-7"} for example, and those that share its value stand here as one row.`;
}

/** Names of queues that a filter holds without becoming too long. */
const mostQueues = 5;

/** The filter that finds the tasks of a workflow; a value that was cut is looked for by how it begins. */
export function workflowFilter({workflow, header, queues}: WorkflowRow): string {
	const value = writeSafely(workflow) + (workflow.length < wholeValue ? '' : '*');
	const within = queues.length <= mostQueues ? `queue:${queues.map(writeSafely).join(',')} ` : '';
	return `${within}headers.${header}:${value}`;
}

const bulkStates = {
	'action.retry': {kind: 'retry', states: ['failed']},
	'action.cancel': {kind: 'cancel', states: ['pending', 'running', 'sleeping']},
} as const;

/** Its failed tasks are retried, its open ones cancelled, as far as they were read. */
function bulkOf(action: string, {tasks}: WorkflowRow): BulkIntent | undefined {
	if (action !== 'action.retry' && action !== 'action.cancel') return undefined;
	const {kind, states} = bulkStates[action];
	const hit = tasks.filter(({state}) => states.some(each => each === state));
	return hit.length === 0
		? undefined
		: {kind, tasks: hit.map(({queue, taskId}) => ({queue, taskId})), hidden: 0, newestFirst: true};
}

/** Tasks that share a workflow, by what their headers say. */
export const workflowsScreen = createTableScreen<WorkflowRow, WorkflowReport, WorkflowWishes>({
	id: 'workflows',
	title: 'Workflows',
	scopes: ['tasks'],
	spec: workflowTable,
	keys: new Set(['name', 'queue', 'state', 'id', 'age']),
	open: () => ({limit: searchReach}),
	probe: ({limit}) => ({kind: 'workflows', limit}),
	answer: ({answers}) => answers.workflows,
	rows: ({workflows}) => workflows,
	surroundings: (report, _wishes, context) => ({
		summary: summary(report, context),
		right: [],
		above: [],
		definitions:
			'Tasks that share the header workflow_run_id or workflow_run. failing: with failed tasks. wait: pending or asleep. Enter: its tasks. R retries the failed, C cancels the open.' +
			(report.records?.sentence === undefined && report.records !== undefined
				? ' recorded as: the status in the table workflow_run, where it differs.'
				: ''),
		empty: emptyText(report),
	}),
	openRow: row => ({screen: 'tasks', filter: workflowFilter(row)}),
	copied: ({workflow, header}) => [workflow, header],
	subject: ({queues}) => ({
		queue: queues.length === 1 ? queues[0] : undefined,
		target: undefined,
		taskName: undefined,
		eventName: undefined,
	}),
	bulk: bulkOf,
	whyNot: action =>
		action === 'action.retry'
			? 'none of its tasks has failed for good'
			: action === 'action.cancel'
				? 'none of its tasks is open'
				: undefined,
	whyNotCommand: (command, _wishes, report) =>
		command === 'tasks.further' ? whyNotFurther(report && [report.progress]) : undefined,
	command: (command, {limit}) =>
		command === 'tasks.further' ? {limit: Math.min(furthestReach, limit + searchReach)} : undefined,
});
