import {askStatement, tableIdentifiers} from '../../source/database/ask-statement.ts';
import {queueStatements} from '../../source/database/probes/checkup.ts';
import {documentValueStatement} from '../../source/database/probes/document-value.ts';
import {awaitedWaits, emittedEvents} from '../../source/database/probes/events.ts';
import {completedNames, failedPage} from '../../source/database/probes/failures.ts';
import {awaitingStatement, briefsStatement, neighboursStatement} from '../../source/database/probes/relations.ts';
import {nextWakeUps} from '../../source/database/probes/schedule.ts';
import {pageStatement, tasksStatement} from '../../source/database/probes/task-pages.ts';
import {finishedNames} from '../../source/database/probes/types.ts';
import {usualStepsStatement} from '../../source/database/probes/usual-steps.ts';
import {workerRuns} from '../../source/database/probes/workers.ts';
import {workflowPage} from '../../source/database/probes/workflows.ts';
import {detailStatements} from '../../source/database/run-detail.ts';
import {statement} from '../../source/database/sql.ts';
import type {SqlValue, Statement} from '../../source/database/statement.ts';
import {parseFilter} from '../../source/monitor/filter/parse.ts';
import {highestId, planSearch} from '../../source/monitor/filter/plan.ts';
import type {Ask} from '../../source/monitor/source.ts';

/** What the statements of one queue are made for. */
export interface Subject {
	readonly queue: string;
	readonly taskId: string;
	readonly runId: string;
	/** Database time. */
	readonly now: number;
}

const always = Number.NEGATIVE_INFINITY;

function asks({queue, taskId, runId, now}: Subject): readonly Ask[] {
	const recent = now - 600_000;
	return [
		{kind: 'live', queue, pendingFrom: always, runningFrom: always, sleepingFrom: always, rows: 10_001},
		{kind: 'claims', queue, runningFrom: always, rows: 125},
		{
			kind: 'finished',
			queue,
			claimedFrom: recent,
			finishedAfter: now - 4000,
			fineFrom: now - 302_000,
			named: 200,
			settle: 1500,
			rows: 20_001,
		},
		{kind: 'seed', queue, rows: 2000},
		{kind: 'failures', queue, claimedFrom: always, finishedAfter: always, rows: 2000, kept: 200},
		{kind: 'predecessors', queue, rows: 10_000, ended: 1000, kept: 200},
		{kind: 'ended', queue, runs: [runId]},
		{kind: 'outcomes', queue, tasks: [taskId]},
		{kind: 'checkpoints', queue, tasks: [taskId], rows: 20_001},
		{kind: 'deep-count', queue, state: 'pending', from: always, until: Number.POSITIVE_INFINITY, rows: 1_000_001},
	];
}

function searches({queue, taskId}: Subject): readonly Statement[] {
	const plan = planSearch(parseFilter('name:task-* params.n:1 worker:w error:b attempts>=1'), Date.now());
	const source = {
		queue,
		beforeId: highestId,
		beforeAt: Number.POSITIVE_INFINITY,
		skip: 0,
		looked: 0,
		pages: 0,
		done: false,
	};
	return [
		pageStatement(plan, {...source, state: undefined}, 2000, 200),
		pageStatement(plan, {...source, state: 'failed'}, 1000, 200),
		tasksStatement(plan, queue, [taskId]),
	];
}

/** Every statement of sql/ that reads a queue's tables, with the values that the program gives it. */
export function readingStatements(subject: Subject): readonly Statement[] {
	const {queue, taskId, runId, now} = subject;
	const of = (file: string, prefixes: ReadonlyArray<'t' | 'r' | 'c' | 'w' | 'e'>, values: Record<string, SqlValue>) =>
		statement(file, tableIdentifiers(queue, prefixes), values, queue);
	return [
		...asks(subject).map(askStatement),
		...detailStatements({queue, taskId, runId}, undefined),
		usualStepsStatement(queue, 'work'),
		briefsStatement(queue, [taskId]),
		neighboursStatement(queue, 'key-1', false),
		awaitingStatement(queue, taskId),
		documentValueStatement(
			{queue, taskId, runId},
			{field: 'params', runId: undefined, checkpoint: undefined, path: []},
		),
		failedPage({queue, claimedFrom: always, before: {claim: now - 60_000, run: runId}, rows: 100, first: false}),
		completedNames({queue, claimedFrom: always, before: {claim: now - 60_000, run: runId}, rows: 2000, first: false}),
		workerRuns(queue),
		workflowPage({queue, before: highestId, rows: 2000, first: true}),
		finishedNames(queue, now),
		awaitedWaits(queue),
		emittedEvents(queue),
		nextWakeUps(queue),
		...Object.values(queueStatements(queue)),
		of('find-id', ['t', 'r'], {id: taskId}),
		of('awaited-events', ['w'], {names: 200}),
		of('event-facts', ['w', 'e', 't'], {event: 'event-3', shown: 5}),
		...searches(subject),
		of('recent-names', ['t'], {rows: 2000}),
		of('task-by-key', ['t'], {key: 'unknown'}),
		of('bulk-facts', ['t'], {tasks: [taskId]}),
		of('spawn-template', ['t'], {task_id: taskId, longest: 100_000}),
		of('task-facts', ['t', 'r', 'c'], {task_id: taskId}),
	];
}

/** Files of sql/ that read no table of a queue, write, or are not ours to bound: each with its reason. */
export const notMeasured: Readonly<Record<string, string>> = {
	absurd: 'the engine',
	'doctor-cron': 'the tables of pg_cron',
	'doctor-filled': 'a partition, whatever its name: one row',
	'doctor-horizon': 'sessions and slots',
	'doctor-locks': 'the lock table',
	'doctor-partitions': 'the catalogue',
	'doctor-storage': 'the catalogue',
	catalog: 'the catalogue',
	'tick-clock': 'no table',
	'tick-end': 'no table',
	'tick-replay': 'shared memory',
	'tick-counters': 'statistics by oid',
	'tick-locks': 'the lock table',
	pollers: 'the sessions',
	'queue-tables': 'the catalogue',
	'queue-policy': 'the registry',
	'cron-jobs': 'the table of jobs of pg_cron, which this database has not',
	'session-facts': 'no table of a queue',
	'schema-version': 'no table of a queue',
	'queue-rights': 'the catalogue',
	'all-rights': 'the catalogue',
	'doctor-indexes': 'the catalogue',
	'workflow-table': 'the catalogue',
	'workflow-records': 'a table of another client, measured in workflow-records.test.ts',
	'action-cancel': 'calls the engine',
	'action-emit': 'calls the engine',
	'action-retry': 'calls the engine',
	'action-spawn': 'calls the engine',
	'key-neighbours-partitioned': 'only partitioned queues have the table; a few probes by key',
	'task-by-key-partitioned': 'only partitioned queues have the table; one probe by key',
};
