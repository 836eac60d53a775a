import {counted, percent, plural, span} from './phrase.ts';
import type {Duration, Failure, Finding, Instant, QueueSnapshot, Severity} from './snapshot.ts';

/** What a rule looks at: one queue, its failures newest first, and the time of the reading. */
export interface Evidence {
	readonly queue: QueueSnapshot;
	readonly failures: readonly Failure[];
	readonly now: Instant;
}

/** One thing that can be wrong with a queue. */
export interface Rule {
	readonly id: string;
	/** Undefined when it does not hold; the sentence carries the numbers and leaves out the queue's name. */
	find(evidence: Evidence): {readonly severity: Exclude<Severity, 'ok'>; readonly sentence: string} | undefined;
}

/** Nobody has claimed for so long that no worker seems to be there. */
const nobodyClaims = 60_000;
const oldBacklog = 5 * 60_000;
const deadWindow = 3_600_000;
const stormWindow = 5 * 60_000;
const fewestFinished = 20;
const manyAttempts = 20;

/** Time since the last claim; Infinity when none was ever seen. */
function unclaimedFor({queue, now}: Evidence): Duration {
	return queue.lastClaimAt === undefined ? Number.POSITIVE_INFINITY : now - queue.lastClaimAt;
}

function sinceLastClaim(evidence: Evidence): string {
	const unclaimed = unclaimedFor(evidence);
	return Number.isFinite(unclaimed) ? `nobody has claimed for ${span(unclaimed)}` : 'nobody has ever claimed';
}

function mostFrequent(names: readonly string[]): string | undefined {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** All rules, in the order in which findings of equal severity are shown. */
export const rules: readonly Rule[] = [
	{
		id: 'queue-unreadable',
		find({queue}) {
			if (!queue.trouble) return undefined;
			const locked = queue.trouble.sqlstate === '55P03' || queue.trouble.sqlstate === '57014';
			return {severity: locked ? 'warning' : 'critical', sentence: queue.trouble.sentence};
		},
	},
	{
		id: 'stale-leases',
		find(evidence) {
			const {expired} = evidence.queue;
			// An expired lease is only noticed by the next claim: where workers claim it lasts no longer than their poll.
			if (!expired || expired.value === 0 || unclaimedFor(evidence) < nobodyClaims) return undefined;
			const sentence = `${plural(expired, 'lease')} expired, ${sinceLastClaim(evidence)}`;
			return {severity: 'critical', sentence};
		},
	},
	{
		id: 'backlog',
		find(evidence) {
			const {ready, oldestReadyAt, drains} = evidence.queue;
			if (!ready || ready.value === 0 || oldestReadyAt === undefined) return undefined;
			const age = evidence.now - oldestReadyAt;
			const waiting = `${counted(ready)} ready, the oldest for ${span(age)}`;
			if (age >= nobodyClaims && unclaimedFor(evidence) >= nobodyClaims) {
				return {severity: 'critical', sentence: `${waiting}; ${sinceLastClaim(evidence)}`};
			}
			if (age < oldBacklog) return undefined;
			const outlook = {
				in: drains.kind === 'in' ? `drains in ${span(drains.duration)}` : '',
				never: 'it does not get shorter',
				unknown: 'workers claim',
			}[drains.kind];
			return {severity: 'warning', sentence: `${waiting}; ${outlook}`};
		},
	},
	{
		id: 'failure-share',
		find({queue}) {
			const share = queue.fail5m;
			if (!share || share.finished < fewestFinished || share.failed / share.finished < 0.1) return undefined;
			const part = share.failed / share.finished;
			const sentence = `${percent(part)} of ${share.finished} attempts failed in 5m`;
			return {severity: part >= 0.5 ? 'critical' : 'warning', sentence};
		},
	},
	{
		id: 'dead-letters',
		find({failures, now}) {
			const dead = failures.filter(({outcome, failedAt}) => outcome === 'dead' && now - failedAt < deadWindow);
			const oldest = dead.at(-1);
			if (!oldest) return undefined;
			// The list holds the newest failures only: where it is full of dead ones there are more.
			const more = dead.length === failures.length && failures.length >= 200 ? '≥' : '';
			const error = mostFrequent(dead.map(failure => failure.errorName)) ?? 'Error';
			const sentence = `${more}${plural(dead.length, 'task')} dead within ${span(now - oldest.failedAt)}, mostly ${error}`;
			return {severity: 'warning', sentence};
		},
	},
	{
		id: 'retry-storm',
		find({failures, now}) {
			const recent = failures.filter(({failedAt, outcome}) => outcome === 'retried' && now - failedAt < stormWindow);
			const worst = recent.reduce<Failure | undefined>(
				(most, failure) => (failure.attempt > (most?.attempt ?? 0) ? failure : most),
				undefined,
			);
			if (!worst || worst.attempt < manyAttempts) return undefined;
			const limit = worst.maxAttempts === null ? 'without a limit' : `of ${worst.maxAttempts}`;
			const task = `${worst.taskName} …${worst.taskId.slice(-6)}`;
			return {severity: 'warning', sentence: `retry storm: ${task} failed attempt ${worst.attempt} ${limit}`};
		},
	},
];

const order: Readonly<Record<Severity, number>> = {critical: 0, warning: 1, ok: 2};

/** Which of two severities is worse: negative when the first one is. */
export function compareSeverity(a: Severity, b: Severity): number {
	return order[a] - order[b];
}

/** What is wrong with one queue, worst first. */
export function diagnose(evidence: Evidence): readonly Finding[] {
	const findings = rules.flatMap(rule => {
		const found = rule.find(evidence);
		return found ? [{rule: rule.id, queue: evidence.queue.name, ...found}] : [];
	});
	return findings.sort((a, b) => compareSeverity(a.severity, b.severity));
}

/** Clocks this far apart are a finding. */
const skewLimit = 2000;

/** What is wrong with the client's clock, where it is. */
export function diagnoseClock(skew: Duration | undefined): readonly Finding[] {
	if (skew === undefined || Math.abs(skew) < skewLimit) return [];
	const side = skew > 0 ? 'ahead of' : 'behind';
	const sentence = `This machine's clock is ${span(Math.abs(skew))} ${side} the database's; ages are told in database time.`;
	return [{rule: 'clock-skew', severity: 'warning', queue: undefined, sentence}];
}
