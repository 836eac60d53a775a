import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {FailedRun, FailureGroup, FailureReport} from '../../monitor/failure-groups.ts';
import {rowKeys, rowTexts, rowValues} from '../../monitor/filter/rows.ts';
import {formatGrouped} from '../../terminal/figures.ts';
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
	/** Runs that are listed at most, the newest by claim. */
	readonly listed: number;
}

/** So many more are listed with each `w`. */
const pageRuns = 500;

/** The table of the overview's failures, with what this screen has to tell its cells. */
export const runTable: TableSpec<FailedRun, DrawContext> & ListSpec<FailedRun, DrawContext> = {
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

function groupOf(report: FailureReport, {group}: Pick<GroupWishes, 'group'>): FailureGroup | undefined {
	return report.groups.find(({key}) => key === group);
}

/** How many of its runs can still be listed. */
function leftToList(report: FailureReport | undefined, wishes: GroupWishes): number {
	const kept = (report && groupOf(report, wishes)?.runs.length) ?? 0;
	return Math.max(0, kept - wishes.listed);
}

/** `newest 500 of 1,204 listed, w lists more`: nobody should take a part for the whole. */
function listedText(report: FailureReport, group: FailureGroup, wishes: GroupWishes): string {
	const {dead, retried, cancelled, runs} = group;
	const all = dead + retried + cancelled;
	const listed = Math.min(runs.length, wishes.listed);
	const least = report.progress === 'whole' ? '' : '≥';
	const known = `  newest ${formatGrouped(listed)} of ${least}${formatGrouped(all)}`;
	if (leftToList(report, wishes) > 0) return `${known}, w lists more`;
	if (report.progress === 'limit') return `${known}, w looks further`;
	if (listed < all) return `${known}, a shorter window has others`;
	return report.progress === 'whole' ? '' : known;
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
		request.screen === 'failure-group'
			? {...request.wishes, group: request.group, listed: pageRuns}
			: {...firstWishes, group: '', listed: pageRuns},
	probe: failureProbe,
	answer: ({answers}) => answers.failures,
	rows: (report, wishes) => groupOf(report, wishes)?.runs.slice(0, wishes.listed) ?? [],
	surroundings(report, wishes, context) {
		const group = groupOf(report, wishes);
		return {
			summary:
				group === undefined
					? progressPieces(report, context)
					: [
							{text: listedText(report, group, wishes), tone: 'warning'},
							{text: `  ${group.taskName} · ${group.errorName}`, tone: 'plain'},
						],
			right: windowPieces(wishes),
			above: [],
			definitions: group?.pattern ?? '',
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
	whyNotCommand: (command, wishes, report) =>
		leftToList(report, wishes) > 0 ? undefined : whyNotFailures(command, wishes, report),
	command(command, wishes, {answers: {failures}}) {
		const report = failures === undefined || failures.kind === 'loading' ? undefined : failures.value;
		// What was read already is listed before the database is asked for more.
		if (command === 'failures.further' && leftToList(report, wishes) > 0) {
			return {...wishes, listed: wishes.listed + pageRuns};
		}
		const next = failureCommand(command, wishes);
		return next === undefined ? undefined : {...next, group: wishes.group, listed: wishes.listed};
	},
});
