import {CompletedSweep} from '../../source/monitor/completed-sample.ts';
import type {FailedRun} from '../../source/monitor/failure-groups.ts';
import {FailureSweep} from '../../source/monitor/failure-sweep.ts';
import {bucketOf} from '../../source/monitor/histogram.ts';
import type {ProbeAnswers} from '../../source/monitor/probe.ts';
import type {EventRow, QueueRows, WakeUp, WorkerRuns} from '../../source/monitor/queue-lists.ts';
import type {StorageFacts} from '../../source/monitor/storage.ts';
import type {TaskRow, TaskSearch} from '../../source/monitor/task-search.ts';
import {TypeTally} from '../../source/monitor/type-tally.ts';
import {now, snapshot, uuid} from './fixture.ts';
import {random} from './queue-rows.ts';
import {answered, runDetail} from './run-fixture.ts';
import {workflows} from './workflow-fixture.ts';

// The answers to every screen's question, made from the same data as the Snapshot: whatever runs or failed there does
// so here.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const everywhere = ['agents', 'billing', 'imports', 'mail', 'search', 'thumbnails'];

function read<Row>(rows: readonly Row[]): QueueRows<Row> {
	return {rows, read: everywhere.length, queues: everywhere.length, oldestAt: now - 300, unread: []};
}

const failedRuns: readonly FailedRun[] = snapshot.failures.map(({leaseEndedAt: _lease, ...failure}) => ({
	...failure,
	claimedAt: failure.failedAt - (failure.errorName === '$ClaimTimeout' ? 2 * minute : 900),
}));

const completedNames = new Map([
	['send-invoice', 1463],
	['send-newsletter', 537],
	['run-agent', 1399],
	['reindex-document', 1952],
	['charge-card', 4],
]);

function failures() {
	const completed = new CompletedSweep(everywhere, now - 300, now - 2 * hour);
	for (const page of completed.next(20_000)) {
		const last = {claim: now - 58 * minute, run: uuid(1)};
		completed.take(page, page.rows, last, completedNames);
	}
	const sweep = new FailureSweep(everywhere, now - 300, hour, () => completed.report(12));
	for (const page of sweep.next(20_000)) {
		sweep.take(
			page,
			failedRuns.filter(({queue}) => queue === page.queue),
		);
	}
	return sweep.report(20_000);
}

/** Who holds the claims, and who finished what: the failures are those of the Snapshot. */
function workers(): readonly WorkerRuns[] {
	const names = new Map<string, {readonly queue: string; readonly worker: string}>();
	for (const {queue, worker} of [...snapshot.claims, ...snapshot.failures]) {
		if (worker !== undefined) names.set(`${queue} ${worker}`, {queue, worker});
	}
	const lately = snapshot.failures.filter(({failedAt}) => failedAt > now - 5 * minute);
	return [...names.values()].map(({queue, worker}, index) => {
		const held = snapshot.claims.filter(claim => claim.queue === queue && claim.worker === worker);
		const lost = lately.filter(failure => failure.queue === queue && failure.worker === worker);
		return {
			queue,
			worker,
			held: held.length,
			expired: held.filter(({leaseExpiresAt}) => leaseExpiresAt !== null && leaseExpiresAt <= now).length,
			unleased: held.filter(({leaseExpiresAt}) => leaseExpiresAt === null).length,
			completed: queue === 'agents' ? 0 : 40 + ((index * 37) % 90),
			failed: lost.length,
			timeouts: lost.filter(({errorName}) => errorName === '$ClaimTimeout').length,
			lastClaimAt: Math.max(...held.map(({claimedAt}) => claimedAt), now - 4 * minute - index * 7 * second),
			capped: false,
		};
	});
}

function awaited(queue: string, name: string, waiters: number, oldest: number, timeout?: number): EventRow {
	return {
		queue,
		name,
		awaited: {
			waiters,
			capped: false,
			oldestAt: now - oldest,
			nextTimeoutAt: timeout === undefined ? undefined : now + timeout,
			withoutTimeout: timeout === undefined ? waiters : 0,
			run: {queue, taskId: uuid(600 + waiters), runId: uuid(700 + waiters)},
		},
		emitted: undefined,
	};
}

function emitted(queue: string, name: string, ago: number, payloadBytes: number): EventRow {
	return {queue, name, awaited: undefined, emitted: {at: now - ago, payloadBytes}};
}

const events: readonly EventRow[] = [
	awaited('billing', 'payment.settled:2026-11', 117, 3 * day, undefined),
	awaited('billing', 'invoice.approved:88120', 1, 40 * minute, 20 * minute),
	awaited('agents', 'tool.answered', 39, 12 * minute, 3 * minute),
	awaited('agents', 'human.approved:order-4711', 1, 2 * hour, undefined),
	emitted('imports', 'catalogue.uploaded:2290', 26 * minute, 1240),
	emitted('billing', 'invoice.approved:88119', 44 * second, 86),
	emitted('agents', 'human.approved:order-4698', 5 * minute, 312),
];

function wake(serial: number, queue: string, taskName: string, inMs: number, rest: Partial<WakeUp> = {}): WakeUp {
	return {
		queue,
		taskId: uuid(serial),
		runId: uuid(serial + 5000),
		taskName,
		attempt: 1,
		maxAttempts: 5,
		dueAt: now + inMs,
		kind: 'timer',
		event: undefined,
		...rest,
	};
}

const schedule: readonly WakeUp[] = [
	...Array.from({length: 31}, (_, index) =>
		wake(2000 + index, 'mail', 'send-invoice', (index - 1) * 4 * second, {kind: 'retry', attempt: 2 + (index % 3)}),
	),
	wake(2101, 'agents', 'run-agent', 25 * second, {kind: 'retry', attempt: 3}),
	wake(2102, 'agents', 'plan-trip', 70 * second, {kind: 'retry', attempt: 2}),
	wake(2103, 'agents', 'summarize-thread', 3 * minute, {kind: 'timeout', event: 'tool.answered'}),
	wake(2104, 'agents', 'watch-inbox', 9 * minute),
	wake(2105, 'billing', 'charge-card', 20 * minute, {kind: 'timeout', event: 'invoice.approved:88120', maxAttempts: 3}),
	wake(2106, 'billing', 'close-month', 9 * day, {maxAttempts: null}),
];

function types() {
	const tally = new TypeTally();
	const next = random(7);
	const long = (mean: number) => -Math.log(1 - next()) * mean;
	for (let index = 0; index < 3756; index++) {
		const letter = index % 9 === 0;
		const failed = !letter && index % 4 === 0;
		tally.add({
			taskName: letter ? 'send-newsletter' : index % 500 === 3 ? 'summarize' : 'send-invoice',
			failed,
			bucket: bucketOf(letter ? long(900) : long(420)),
			waited: index % 3 === 0 ? bucketOf(long(250)) : undefined,
			runs: 1,
		});
	}
	return {
		types: tally.rows(),
		since: now - 12 * minute,
		seedFrom: now - 30 * minute,
		until: now - 1500,
		sampled: false,
	};
}

const storage: StorageFacts = {
	policy: Object.entries({
		storage_mode: 'unpartitioned',
		default_partition: 'enabled',
		cleanup_ttl: '30 days',
		cleanup_limit: '1000',
		detach_mode: 'none',
	}).map(([name, value]) => ({name, value})),
	tables: (
		[
			['t_mail', 1_040_000, 41_200, 26],
			['r_mail', 1_320_000, 88_410, 26],
			['c_mail', 412_000, 1020, 190],
			['e_mail', 2210, 0, undefined],
			['w_mail', 0, 12, 190],
		] as const
	).map(([name, rows, deadRows, vacuumed]) => ({
		name,
		parent: undefined,
		bound: undefined,
		rows,
		deadRows,
		vacuumedAt: vacuumed === undefined ? undefined : now - vacuumed * minute,
		bytes: undefined,
	})),
	jobs: [{name: 'absurd_cleanup_all', schedule: '17 * * * *', active: true}],
};

/** Tasks as the search lists them: what runs, what failed and what waits, the newest first. */
function tasks(): TaskSearch {
	const running = snapshot.claims.map(
		(claim): TaskRow => ({
			queue: claim.queue,
			taskId: claim.taskId,
			runId: claim.runId,
			taskName: claim.taskName,
			state: 'running',
			attempts: claim.attempt,
			maxAttempts: claim.maxAttempts,
			enqueuedAt: claim.claimedAt - (claim.attempt - 1) * 90 * second - 1400,
			firstStartedAt: claim.claimedAt,
			key: claim.taskName === 'run-agent' ? `order-${claim.taskId.slice(-4)}` : undefined,
			worker: claim.worker,
			leaseExpiresAt: claim.leaseExpiresAt ?? undefined,
			availableAt: claim.claimedAt,
			startedAt: claim.claimedAt,
			finishedAt: undefined,
			wakeEvent: undefined,
			errorName: undefined,
			errorMessage: undefined,
		}),
	);
	const ended = failedRuns.map(
		(failure): TaskRow => ({
			queue: failure.queue,
			taskId: failure.taskId,
			runId: failure.runId,
			taskName: failure.taskName,
			state: failure.taskState,
			attempts: failure.attempt + (failure.outcome === 'retried' ? 1 : 0),
			maxAttempts: failure.maxAttempts,
			enqueuedAt: failure.failedAt - failure.attempt * 31 * second,
			firstStartedAt: failure.claimedAt,
			key: undefined,
			worker: failure.worker,
			leaseExpiresAt: undefined,
			availableAt: failure.taskState === 'sleeping' ? now + 24 * second : failure.claimedAt,
			startedAt: failure.taskState === 'sleeping' ? undefined : failure.claimedAt,
			finishedAt: failure.failedAt,
			wakeEvent: undefined,
			errorName: failure.errorName,
			errorMessage: failure.errorMessage,
		}),
	);
	const rows = [...running, ...ended].sort((a, b) => b.enqueuedAt - a.enqueuedAt).slice(0, 200);
	return {
		filter: '',
		rows,
		order: 'enqueued',
		looked: 200,
		kind: 'tasks',
		progress: 'enough',
		backTo: rows.at(-1)?.enqueuedAt,
		unread: [],
	};
}

const ready = <Value>(value: Value) => ({kind: 'ready', value, readAt: now - 200}) as const;

/** An answer to every question that a screen asks. */
export const allAnswers: ProbeAnswers = {
	...answered(runDetail),
	tasks: ready(tasks()),
	failures: ready(failures()),
	workers: ready({
		workers: read(workers()),
		pollers: ['10.0.3.7', '10.0.3.7', '10.0.3.9'].map((host, index) => ({
			host,
			application: 'absurd-worker',
			active: false,
			polledAt: now - 200 - index * 60,
		})),
		hidden: 0,
	}),
	events: ready(read(events)),
	schedule: ready(read(schedule)),
	workflows: ready(workflows),
	types: ready(types()),
	storage: ready(storage),
};

/** What the parts of the page of one queue are answered. */
export function answersOf(queue: string): ProbeAnswers {
	const of = <Row extends {readonly queue: string}>(rows: readonly Row[]) =>
		({...read(rows.filter(row => row.queue === queue)), queues: 1, read: 1}) as const;
	return {
		...allAnswers,
		workers: ready({workers: of(workers()), pollers: [], hidden: 0}),
		events: ready(of(events)),
		schedule: ready(of(schedule)),
	};
}
