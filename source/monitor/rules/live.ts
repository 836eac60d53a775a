import {age, counted, percent, plural} from '../phrase.ts';
import {type Evidence, literal, minute, type QueueRule, term} from '../rule.ts';
import type {Duration} from '../snapshot.ts';

/** Nobody has claimed for so long that no worker seems to be there. */
const nobodyClaims = minute;
const oldBacklog = 5 * minute;
const growingFrom = 100;
const fewestFinished = 20;
const unleasedFor = 10 * minute;

/** Time since the last claim; Infinity when none was ever seen. */
function unclaimedFor({queue, now}: Evidence): Duration {
	return queue.lastClaimAt === undefined ? Number.POSITIVE_INFINITY : now - queue.lastClaimAt;
}

function sinceLastClaim(evidence: Evidence): string {
	const unclaimed = unclaimedFor(evidence);
	return Number.isFinite(unclaimed) ? `nobody has claimed for ${age(unclaimed)}` : 'nobody has ever claimed';
}

const startWorkers = (queue: string) =>
	`Start workers for queue ${queue}; expired leases are only noticed and work is only taken when one claims. Live pollers: select pid, application_name, client_addr, state_change from pg_stat_activity where query ilike '%absurd.claim_task(%'`;

/** Rules over what is alive in a queue now. */
export const liveRules: readonly QueueRule[] = [
	{
		id: 'tables-missing',
		title: 'a queue of the registry whose tables are not there',
		remedy: queue => `select absurd.create_queue(${literal(queue)}) -- or: select absurd.drop_queue(${literal(queue)})`,
		find({queue}) {
			if (queue.trouble?.sqlstate !== '42P01') return undefined;
			return {severity: 'critical', sentence: queue.trouble.sentence, proof: {panel: 'queues'}};
		},
	},
	{
		id: 'queue-unreadable',
		title: 'a queue that cannot be read',
		remedy: () =>
			'grant usage on schema absurd to CURRENT_USER; grant select on all tables in schema absurd to CURRENT_USER',
		find({queue}) {
			if (!queue.trouble || queue.trouble.sqlstate === '42P01') return undefined;
			const locked = queue.trouble.sqlstate === '55P03' || queue.trouble.sqlstate === '57014';
			return {
				severity: locked ? 'warning' : 'critical',
				sentence: queue.trouble.sentence,
				proof: locked ? {screen: 'doctor'} : {panel: 'queues'},
			};
		},
	},
	{
		id: 'stale-leases',
		title: 'leases that ran out while nobody claims',
		remedy: startWorkers,
		find(evidence) {
			const {expired} = evidence.queue;
			// An expired lease is only noticed by the next claim: where workers claim it lasts no longer than their poll.
			if (!expired || expired.value === 0 || unclaimedFor(evidence) < nobodyClaims) return undefined;
			const sentence = `${plural(expired, 'lease')} expired, ${sinceLastClaim(evidence)}`;
			return {severity: 'critical', sentence, proof: {panel: 'claims'}};
		},
	},
	{
		id: 'backlog',
		title: 'work that waits while nobody claims, or for minutes',
		remedy: startWorkers,
		find(evidence) {
			const {ready, oldestReadyAt, drains} = evidence.queue;
			if (!ready || ready.value === 0 || oldestReadyAt === undefined) return undefined;
			const waited = evidence.now - oldestReadyAt;
			const waiting = `${counted(ready)} ready, the oldest for ${age(waited)}`;
			if (waited >= nobodyClaims && unclaimedFor(evidence) >= nobodyClaims) {
				const sentence = `${waiting}; ${sinceLastClaim(evidence)}`;
				return {severity: 'critical', sentence, proof: {panel: 'queues'}};
			}
			if (waited < oldBacklog) return undefined;
			const outlook = {
				in: drains.kind === 'in' ? `drains in ${age(drains.duration)}` : '',
				never: 'it does not get shorter',
				unknown: 'workers claim',
			}[drains.kind];
			return {severity: 'warning', sentence: `${waiting}; ${outlook}`, proof: {panel: 'queues'}};
		},
	},
	{
		id: 'growing',
		title: 'arrivals that outrun completions',
		remedy: queue => `Add workers or concurrency for queue ${queue}, or slow down what spawns into it.`,
		find(evidence) {
			const {ready, drains, donePerSecond, caveats, oldestReadyAt} = evidence.queue;
			if (!ready || ready.value < growingFrom || drains.kind !== 'never') return undefined;
			// An old backlog and one that nobody works on are told by the rule above.
			const told = oldestReadyAt !== undefined && evidence.now - oldestReadyAt >= oldBacklog;
			if (told || unclaimedFor(evidence) >= nobodyClaims || !drains.growth) return undefined;
			const growth = `grows by ${drains.growth.toFixed(1)} a second`;
			const done =
				donePerSecond === undefined
					? ''
					: `, ${caveats?.donePerSecond === true ? 'about ' : ''}${donePerSecond.toFixed(1)} done a second`;
			return {
				severity: 'warning',
				sentence: `${counted(ready)} ready and it ${growth}${done}: never drains`,
				proof: {panel: 'queues'},
			};
		},
	},
	{
		id: 'no-lease',
		title: 'runs that are held without a lease',
		remedy: queue =>
			`A claim with timeout 0 is never taken back. If its worker is gone: select absurd.cancel_task(${literal(queue)}, TASK_ID), then spawn anew; let workers claim with a timeout.`,
		find({claims, now}) {
			const held = claims.filter(claim => claim.leaseExpiresAt === null && now - claim.claimedAt >= unleasedFor);
			const oldest = held.reduce((first, claim) => Math.min(first, claim.claimedAt), now);
			const [one] = held;
			if (one === undefined) return undefined;
			const sentence = `${plural(held.length, 'run')} held without a lease, the longest for ${age(now - oldest)}: never taken back`;
			return {severity: 'warning', sentence, proof: {panel: 'claims', filter: term('name', one.taskName)}};
		},
	},
	{
		id: 'failure-share',
		title: 'a large share of attempts that fail',
		remedy: () => 'Open the failures of this queue (Enter): name and message of the newest ones are listed.',
		find({queue}) {
			const share = queue.fail5m;
			if (!share || share.finished < fewestFinished || share.failed / share.finished < 0.1) return undefined;
			const part = share.failed / share.finished;
			const about = queue.caveats?.fail5m === true ? 'about ' : '';
			const sentence = `${about}${percent(part)} of ${share.finished} attempts failed in 5m`;
			return {severity: part >= 0.5 ? 'critical' : 'warning', sentence, proof: {panel: 'failures'}};
		},
	},
];
