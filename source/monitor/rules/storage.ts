import type {IndexFacts, PartitionFacts, StorageFacts} from '../facts.ts';
import {plural, span} from '../phrase.ts';
import {day, type Evidence, given, literal, minute, type QueueRule, relation, type Verdict} from '../rule.ts';

const manyTasks = 1_000_000;
const manyBytes = 2 * 1024 ** 3;
const manyEvents = 10_000;
const manyDead = 100_000;
const deadShare = 0.4;

/** Cleanup takes batches by the hour: what is a little late is on its way. */
const retentionSlack = 2 * day;
const shortestAhead = 7 * day;

function bytes(value: number): string {
	return value >= 1024 ** 3 ? `${(value / 1024 ** 3).toFixed(1)} GB` : `${Math.round(value / 1024 ** 2)} MB`;
}

function storage(evidence: Evidence, judge: (facts: StorageFacts) => Verdict): Verdict {
	return given(evidence.facts, facts => facts.storage, judge);
}

function partitioned(
	evidence: Evidence,
	judge: (parts: readonly PartitionFacts[], facts: StorageFacts) => Verdict,
): Verdict {
	if (evidence.queue.storageMode === 'unpartitioned') return undefined;
	return given(
		evidence.facts,
		facts => facts.partitions,
		parts => storage(evidence, facts => judge(parts, facts)),
	);
}

/** The first instant that one of the tables has no partition for, going on from now; undefined = not even now. */
export function coveredUntil(parts: readonly PartitionFacts[], now: number): number | undefined {
	const parents = [...new Set(parts.map(({parent}) => parent))];
	const ends = parents.map(parent => {
		const own = parts.filter(part => part.parent === parent && !part.isDefault);
		let end = now;
		for (;;) {
			const next = own.find(({from, until}) => (from ?? Number.POSITIVE_INFINITY) <= end && (until ?? 0) > end);
			if (next?.until === undefined) return end;
			end = next.until;
		}
	});
	const end = Math.min(...ends);
	return parents.length === 0 || end === now ? undefined : end;
}

function judgeIndexes({byState, byTask, invalid}: IndexFacts): Verdict {
	const proof = {screen: 'doctor'} as const;
	if (!byState)
		return {
			severity: 'critical',
			sentence: 'every claim scans: no usable index on (state, available_at) of its runs',
			proof,
		};
	if (!byTask)
		return {severity: 'warning', sentence: 'runs are found by scanning: no usable index on task_id of its runs', proof};
	if (invalid.length === 0) return undefined;
	const rest = invalid.length > 3 ? ` and ${invalid.length - 3} more` : '';
	return {
		severity: 'warning',
		sentence: `Postgres does not use ${invalid.slice(0, 3).join(', ')}${rest}: building failed`,
		proof,
	};
}

const ensure = (queue: string) => `select absurd.ensure_partitions(${literal(queue)})`;

/** Rules over tables, partitions and retention, from slow facts. */
export const storageRules: readonly QueueRule[] = [
	{
		id: 'no-partition-ahead',
		title: 'writes that will fail: no default partition, and none ahead',
		remedy: ensure,
		find(evidence) {
			return partitioned(evidence, (parts, {defaultPartition}) => {
				if (defaultPartition !== 'disabled' || parts.some(({isDefault}) => isDefault)) return undefined;
				const end = coveredUntil(parts, evidence.now);
				if (end !== undefined && end - evidence.now >= shortestAhead) return undefined;
				const when =
					end === undefined ? 'writes fail now (23514)' : `writes fail in ${span(end - evidence.now)} (23514)`;
				const sentence = `no default partition and no partition ahead: ${when}`;
				return {severity: 'critical', sentence, proof: {screen: 'storage', filter: 'partition'}};
			});
		},
	},
	{
		id: 'default-partition-filled',
		title: 'rows in the default partition',
		remedy: queue =>
			`While they are there absurd.ensure_partitions fails for their weeks, and for every queue in the same statement. Move them out by hand in one transaction: detach ${relation('t', `${queue}_d`)} and its like, ${ensure(queue)}, insert the rows again, attach.`,
		find(evidence) {
			return partitioned(evidence, parts => {
				const filled = parts.filter(({isDefault, empty}) => isDefault && empty === false);
				if (filled.length === 0) return undefined;
				const names = filled.map(({name}) => name).join(', ');
				const sentence = `rows in the default ${filled.length === 1 ? 'partition' : 'partitions'} ${names}: no partition can be made for their weeks`;
				return {severity: 'critical', sentence, proof: {screen: 'storage', filter: '_d'}};
			});
		},
	},
	{
		id: 'partitions-missing',
		title: 'partitions that are not made ahead',
		remedy: queue => `${ensure(queue)}; then see to it that a job calls it: absurdctl cron --enable --queue ${queue}`,
		find(evidence) {
			return partitioned(evidence, (parts, {lookahead, defaultPartition}) => {
				const end = coveredUntil(parts, evidence.now);
				if (end === undefined) {
					if (defaultPartition === 'disabled') return undefined;
					const sentence = 'no partition for this week: new rows go to the default partition';
					return {severity: 'critical', sentence, proof: {screen: 'storage', filter: 'partition'}};
				}
				const ahead = end - evidence.now;
				// Partitions are whole weeks; the last one may be made as late as a week before the policy's horizon.
				const wanted = Math.min(lookahead ?? 0, 28 * day) - shortestAhead;
				if (ahead >= wanted || (defaultPartition === 'disabled' && ahead < shortestAhead)) return undefined;
				const sentence = `partitions end in ${span(ahead)}, the policy wants ${span(lookahead ?? 0)} ahead: nobody makes them`;
				return {severity: 'warning', sentence, proof: {screen: 'storage', filter: 'partition'}};
			});
		},
	},
	{
		id: 'detach-backlog',
		title: 'old partitions that wait to be detached or dropped',
		remedy: queue =>
			`select * from absurd.list_detach_candidates(${literal(queue)}); absurdctl cron --enable --queue ${queue}`,
		find(evidence) {
			return partitioned(evidence, (parts, {detachMode, detachMinAge, leftovers}) => {
				const pending = parts.filter(({detachPending}) => detachPending).map(({name}) => name);
				const old = parts.filter(
					({until, empty}) =>
						detachMode === 'empty' &&
						empty === true &&
						evidence.now - (until ?? evidence.now) > (detachMinAge ?? 0) + 7 * day,
				);
				const said: string[] = [];
				if (pending.length > 0) said.push(`a detach of ${pending.join(', ')} was left half done`);
				if (old.length > 0) said.push(`${plural(old.length, 'empty partition')} past the age of detaching`);
				if (leftovers.length > 0)
					said.push(`${plural(leftovers.length, 'detached table')} not dropped: ${leftovers[0]}`);
				if (said.length === 0) return undefined;
				return {severity: 'warning', sentence: said.join('; '), proof: {screen: 'storage', filter: 'partition'}};
			});
		},
	},
	{
		id: 'retention',
		title: 'finished tasks kept longer than the policy says',
		remedy: queue =>
			`absurdctl cleanup ${queue} DAYS once, then a job: absurdctl cron --enable, or hourly select * from absurd.cleanup_all_queues()`,
		find(evidence) {
			return storage(evidence, ({cleanupTtl, taskRows}) => {
				if (cleanupTtl === undefined) return {unknown: 'this release of Absurd keeps no policy'};
				return given(
					evidence.facts,
					facts => facts.oldestFinished,
					oldest => {
						if (oldest === null) return undefined;
						const kept = evidence.now - oldest;
						if (kept < cleanupTtl + Math.max(retentionSlack, cleanupTtl / 10)) return undefined;
						const rows = taskRows === undefined ? '' : `, ~${Math.round(taskRows)} tasks kept`;
						const sentence = `finished tasks are kept for ${span(kept)}, the policy says ${span(cleanupTtl)}: cleanup does not run${rows}`;
						return {severity: 'warning', sentence, proof: {screen: 'storage'}};
					},
				);
			});
		},
	},
	{
		id: 'events-growing',
		title: 'events kept longer than the policy says',
		remedy: queue =>
			`select absurd.cleanup_events(${literal(queue)}, TTL_SECONDS, LIMIT), in a job: absurdctl cron --enable`,
		find(evidence) {
			return storage(evidence, ({cleanupTtl, eventRows}) => {
				if (cleanupTtl === undefined) return {unknown: 'this release of Absurd keeps no policy'};
				return given(
					evidence.facts,
					facts => facts.oldestEvent,
					oldest => {
						if (oldest === null || (eventRows ?? 0) < manyEvents) return undefined;
						const kept = evidence.now - oldest;
						if (kept < cleanupTtl + Math.max(retentionSlack, cleanupTtl / 10)) return undefined;
						const sentence = `~${Math.round(eventRows ?? 0)} events, the oldest kept for ${span(kept)}; the policy says ${span(cleanupTtl)}`;
						return {severity: 'warning', sentence, proof: {screen: 'storage'}};
					},
				);
			});
		},
	},
	{
		id: 'missing-index',
		title: 'an index that claims or this program live on, missing or broken',
		remedy: queue =>
			`\\d ${relation('r', queue)} in psql, beside that of a new queue. A broken one: drop index NAME; then build it anew with create index concurrently.`,
		find(evidence) {
			return given(evidence.facts, facts => facts.indexes, judgeIndexes);
		},
	},
	{
		id: 'claim-cost',
		title: 'a task table so large that every claim is dear',
		remedy: queue =>
			`Before it takes work, every claim reads the whole of ${relation('t', queue)} for tasks to cancel. Keep less history: absurdctl cleanup ${queue} DAYS.`,
		find(evidence) {
			return storage(evidence, ({taskRows, taskBytes, sweepIndexed}) => {
				const large = (taskRows ?? 0) >= manyTasks || taskBytes >= manyBytes;
				if (sweepIndexed || !large) return undefined;
				const rows = taskRows === undefined ? '' : `~${Math.round(taskRows)} tasks, `;
				const sentence = `${rows}${bytes(taskBytes)} are read by every claim to look for tasks to cancel`;
				return {severity: 'warning', sentence, proof: {screen: 'storage'}};
			});
		},
	},
	{
		id: 'dead-rows',
		title: 'dead rows that vacuum has not removed',
		remedy: queue =>
			`vacuum (analyze) ${relation('r', queue)}; vacuum (analyze) ${relation('t', queue)}; then: alter table ${relation('r', queue)} set (autovacuum_vacuum_scale_factor = 0.02)`,
		find(evidence) {
			return storage(evidence, ({dead}) => {
				if (dead === undefined) return {unknown: 'a standby keeps no statistics of dead rows'};
				const {rows, live, vacuumedAt} = dead;
				const recent = vacuumedAt !== undefined && evidence.now - vacuumedAt < 2 * minute;
				if (rows < manyDead || rows / (rows + live) < deadShare || recent) return undefined;
				const last = vacuumedAt === undefined ? 'never vacuumed' : `vacuumed ${span(evidence.now - vacuumedAt)} ago`;
				const sentence = `${rows} dead rows beside ${live} live ones, ${last}`;
				return {severity: 'warning', sentence, proof: {screen: 'storage'}};
			});
		},
	},
];
