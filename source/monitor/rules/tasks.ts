import {age, brief, plural, span} from '../phrase.ts';
import {day, given, groupBy, hour, literal, minute, named, type QueueRule, second, term, terms} from '../rule.ts';

const deferredFor = 45 * second;
const endlessFor = hour;
const crowd = 100;
const soon = 5 * minute;
const fewestRecent = 3;
const fewestBefore = 10;
const slower = 3;
const leastRise = second;
const stuckRise = 30 * second;
const longestFactor = 2;

/** Rules over what tasks wait for and how their steps go, from slow facts. */
export const taskRules: readonly QueueRule[] = [
	{
		id: 'unknown-task',
		title: 'tasks whose name no worker knows, put off for ever',
		remedy: queue =>
			`Deploy a worker that registers the task for queue ${queue}, or cancel: select absurd.cancel_task(${literal(queue)}, TASK_ID)`,
		find({queue, facts, now}) {
			return given(
				facts,
				({deferred}) => deferred,
				deferred => {
					const tasks = deferred.filter(({since}) => now - since >= deferredFor);
					const [first] = tasks;
					if (first === undefined) return undefined;
					const names = [...groupBy(tasks, task => task.taskName).keys()];
					const which = names.length === 1 ? first.taskName : `${first.taskName} and ${names.length - 1} other names`;
					const sentence = `no worker knows ${which}: ${plural(tasks.length, 'task')} put off again and again for ${age(now - first.since)}`;
					const run = {queue: queue.name, taskId: first.taskId, runId: first.runId};
					return {severity: 'warning', sentence, proof: {screen: 'run', run}};
				},
			);
		},
	},
	{
		id: 'endless-wait',
		title: 'waits for an event without a time limit',
		remedy: queue =>
			`Find out who should emit it; to end the wait: select absurd.emit_event(${literal(queue)}, EVENT, PAYLOAD). Give such waits a timeout.`,
		find({facts, now}) {
			return given(
				facts,
				({awaited}) => awaited,
				awaited => {
					const endless = awaited
						.filter(({emitted, oldestUntimed}) => !emitted && now - (oldestUntimed ?? now) >= endlessFor)
						.sort((a, b) => (a.oldestUntimed ?? 0) - (b.oldestUntimed ?? 0));
					const [first] = endless;
					if (first?.oldestUntimed === undefined) return undefined;
					const others = endless.length === 1 ? '' : `, and ${plural(endless.length - 1, 'event')} more`;
					const waiters = `${first.capped ? '≥' : ''}${plural(first.untimed, 'task waits', 'tasks wait')}`;
					const sentence = `${waiters} for event ${first.name} for ${age(now - first.oldestUntimed)} without a time limit; it was never emitted${others}`;
					return {severity: 'warning', sentence, proof: {screen: 'events', filter: term('name', first.name)}};
				},
			);
		},
	},
	{
		id: 'crowded-event',
		title: 'an event that very many tasks wait for and nobody emits',
		remedy: queue =>
			`Look at its producer; emitting wakes all at once: select absurd.emit_event(${literal(queue)}, EVENT, PAYLOAD)`,
		find({facts}) {
			return given(
				facts,
				({awaited}) => awaited,
				awaited => {
					const [most] = awaited
						.filter(({emitted, waiters}) => !emitted && waiters >= crowd)
						.sort((a, b) => b.waiters - a.waiters);
					if (most === undefined) return undefined;
					const sentence = `${most.capped ? '≥' : ''}${most.waiters} tasks wait for event ${most.name}, which was never emitted`;
					return {severity: 'warning', sentence, proof: {screen: 'events', filter: term('name', most.name)}};
				},
			);
		},
	},
	{
		id: 'cancellation-soon',
		title: 'tasks that their own policy is about to cancel',
		remedy: () =>
			'The clock runs on wall time, sleeps and waits included, and strikes at the next claim in the queue. What must go on: let it finish now, or spawn it anew with a longer max_duration or max_delay.',
		find({queue, facts, now}) {
			return given(
				facts,
				({cancellations}) => cancellations,
				clocks => {
					// A clock of a minute is always about to strike: only the last fifth of it counts, and five minutes at most.
					const near = clocks.filter(
						({strikesAt, limit}) => strikesAt - now <= Math.min(soon, limit / 5) && now - strikesAt < day,
					);
					const [first] = near;
					if (first === undefined) return undefined;
					const left = first.strikesAt - now;
					const when = left > 0 ? `strikes in ${age(left)}` : `struck ${age(-left)} ago, the next claim cancels it`;
					const others = near.length === 1 ? '' : `, ${near.length - 1} more within 5m`;
					const sentence = `${first.policy} of ${named(first)} (${span(first.limit)}) ${when}${others}`;
					const run = {queue: queue.name, taskId: first.taskId, runId: first.runId};
					return {severity: 'warning', sentence, proof: {screen: 'run', run}};
				},
			);
		},
	},
	{
		id: 'slow-step',
		title: 'a step that takes much longer than it did',
		remedy: () =>
			'Compare a recent run with an older one of that name (Enter on each): what the step calls has become slow, or its input larger. Mind the lease: a step longer than it is taken away.',
		find({queue, facts}) {
			return given(
				facts,
				({steps}) => steps,
				steps => {
					const [worst] = steps
						.filter(
							({recent, before, recentSamples, beforeSamples}) =>
								recentSamples >= fewestRecent &&
								beforeSamples >= fewestBefore &&
								recent >= before * slower &&
								recent - before >= leastRise,
						)
						.sort((a, b) => b.recent / b.before - a.recent / a.before);
					if (worst === undefined) return undefined;
					const sentence = `step ${worst.step} of ${worst.taskName} takes ${brief(worst.recent)}, was ${brief(worst.before)} (medians of ${worst.recentSamples} and ${worst.beforeSamples} runs)`;
					return {
						severity: 'warning',
						sentence,
						proof: {screen: 'tasks', filter: terms(term('queue', queue.name), term('name', worst.taskName))},
					};
				},
			);
		},
	},
	{
		id: 'slow-running-step',
		title: 'a run that has been in its step for much longer than that ever took',
		remedy: queue =>
			`Open it (Enter): what that step calls hangs or has become slow. To end it: select absurd.cancel_task(${literal(queue)}, TASK_ID); its worker notices at its next checkpoint or heartbeat.`,
		find({queue, facts, now}) {
			return given(
				facts,
				({running}) => running,
				running => {
					// Steps that wait for people or for other tasks differ by hours: longer than any seen is what tells.
					const slow = running.filter(({since, usual, longest, samples}) => {
						const length = now - since;
						return (
							samples >= fewestBefore &&
							length >= usual * slower &&
							length >= longest * longestFactor &&
							length - usual >= stuckRise
						);
					});
					const [worst] = slow.sort((a, b) => (now - b.since) / b.usual - (now - a.since) / a.usual);
					if (worst === undefined) return undefined;
					const lasted = age(now - worst.since);
					const doing =
						worst.probable === undefined
							? `has run on for ${lasted} after ${worst.after ?? 'its claim'}`
							: `has probably been in ${worst.probable} for ${lasted}`;
					const others = slow.length === 1 ? '' : `, and ${plural(slow.length - 1, 'other run')}`;
					const sentence = `${named(worst)} ${doing}, usual ${brief(worst.usual)}, longest ${brief(worst.longest)} of ${worst.samples} runs${others}`;
					const run = {queue: queue.name, taskId: worst.taskId, runId: worst.runId};
					return {severity: 'warning', sentence, proof: {screen: 'run', run}};
				},
			);
		},
	},
];
