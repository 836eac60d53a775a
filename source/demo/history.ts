import {between, uuidv7, waitingTime} from './chance.ts';
import {failureReason} from './failure.ts';
import {claimColumns, type Json, type TableRow, taskRow, timestamp} from './history-rows.ts';
import {type Leg, retryDelay, simulateLeg} from './leg.ts';
import {lostReporter, type WorkerSpec, workers} from './queues.ts';
import {type TaskSpec, tasks} from './tasks.ts';

/** Rows for the tables of one queue. */
export interface QueueHistory {
	readonly queue: string;
	readonly t: TableRow[];
	readonly r: TableRow[];
	readonly c: TableRow[];
}

/** How long the demo pretends to have run, milliseconds. */
const span = 8 * 60_000;

/** A bursty kind of task comes at its full pace in this last time, and at half of it before. Milliseconds. */
const lastBurst = 170_000;

/** The queue whose only worker is lost with the first runs that it claims in this last time. Milliseconds. */
const lost = {queue: 'reports', ago: 80_000};

/** An attempt that becomes due. */
interface Attempt {
	readonly task: TaskSpec;
	readonly n: number;
	readonly taskId: string;
	readonly enqueuedAt: number;
	readonly firstStart: number | undefined;
	readonly attempt: number;
	readonly createdAt: number;
	readonly due: number;
	/** Steps that earlier attempts saved. */
	readonly done: number;
}

interface Slot {
	freeAt: number;
	readonly worker: string;
	/** Milliseconds. */
	readonly lease: number;
}

/**
 * What the queues would hold had the demo run for some minutes: the same tasks at the same pace, with as many slots as
 * the workers have. Runs that would be at work at `now` are pending instead, so that a real worker takes them.
 */
export function makeHistory(now: number): QueueHistory[] {
	const queues = [...new Set(tasks.map(task => task.queue))];
	return queues.map(queue => {
		const attempts = tasks.filter(task => task.queue === queue).flatMap(task => arrivals(task, now));
		return simulate(queue, attempts, now);
	});
}

function arrivals(task: TaskSpec, now: number): Attempt[] {
	const found: Attempt[] = [];
	const end = now - 500;
	for (let at = now - span, n = 1000; at < end; n++) {
		const slow = task.burst !== undefined && at < now - lastBurst;
		at += waitingTime(1000 * task.every * (slow ? 2 : 1));
		const times = {enqueuedAt: at, createdAt: at, due: at, firstStart: undefined};
		if (at < end) found.push({task, n, taskId: uuidv7(at), ...times, attempt: 1, done: 0});
	}
	return found;
}

/** Takes the attempts in the order in which they become due, as workers do. */
function simulate(queue: string, attempts: Attempt[], now: number): QueueHistory {
	const history: QueueHistory = {queue, t: [], r: [], c: []};
	const slots = workers.filter(worker => worker.queue === queue).flatMap(worker => slotsOf(worker, now));
	const byDue = (a: Attempt, b: Attempt) => b.due - a.due;
	attempts.sort(byDue);
	for (let attempt = attempts.pop(); attempt !== undefined; attempt = attempts.pop()) {
		const retry = run(history, attempt, slots, now);
		if (retry === undefined) continue;
		const index = attempts.findLastIndex(each => each.due > retry.due);
		attempts.splice(index + 1, 0, retry);
	}
	return history;
}

/** Writes one attempt down; answers the next attempt when it failed and has one. */
function run(history: QueueHistory, facts: Attempt, slots: readonly Slot[], now: number): Attempt | undefined {
	const slot = slots.reduce((a, b) => (b.freeAt < a.freeAt ? b : a));
	const start = Math.max(facts.due + between(20, 700), slot.freeAt);
	const leg = simulateLeg(facts.task, facts.done, start);
	const isLost = history.queue === lost.queue && start > now - lost.ago && start < now;
	if (!isLost && leg.endsAt > now) {
		finish(history, facts, {state: facts.due > now ? 'sleeping' : 'pending', available_at: timestamp(facts.due)});
		return undefined;
	}
	const started = {...facts, firstStart: facts.firstStart ?? start};
	const saved = isLost ? leg.saved.slice(0, 1) : leg.saved;
	const runId = finish(history, started, {
		...claimColumns(slot.worker, start, (saved.at(-1)?.at ?? start) + slot.lease),
		...(isLost ? {state: 'running'} : outcome(facts.task, leg)),
	});
	for (const {at, ...checkpoint} of saved) {
		const columns = {task_id: facts.taskId, status: 'committed', owner_run_id: runId, updated_at: timestamp(at)};
		history.c.push({...checkpoint, ...columns});
	}
	slot.freeAt = isLost ? Number.POSITIVE_INFINITY : leg.endsAt;
	if (isLost || !leg.failed || facts.attempt >= facts.task.options.maxAttempts) return undefined;
	const due = leg.endsAt + retryDelay(facts.task, facts.attempt);
	return {...started, attempt: facts.attempt + 1, createdAt: leg.endsAt, due, done: facts.done + saved.length};
}

function outcome(task: TaskSpec, leg: Leg): TableRow & {readonly state: Json} {
	const at = timestamp(leg.endsAt);
	if (!leg.failed) return {state: 'completed', completed_at: at, result: {ok: true, steps: task.steps.length}};
	const failure = task.steps.find(step => step.failure !== undefined)?.failure;
	return {state: 'failed', failed_at: at, failure_reason: failure === undefined ? null : failureReason(failure)};
}

/** Adds the run, and the task unless another attempt of it will follow. Answers the run's id. */
function finish(history: QueueHistory, facts: Attempt, columns: TableRow & {readonly state: Json}): string {
	const {task, taskId, attempt, createdAt} = facts;
	const runId = uuidv7(createdAt);
	history.r.push({run_id: runId, task_id: taskId, attempt, created_at: timestamp(createdAt), ...columns});
	if (columns.state === 'failed' && attempt < task.options.maxAttempts) return runId;
	history.t.push(taskRow(task, {...facts, runId, state: columns.state, result: columns['result'] ?? null}));
	return runId;
}

function slotsOf(worker: WorkerSpec, now: number): Slot[] {
	const id = worker.queue === lost.queue ? lostReporter : `${worker.host}:${worker.process}`;
	return Array.from({length: worker.concurrency}, () => ({freeAt: now - span, worker: id, lease: 1000 * worker.lease}));
}
