import type {Checkup} from './checkup.ts';
import {checkUp, compareSeverity} from './diagnosis.ts';
import {sumPasts} from './finish-history.ts';
import {missingQueues} from './missing-queues.ts';
import type {Poller} from './poller.ts';
import {queueSnapshot, trendBuckets} from './queue-snapshot.ts';
import type {Evidence} from './rule.ts';
import type {
	Claim,
	Connection,
	Count,
	Duration,
	Finding,
	QueueSnapshot,
	SessionFacts,
	Severity,
	Snapshot,
} from './snapshot.ts';
import type {TroubleOrder} from './trouble-order.ts';

const mostClaims = 1000;

/** What the Snapshot shows besides what the poller knows. */
export interface Frame {
	readonly serial: number;
	readonly connection: Connection;
	readonly session: SessionFacts | undefined;
	readonly paused: boolean;
	readonly receivedAt: number | undefined;
	readonly clockSkew: Duration | undefined;
	readonly checkup: Checkup;
	/** Queues that were asked for by name. */
	readonly asked: readonly string[];
	readonly monotonic: number;
}

/** A Snapshot of what the poller knows now. */
export function assemble(poller: Poller, order: TroubleOrder, frame: Frame): Snapshot {
	const now = poller.now ?? 0;
	const moment = {now, monotonic: frame.monotonic};
	const evidence = poller.queues.map((poll): Evidence => {
		const queue = queueSnapshot(poll, moment, 'ok');
		const {failures} = poll.failures;
		return {queue, failures, claims: poll.claims.claims(), facts: frame.checkup.queues.get(poll.name), now};
	});
	const {clockSkew, session, checkup} = frame;
	const checks = checkUp({facts: checkup.server, clockSkew, replay: poller.replay, session, now}, evidence);
	const found = checks.flatMap(check => check.findings);
	const findings = [...tickFindings(poller), ...found].sort((a, b) => compareSeverity(a.severity, b.severity));
	const queues = evidence.map(({queue}): QueueSnapshot => {
		const worst = findings.find(finding => finding.queue === queue.name);
		return {...queue, severity: order.observe(queue.name, worst?.severity ?? 'ok')};
	});
	const ticked = poller.tickDuration !== undefined;
	return {
		serial: frame.serial,
		at: ticked ? poller.now : undefined,
		receivedAt: ticked ? frame.receivedAt : undefined,
		connection: frame.connection,
		session: frame.session,
		paused: frame.paused,
		interval: poller.pace.interval,
		effectiveInterval: poller.pace.effective,
		tickDuration: poller.tickDuration,
		clockSkew: frame.clockSkew,
		replay: poller.replay,
		queues: queues.sort(byTrouble),
		missing: poller.catalogue?.kind === 'queues' ? missingQueues(frame.asked, queues) : [],
		claims: claimsOf(poller),
		claimCount: sumCounts(queues.map(queue => queue.running)),
		failures: poller.queues.flatMap(poll => poll.failures.failures).sort((a, b) => b.failedAt - a.failedAt),
		donePerSecond: sum(queues.map(queue => queue.donePerSecond)),
		trend: Array.from({length: trendBuckets}, (_, index) => sum(queues.map(queue => queue.trend[index]))),
		past: sumPasts(queues.map(queue => queue.past)),
		findings,
		checks,
		costs: poller.costs.list(),
	};
}

/** What keeps the tick as a whole from being answered, though there is a connection. */
function tickFindings({trouble, catalogue}: Poller): readonly Finding[] {
	const reasons = [trouble, catalogue?.kind === 'failed' ? catalogue.trouble : undefined];
	return reasons.flatMap(reason =>
		reason ? [{rule: 'tick-failed', severity: 'critical', queue: undefined, sentence: reason.sentence}] : [],
	);
}

function byTrouble(a: {name: string; severity: Severity}, b: {name: string; severity: Severity}): number {
	return compareSeverity(a.severity, b.severity) || (a.name < b.name ? -1 : 1);
}

function claimsOf(poller: Poller): readonly Claim[] {
	const claims = poller.queues.flatMap(poll => poll.claims.claims());
	return claims.sort((a, b) => a.claimedAt - b.claimedAt || (a.runId < b.runId ? -1 : 1)).slice(0, mostClaims);
}

/** Sum of what is known; undefined when nothing is. */
function sum(values: readonly (number | undefined)[]): number | undefined {
	const known = values.filter(value => value !== undefined);
	return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function sumCounts(counts: readonly (Count | undefined)[]): Count | undefined {
	const known = counts.filter(count => count !== undefined);
	if (known.length === 0) return undefined;
	const value = known.reduce((total, count) => total + count.value, 0);
	const exact = known.length === counts.length && known.every(count => count.exactness === 'exact');
	return {value, exactness: exact ? 'exact' : 'atLeast'};
}
