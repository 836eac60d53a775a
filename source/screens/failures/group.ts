import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {FailedRun, FailureReport} from '../../monitor/failure-groups.ts';
import {rowKeys, rowTexts, rowValues} from '../../monitor/filter/rows.ts';
import {cellContext} from '../overview/context.ts';
import {failureTable} from '../overview/failures.ts';
import type {DrawContext} from '../screen.ts';
import {createTableScreen} from '../table/table-screen.ts';
import {
	type FailureWishes,
	failureCommand,
	failureProbe,
	firstWishes,
	progressPieces,
	whyNotFailures,
	windowPieces,
} from './window.ts';

interface GroupWishes extends FailureWishes {
	/** The key of the group. */
	readonly group: string;
}

/** The table of the overview's failures, with what this screen has to tell its cells. */
const runTable: TableSpec<FailedRun, DrawContext> & ListSpec<FailedRun, DrawContext> = {
	columns: failureTable.columns.map(column => ({
		...column,
		text: (run: FailedRun, context: DrawContext, width: number) =>
			column.text({...run, leaseEndedAt: undefined}, cellContext(context), width),
		tone: (run: FailedRun, context: DrawContext) =>
			column.tone?.({...run, leaseEndedAt: undefined}, cellContext(context)) ?? 'plain',
		sort:
			column.sort === undefined
				? undefined
				: (run: FailedRun, context: DrawContext) =>
						column.sort?.({...run, leaseEndedAt: undefined}, cellContext(context)),
	})),
	id: run => `${run.queue} ${run.runId}`,
	compare: (a, b) => b.failedAt - a.failedAt || (a.runId < b.runId ? -1 : 1),
	texts: run => rowTexts.failures({...run, leaseEndedAt: undefined}),
	values: (run, {now}) => rowValues.failures({...run, leaseEndedAt: undefined}, now),
	gone: id => `run …${id.slice(-6)} has left the list`,
	marker: (run, context, theme) => failureTable.marker({...run, leaseEndedAt: undefined}, cellContext(context), theme),
};

function groupOf(report: FailureReport, {group}: GroupWishes) {
	return report.groups.find(({key}) => key === group);
}

/** The failed attempts of one cause, newest first. */
export const failureGroupScreen = createTableScreen<FailedRun, FailureReport, GroupWishes>({
	id: 'failure-group',
	title: 'Failures of one cause',
	scopes: ['failures'],
	spec: runTable,
	markable: true,
	keys: rowKeys.failures,
	open: request =>
		request.screen === 'failure-group' ? {...request.wishes, group: request.group} : {...firstWishes, group: ''},
	probe: failureProbe,
	answer: ({answers}) => answers.failures,
	rows: (report, wishes) => groupOf(report, wishes)?.runs ?? [],
	surroundings(report, wishes, context) {
		const group = groupOf(report, wishes);
		const all = group === undefined ? 0 : group.dead + group.retried + group.cancelled;
		const cut = group !== undefined && all > group.runs.length ? ` The ${group.runs.length} newest of ${all}.` : '';
		const cause = group === undefined ? '' : `  ${group.taskName} · ${group.errorName}`;
		return {
			summary: group === undefined ? progressPieces(report, context) : [{text: cause, tone: 'plain'}],
			right: windowPieces(wishes),
			above: [],
			definitions: `${group?.pattern ?? ''}${cut}`,
			empty: 'Nothing has failed in this way within the window.',
		};
	},
	openRow: ({queue, taskId, runId}) => ({screen: 'run', run: {queue, taskId, runId}}),
	copied: ({taskId}) => [taskId, 'task id'],
	subject: run => ({
		queue: run.queue,
		target: {queue: run.queue, taskId: run.taskId, state: run.taskState},
		taskName: run.taskName,
		eventName: undefined,
	}),
	whyNotCommand: whyNotFailures,
	command: (command, wishes) => {
		const next = failureCommand(command, wishes);
		return next === undefined ? undefined : {...next, group: wishes.group};
	},
});
