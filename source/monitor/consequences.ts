import {plural, span} from './phrase.ts';
import type {Duration, Instant, State} from './snapshot.ts';

/** What a dialog knows about the task that it would act on, read a moment ago. */
export interface TaskFacts {
	/** Database time when it was read. */
	readonly now: Instant;
	readonly taskId: string;
	readonly name: string;
	readonly state: State;
	readonly attempts: number;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly enqueuedAt: Instant;
	readonly firstStartedAt: Instant | undefined;
	/** When it was cancelled, by whomever. */
	readonly cancelledAt?: Instant | undefined;
	/** Cancellation policy: since the first start. */
	readonly maxDuration: Duration | undefined;
	/** Checkpoints of the task; 1,001 = more than 1,000. */
	readonly checkpoints: number;
	/** Of the newest run, as is what follows. */
	readonly runId: string | undefined;
	readonly worker: string | undefined;
	readonly leaseExpiresAt: Instant | undefined;
	readonly availableAt: Instant | undefined;
	readonly startedAt: Instant | undefined;
	readonly wakeEvent: string | undefined;
	/** Name of the error that the newest run failed with. */
	readonly errorName: string | undefined;
}

/** What a dialog knows about the event that it would emit. */
export interface EventFacts {
	readonly now: Instant;
	readonly emittedAt: Instant | undefined;
	/** Tasks waiting for it; 1,001 = more than 1,000. */
	readonly waiting: number;
	/** The first few of them. */
	readonly waiters?: ReadonlyArray<{readonly name: string; readonly taskId: string}> | undefined;
	/** Since 0.1.0 the first emit wins; before it a later one overwrote. */
	readonly firstWins: boolean;
}

/** What a dialog knows about the task that it would spawn. */
export interface SpawnFacts {
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	/** `kind` of the retry strategy as typed; undefined = none given. */
	readonly retryKind: string | undefined;
	/** Whether a worker started a task of this name among the newest ones of the queue. */
	readonly nameSeen: boolean;
	/** The task that has the idempotency key already. */
	readonly existing: {readonly taskId: string; readonly state: State} | undefined;
}

/** How a retry is meant. */
export interface RetryWish {
	readonly spawnNew: boolean;
	/** Further attempts in place; undefined = one. */
	readonly extraAttempts: number | undefined;
}

const cap = 1000;

function many(count: number, one: string, others?: string): string {
	const value = count > cap ? ({value: cap, exactness: 'atLeast'} as const) : count;
	return plural(value, one, others);
}

const ended: readonly State[] = ['completed', 'failed', 'cancelled'];

/** Why a task cannot be retried in its state, undefined when it can. */
export function retryRefusal({state, taskId}: Pick<TaskFacts, 'state' | 'taskId'>): string | undefined {
	if (state === 'failed') return undefined;
	if (state === 'cancelled')
		return `Task ${taskId} is cancelled; a cancelled task cannot be retried. Spawn it anew (N).`;
	if (state === 'completed') return `Task ${taskId} is completed; only a failed task can be retried.`;
	return `Task ${taskId} is ${state}: it has not failed, so there is nothing to retry.`;
}

/** Why a task cannot be cancelled in its state, undefined when it can. */
export function cancelRefusal({state, taskId}: Pick<TaskFacts, 'state' | 'taskId'>): string | undefined {
	return ended.includes(state) ? `Task ${taskId} is ${state} already; cancelling would change nothing.` : undefined;
}

/** The number of attempts a task may make after a retry in place. */
export function maxAttemptsAfter(
	facts: Pick<TaskFacts, 'attempts' | 'maxAttempts'>,
	{extraAttempts}: RetryWish,
): number {
	return extraAttempts === undefined ? (facts.maxAttempts ?? facts.attempts) + 1 : facts.attempts + extraAttempts;
}

function lostWorker({errorName, worker}: TaskFacts): readonly string[] {
	return errorName === '$ClaimTimeout'
		? [`${worker ?? 'Its worker'} lost the lease of the last attempt and may still be at work: it may run twice.`]
		: [];
}

function overdue({now, firstStartedAt, maxDuration}: TaskFacts): readonly string[] {
	if (firstStartedAt === undefined || maxDuration === undefined) return [];
	const left = firstStartedAt + maxDuration - now;
	return left > 0
		? [`Its max_duration counts from the first start: ${span(left)} are left, then it is cancelled.`]
		: [
				`Its max_duration ran out ${span(-left)} ago and counts from the first start: the next claim in this queue cancels it.`,
			];
}

function resumed({checkpoints}: TaskFacts): string {
	return checkpoints === 0
		? 'It has no checkpoint, so it starts from the beginning.'
		: `${many(checkpoints, 'checkpoint')} ${checkpoints === 1 ? 'is' : 'are'} kept: it resumes after ${checkpoints === 1 ? 'it' : 'them'}.`;
}

/** What a retry will do. */
export function retryConsequences(facts: TaskFacts, wish: RetryWish): readonly string[] {
	if (wish.spawnNew)
		return [
			'A new task with the same parameters and headers starts at attempt 1; this one stays failed.',
			'Checkpoints and idempotency key are not copied: every step runs again.',
			...lostWorker(facts),
		];
	const limit = maxAttemptsAfter(facts, wish);
	const following = limit - facts.attempts;
	const last = following > 1 ? `, up to attempt ${limit} if it fails again` : '; it is the last one';
	return [
		`Attempt ${facts.attempts + 1} follows at once${last}.`,
		...(facts.maxAttempts === null ? [`It had unlimited attempts; from now on it has ${limit}.`] : []),
		resumed(facts),
		...lostWorker(facts),
		...overdue(facts),
	];
}

function cancelRunning({now, worker, leaseExpiresAt}: TaskFacts): readonly string[] {
	const who = worker ?? 'A worker';
	if (leaseExpiresAt !== undefined && leaseExpiresAt <= now)
		return [
			`Its lease ran out ${span(now - leaseExpiresAt)} ago; ${who} may still be at work and will notice at its next checkpoint.`,
			'Side effects until then happen.',
		];
	return [`${who} is running it and will notice at its next checkpoint or heartbeat; side effects until then happen.`];
}

function cancelSleeping({now, wakeEvent, availableAt, startedAt}: TaskFacts): string {
	const left = availableAt === undefined ? 0 : availableAt - now;
	const until = left === Number.POSITIVE_INFINITY ? ' without a timeout' : ` for another ${span(left)}`;
	if (wakeEvent !== undefined)
		return left <= 0
			? `Its wait for event ${wakeEvent} has timed out, and it waits for a worker.`
			: `It waits for event ${wakeEvent}${until}; the event will not wake it any more.`;
	if (left <= 0) return 'It is due and waits for a worker; none will pick it up.';
	return startedAt === undefined
		? `It waits to be retried in ${span(left)}; that attempt will not happen.`
		: `It sleeps${until}; it will not wake up.`;
}

/** What a cancel will do. */
export function cancelConsequences(facts: TaskFacts): readonly string[] {
	const now: readonly string[] =
		facts.state === 'running'
			? cancelRunning(facts)
			: [facts.state === 'sleeping' ? cancelSleeping(facts) : 'It waits for a worker; none will pick it up.'];
	return [...now, 'This is final: a cancelled task cannot be retried.'];
}

/** Longest name of a task in a sentence. */
const longestName = 40;

/** `: approve …f24ab5, approve …1a2b3c and 12 more`. */
function whoWakes({waiting, waiters = []}: EventFacts): string {
	if (waiters.length === 0) return '';
	const names = waiters.map(({name, taskId}) => `${name.slice(0, longestName)} …${taskId.slice(-6)}`);
	const rest = waiting - names.length;
	return `: ${names.join(', ')}${rest > 0 ? ` and ${waiting > cap ? 'many' : rest} more` : ''}`;
}

/** What an emit will do. */
export function emitConsequences(facts: EventFacts): readonly string[] {
	const {now, emittedAt, waiting, firstWins} = facts;
	if (emittedAt !== undefined && firstWins)
		return [`Already emitted ${span(now - emittedAt)} ago: this changes nothing, the first payload stays.`];
	const wakes =
		waiting === 0
			? 'Nobody waits for it now; tasks that await it later get it at once.'
			: `${many(waiting, 'task wakes', 'tasks wake')}${whoWakes(facts)}.`;
	if (firstWins) return [wakes, 'The first payload stays for ever: it cannot be taken back or changed.'];
	return [
		wakes,
		...(emittedAt === undefined ? [] : [`Already emitted ${span(now - emittedAt)} ago: this overwrites its payload.`]),
	];
}

/** What a spawn will do. */
export function spawnConsequences({maxAttempts, retryKind, nameSeen, existing}: SpawnFacts): readonly string[] {
	if (existing) return [`Task ${existing.taskId} (${existing.state}) has this idempotency key: nothing new is made.`];
	const backsOff = retryKind === 'fixed' || retryKind === 'exponential';
	const attempts =
		maxAttempts === null ? 'It may make unlimited attempts.' : `It may make ${plural(maxAttempts, 'attempt')}.`;
	return [
		`A new task is due at once. ${attempts}`,
		...(maxAttempts === null && !backsOff
			? ['Unlimited attempts without back-off: if it always fails, it is retried at once, for ever.']
			: []),
		...(nameSeen
			? []
			: [
					'No worker has run a task of this name here lately; without one that knows it, it would be deferred again and again.',
				]),
	];
}
