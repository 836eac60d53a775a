import {plural, span} from './phrase.ts';
import {numbersOf, retryDelay} from './retry-delay.ts';
import type {RunDetail, RunSnapshot} from './run-detail.ts';
import type {Instant} from './snapshot.ts';

/** What the sentence is made from: all of the detail but the sentence itself. */
export type WhyInput = Omit<RunDetail, 'why'>;

/** A claim's deferral by a worker that does not know the task: 15 to 30 s ahead, without a checkpoint. */
const longestDeferral = 31_000;

/** A timer's checkpoint and its wake-up may differ by this much. */
const timerSlack = 2000;

/** A retry's run is made with the failure of the one before; one made later was asked for by somebody. */
const manualSlack = 2000;

/**
 * Why a task is in its state and what happens next, in a few sentences (absurd.md 3.3). `now` is database time.
 */
export function why(detail: WhyInput, now: Instant): string {
	const run = detail.runs.at(-1);
	if (!run) return 'Its runs are no longer there; nothing more can be told.';
	const sentences = [stateSentence(detail, run, now), policySentence(detail, now)];
	return sentences.filter(sentence => sentence !== '').join(' ');
}

function stateSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	switch (detail.state) {
		case 'completed':
			return `Completed ${ago(run.completedAt, now)}in attempt ${run.attempt}.`;
		case 'failed':
			return deadSentence(detail, run, now);
		case 'cancelled':
			return cancelledSentence(detail, run, now);
		case 'running':
			return runningSentence(detail, run, now);
		case 'pending':
			return pendingSentence(detail, run, now);
		case 'sleeping':
			return sleepingSentence(detail, run, now);
	}
}

/** `3m ago `, nothing when the time is not known. */
function ago(at: Instant | undefined, now: Instant): string {
	return at === undefined ? '' : `${span(now - at)} ago `;
}

function attemptOf(run: RunSnapshot, detail: WhyInput): string {
	return detail.maxAttempts === null ? `attempt ${run.attempt}` : `attempt ${run.attempt} of ${detail.maxAttempts}`;
}

function deadSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	const facts = [
		`Dead: ${attemptOf(run, detail)} failed`,
		run.failedAt === undefined ? '' : `${span(now - run.failedAt)} ago`,
		run.failure ? `with ${run.failure.name}` : '',
	];
	const saved = detail.checkpointCount;
	const kept = saved === 0 ? '' : ` and would continue from ${plural(saved, 'saved checkpoint')}`;
	return `${facts.filter(fact => fact !== '').join(' ')}. Only a retry by hand revives it${kept}.`;
}

function cancelledSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	const when = `Cancelled ${ago(detail.cancelledAt, now)}`.trimEnd();
	if (run.state === 'failed')
		return `${when}: a retry of ${attemptOf(run, detail)} would have started after max_duration.`;
	return `${when}. Cancelled tasks cannot be retried.`;
}

function runningSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	const worker = run.worker ?? 'a worker';
	const resumed =
		run.wakeEvent === undefined ? '' : ` It was resumed because its wait for ${run.wakeEvent} had timed out.`;
	if (run.leaseExpiresAt === undefined) {
		return `${worker} holds it without a lease: if that worker dies nobody takes the task over.${resumed}`;
	}
	const left = run.leaseExpiresAt - now;
	if (left > 0) {
		return `${worker} holds it for another ${span(left)}.${resumed} If the lease runs out, ${afterFailure(detail, run)}.`;
	}
	const noticed = `it is failed with $ClaimTimeout when a worker of queue ${detail.queue} next claims`;
	return `Its lease ran out ${span(-left)} ago and ${worker} may still be at work: ${noticed}, then ${afterFailure(detail, run)}.${resumed}`;
}

/** What follows a failure of the run: another attempt, now or later, or none. */
function afterFailure(detail: WhyInput, run: RunSnapshot): string {
	const next = run.attempt + 1;
	if (detail.maxAttempts !== null && next > detail.maxAttempts) return `the task is dead (${attemptOf(run, detail)})`;
	const delay = retryDelay(detail.retryStrategy?.text, run.attempt);
	const when = delay === 0 ? 'at once' : `after ${span(delay)}`;
	return `it is retried ${when} (attempt ${next}${detail.maxAttempts === null ? '' : ` of ${detail.maxAttempts}`})`;
}

function pickup(run: RunSnapshot, now: Instant): string {
	const waiting = now - run.availableAt;
	return waiting < 1000 ? 'waits for a worker to claim it' : `no worker has claimed it for ${span(waiting)}`;
}

function pendingSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	if (run.startedAt !== undefined) return `Woken by an event: ${pickup(run, now)}.`;
	if (run.attempt === 1) return `New: ${pickup(run, now)}.`;
	const before = detail.runs.at(-2);
	const byHand = before?.failedAt !== undefined && run.createdAt - before.failedAt > manualSlack;
	const cause = byHand ? 'was asked for by hand' : 'follows a failure without back-off';
	return `${capital(attemptOf(run, detail))} ${cause}: ${pickup(run, now)}.`;
}

function sleepingSentence(detail: WhyInput, run: RunSnapshot, now: Instant): string {
	const left = run.availableAt - now;
	if (run.wakeEvent !== undefined) return waitSentence(run, run.wakeEvent, now);
	if (run.startedAt === undefined) {
		const next = capital(attemptOf(run, detail));
		if (left <= 0) return `${next} is due after its back-off: ${pickup(run, now)}.`;
		return `${next} waits out its back-off: it is due in ${span(left)}.`;
	}
	const timer = timerOf(detail, run);
	if (left <= 0) return `Its ${timer ? `sleep in ${timer}` : 'sleep'} is over: ${pickup(run, now)}.`;
	if (timer) return `Sleeps in ${timer}, wakes in ${span(left)}.`;
	if (isDeferral(detail, run, left)) {
		return `Probably deferred by a worker that does not know ${detail.taskName}: offered again in ${span(left)}, for ever unless a worker that knows it runs.`;
	}
	return `Sleeps, wakes in ${span(left)}.`;
}

function waitSentence(run: RunSnapshot, event: string, now: Instant): string {
	if (run.availableAt === Number.POSITIVE_INFINITY)
		return `Waits for event ${event}, without a timeout: only that event wakes it.`;
	const left = run.availableAt - now;
	if (left <= 0) return `Its wait for event ${event} has timed out: ${pickup(run, now)}.`;
	return `Waits for event ${event}; the wait times out in ${span(left)}.`;
}

/** The checkpoint of this run that holds its wake-up time. */
function timerOf(detail: WhyInput, run: RunSnapshot): string | undefined {
	return detail.checkpoints.findLast(({ownerRunId, state}) => {
		if (ownerRunId !== run.runId || state?.complete !== true) return false;
		const wakeAt = Date.parse(state.text.replaceAll('"', ''));
		return Math.abs(wakeAt - run.availableAt) <= timerSlack;
	})?.name;
}

function isDeferral(detail: WhyInput, run: RunSnapshot, left: number): boolean {
	const started = run.startedAt ?? 0;
	const saved = detail.checkpoints.some(({ownerRunId, updatedAt}) => ownerRunId === run.runId && updatedAt >= started);
	return !saved && left <= longestDeferral && run.availableAt - started <= longestDeferral;
}

/** When the cancellation policy strikes. It is applied only when a worker of the queue claims. */
function policySentence(detail: WhyInput, now: Instant): string {
	if (detail.state === 'completed' || detail.state === 'failed' || detail.state === 'cancelled') return '';
	const policy = numbersOf(detail.cancellation?.text);
	const started = detail.firstStartedAt;
	const [name, from] =
		started === undefined ? (['max_delay', detail.enqueuedAt] as const) : (['max_duration', started] as const);
	const limit = Number(policy.get(name) ?? Number.NaN);
	if (!Number.isFinite(limit)) return '';
	const left = from + limit * 1000 - now;
	return left > 0
		? `Its ${name} cancels it in ${span(left)}.`
		: `Its ${name} ran out ${span(-left)} ago: the next claim in queue ${detail.queue} cancels it.`;
}

function capital(sentence: string): string {
	return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
