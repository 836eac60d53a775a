import {age, percent, plural, span} from '../phrase.ts';
import {type Evidence, groupBy, hour, largest, literal, minute, named, type QueueRule, second, term} from '../rule.ts';
import type {Failure} from '../snapshot.ts';

const timeoutName = '$ClaimTimeout';
const recently = hour;
const stormWindow = 5 * minute;
const manyAttempts = 20;
const quickWindow = minute;
const quickFailures = 5;
const fewestTimeouts = 3;
const fewestPoisoned = 5;
const sameCause = 0.8;

function within({failures, now}: Evidence, window: number): readonly Failure[] {
	return failures.filter(({failedAt}) => now - failedAt < window);
}

/** What failed without what differs from task to task: numbers, ids, quoted text. */
export function causeOf({errorName, errorMessage}: Failure): string {
	const message = errorMessage
		.slice(0, 300)
		.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '‹id›')
		.replaceAll(/(["'`])(?:(?!\1).)*\1/g, '‹text›')
		.replaceAll(/\d+(?:\.\d+)?/g, '‹n›');
	return `${errorName}: ${message}`;
}

function spread(failures: readonly Failure[], now: number): string {
	return age(now - Math.min(...failures.map(({failedAt}) => failedAt)));
}

/** Failures of one task of a task name, more than one of which timed out. */
function repeated(timeouts: readonly Failure[]): boolean {
	return [...groupBy(timeouts, failure => failure.taskId).values()].some(group => group.length > 1);
}

/** Rules over the newest failures of a queue. */
export const failureRules: readonly QueueRule[] = [
	{
		id: 'poison',
		title: 'a task type whose failures share one cause',
		remedy: () =>
			'Open one of them (Enter) for stack and params. Mend the cause, then retry the dead ones (R); retrying before that only fails again.',
		find(evidence) {
			const failures = within(evidence, recently).filter(({errorName}) => errorName !== timeoutName);
			const worst = largest(groupBy(failures, failure => `${failure.taskName}\n${causeOf(failure)}`));
			const [first] = worst?.[1] ?? [];
			if (worst === undefined || first === undefined || worst[1].length < fewestPoisoned) return undefined;
			const [, same] = worst;
			const ofType = failures.filter(({taskName}) => taskName === first.taskName);
			if (same.length / ofType.length < sameCause) return undefined;
			const tasks = new Set(same.map(({taskId}) => taskId)).size;
			const who = tasks === 1 ? named(first) : `${first.taskName} (${plural(tasks, 'task')})`;
			const part = same.length === ofType.length ? `all ${same.length}` : `${same.length} of ${ofType.length}`;
			const message = first.errorMessage.slice(0, 60);
			const cause = message === '' ? first.errorName : `${first.errorName}: ${message}`;
			const sentence = `${who} fails for one cause, ${part} attempts in ${spread(same, evidence.now)}: ${cause}`;
			return {severity: 'warning', sentence, proof: {panel: 'failures', filter: term('error', first.errorName)}};
		},
	},
	{
		id: 'dead-letters',
		title: 'tasks that failed for good within the hour',
		remedy: queue => `When the cause is mended: R on the task, or select absurd.retry_task(${literal(queue)}, TASK_ID)`,
		find(evidence) {
			const {failures, failuresKept, now} = evidence;
			const dead = within(evidence, recently).filter(({outcome}) => outcome === 'dead');
			const worst = largest(groupBy(dead, ({errorName}) => errorName));
			if (worst === undefined) return undefined;
			// The list holds the newest failures only: where it is full of dead ones there are more.
			const more = dead.length === failures.length && failures.length >= failuresKept ? '≥' : '';
			const sentence = `${more}${plural(dead.length, 'task')} dead within ${spread(dead, now)}, mostly ${worst[0]}`;
			return {severity: 'warning', sentence, proof: {panel: 'failures', filter: term('state', 'failed')}};
		},
	},
	{
		id: 'retry-storm',
		title: 'a task that is retried without pause or end',
		remedy: queue =>
			`Spawn with a retry strategy, {"kind": "exponential", "base_seconds": 30, "max_seconds": 3600}, and with max_attempts. To stop this one: select absurd.cancel_task(${literal(queue)}, TASK_ID)`,
		find(evidence) {
			const recent = within(evidence, stormWindow).filter(({outcome}) => outcome === 'retried');
			const [worst] = [...recent].sort((a, b) => b.attempt - a.attempt);
			if (worst === undefined) return undefined;
			const proof = {panel: 'failures', filter: term('id', worst.taskId)} as const;
			const task = named(worst);
			if (worst.attempt >= manyAttempts) {
				const limit = worst.maxAttempts === null ? 'without a limit' : `of ${worst.maxAttempts}`;
				return {severity: 'warning', sentence: `retry storm: ${task} failed attempt ${worst.attempt} ${limit}`, proof};
			}
			const quick = recent.filter(
				({taskId, failedAt}) => taskId === worst.taskId && evidence.now - failedAt < quickWindow,
			);
			if (quick.length < quickFailures) return undefined;
			const took = Math.max(...quick.map(({failedAt}) => failedAt)) - Math.min(...quick.map(({failedAt}) => failedAt));
			const sentence = `retry storm: ${task} failed ${quick.length} times within ${span(Math.max(took, second))}, without back-off`;
			return {severity: 'warning', sentence, proof};
		},
	},
	{
		id: 'lease-too-short',
		title: 'leases that expire again and again for the same task name: work longer than its lease',
		remedy: () =>
			'Claim with a longer timeout (claimTimeout), or let the work report more often: a checkpoint or heartbeat well within the lease. Each timeout may have run the work twice.',
		find(evidence) {
			const timeouts = within(evidence, recently).filter(({errorName}) => errorName === timeoutName);
			// A worker that died loses each of its tasks once; work that is too long loses the same task again.
			const groups = [...groupBy(timeouts, ({taskName}) => taskName)].filter(
				([, group]) => group.length >= fewestTimeouts && repeated(group),
			);
			const worst = largest(new Map(groups));
			if (worst === undefined) return undefined;
			const [name, group] = worst;
			const sentence = `${name} lost its lease ${group.length} times in ${spread(group, evidence.now)}: work longer than its lease`;
			return {severity: 'warning', sentence, proof: {panel: 'failures', filter: term('error', timeoutName)}};
		},
	},
	{
		id: 'worker-lost',
		title: 'a worker whose claims timed out',
		remedy: () =>
			'Look at the log of that worker around the time: killed, out of memory, or stuck. Its tasks are retried by others.',
		find(evidence) {
			const timeouts = within(evidence, recently).filter(({errorName}) => errorName === timeoutName);
			const once = timeouts.filter(({taskId}) => timeouts.filter(other => other.taskId === taskId).length === 1);
			const worst = largest(groupBy(once, ({worker}) => worker ?? ''));
			if (worst === undefined || worst[0] === '' || worst[1].length < fewestTimeouts) return undefined;
			const [worker, group] = worst;
			const part = percent(group.length / timeouts.length);
			const sentence = `worker ${worker} lost ${plural(group.length, 'task')} in ${spread(group, evidence.now)}, ${part} of all timeouts`;
			return {severity: 'warning', sentence, proof: {panel: 'failures', filter: term('worker', worker)}};
		},
	},
];
