import type {FailureGroup, FailureReport} from '../../monitor/failure-groups.ts';
import {createTableScreen} from '../table/table-screen.ts';
import {groupTable} from './groups.ts';
import {
	type FailureWishes,
	failureCommand,
	failureDefinitions,
	failureProbe,
	firstWishes,
	progressPieces,
	whyNotFailures,
	windowPieces,
} from './window.ts';

const notDead = 'none of its tasks has failed for good: there is nothing to retry';
const notAll = 'a group is not cancelled as a whole: Enter lists its tasks';

/** Failures by cause. */
export const failuresScreen = createTableScreen<FailureGroup, FailureReport, FailureWishes>({
	id: 'failures',
	title: 'Failures',
	scopes: ['failures'],
	spec: groupTable,
	keys: new Set(['name', 'queue', 'error', 'attempts', 'age']),
	open: () => firstWishes,
	probe: failureProbe,
	answer: ({answers}) => answers.failures,
	rows: report => report.groups,
	surroundings: (report, wishes, context) => ({
		summary: progressPieces(report, context),
		right: windowPieces(wishes),
		above: [],
		definitions: failureDefinitions(wishes, report),
		empty: 'No attempt has failed in this window. Right looks at a longer one.',
	}),
	openRow: ({key}, wishes) => ({screen: 'failure-group', wishes, group: key}),
	copied: ({taskName}) => [taskName, 'name of the task'],
	subject: ({queues, taskName}) => ({
		queue: queues.length === 1 ? queues[0] : undefined,
		target: undefined,
		taskName,
		eventName: undefined,
	}),
	bulk: (action, group) =>
		action === 'action.retry' && group.dead > 0
			? {kind: 'retry', tasks: [...group.deadTasks], hidden: 0, newestFirst: true}
			: undefined,
	whyNot: action => (action === 'action.retry' ? notDead : action === 'action.cancel' ? notAll : undefined),
	whyNotCommand: whyNotFailures,
	command: failureCommand,
	clear: (wishes, report) =>
		report?.progress === 'reading' && !wishes.stopped ? {...wishes, stopped: true} : undefined,
});
