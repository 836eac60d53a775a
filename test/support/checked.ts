import {checkUp, compareSeverity} from '../../source/monitor/diagnosis.ts';
import type {AwaitedEvent, PartitionFacts, QueueFacts} from '../../source/monitor/facts.ts';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import * as evidence from './evidence.ts';
import {now, session, snapshot} from './fixture.ts';

const {day, hour, known} = evidence;

/** The partitions of the queue of imports, made ahead as they should be. */
function partitions(): readonly PartitionFacts[] {
	const later = (at: number | undefined) => (at === undefined ? undefined : at - evidence.now + now);
	return evidence.partitions(28).map(part => ({
		...part,
		from: later(part.from),
		until: later(part.until),
		name: part.name.replace('mail', 'imports'),
	}));
}

const awaited: AwaitedEvent = {
	name: 'payment.settled:2026-11',
	waiters: 117,
	capped: false,
	untimed: 117,
	oldestUntimed: now - 3 * day,
	emitted: false,
};

const facts: QueueFacts = {
	...evidence.facts,
	storage: known({...evidence.storage, dead: {rows: 0, live: 5000, vacuumedAt: now - hour}}),
	oldestFinished: known(now - 20 * day),
	oldestEvent: known(now - 20 * day),
};

const ofQueue: Readonly<Record<string, Partial<QueueFacts>>> = {
	imports: {partitions: known(partitions())},
	billing: {awaited: known([awaited])},
};

const checks = checkUp(
	{...evidence.serverEvidence({cron: {kind: 'unknown', reason: 'pg_cron is not in this database'}}), session, now},
	snapshot.queues.map(queue => ({
		queue,
		failures: snapshot.failures.filter(failure => failure.queue === queue.name),
		failuresKept: 200,
		claims: snapshot.claims.filter(claim => claim.queue === queue.name),
		facts: {...facts, ...ofQueue[queue.name]},
		now,
	})),
);

/** The Snapshot of the drawings with what the rules really say about it. */
export const checkedSnapshot: Snapshot = {
	...snapshot,
	checks,
	findings: checks.flatMap(({findings}) => findings).sort((a, b) => compareSeverity(a.severity, b.severity)),
};
