import type {Checkup} from './checkup.ts';
import {checksOf, worstFirst} from './diagnosis.ts';
import {firstRows} from './first-rows.ts';
import {missingQueues} from './missing-queues.ts';
import type {Poller} from './poller.ts';
import type {QueuePoll} from './queue-poll.ts';
import {QueuePortrait} from './queue-portrait.ts';
import type {
	Connection,
	Duration,
	Finding,
	Instant,
	QueueSnapshot,
	SessionFacts,
	Severity,
	Snapshot,
} from './snapshot.ts';
import {totalsOf} from './totals.ts';

/** Rows of all queues together that a Snapshot holds. */
const mostClaims = 1000;
const mostFailures = 5000;

/** Queues that are judged anew in one tick for no other reason than that time has passed. */
const turns = 300;

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

/** Makes the Snapshots, and remembers of each queue what does not change from one to the next. */
export class Assembler {
	#polls: readonly QueuePoll[] = [];
	#portraits: readonly QueuePortrait[] = [];
	/** The same by name. */
	#byName: readonly QueuePortrait[] = [];
	/** Queues have come or gone. */
	#isNew = true;
	#turn = 0;
	#turnAt: Instant | undefined;
	#rows: Pick<Snapshot, 'claims' | 'failures' | 'failuresCapped'> = {claims: [], failures: [], failuresCapped: false};
	#totals = totalsOf([]);

	/** A Snapshot of what the poller knows now. */
	take(poller: Poller, frame: Frame): Snapshot {
		this.#follow(poller.queues);
		if (this.#renew(poller, frame)) this.#gather(poller);
		const {clockSkew, session, checkup} = frame;
		const now = poller.now ?? 0;
		const checks = checksOf(
			{facts: checkup.server, clockSkew, replay: poller.replay, session, now},
			poller.queues[0]?.name,
			this.#portraits.map(({judgement}) => judgement),
		);
		const queues = this.#inOrder(now);
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
			queues,
			missing: poller.catalogue?.kind === 'queues' ? missingQueues(frame.asked, queues) : [],
			...this.#rows,
			...this.#totals,
			findings: worstFirst([...tickFindings(poller), ...checks.flatMap(check => check.findings)]),
			checks,
			costs: poller.costs.list(),
		};
	}

	#follow(polls: readonly QueuePoll[]): void {
		if (polls === this.#polls) return;
		const known = new Map(this.#portraits.map(portrait => [portrait.poll, portrait]));
		this.#polls = polls;
		this.#isNew = true;
		this.#portraits = polls.map(poll => known.get(poll) ?? new QueuePortrait(poll));
		this.#byName = [...this.#portraits].sort((a, b) => (a.poll.name < b.poll.name ? -1 : 1));
	}

	/** Brings the queues up to date; answers whether there is anything new but the time. */
	#renew(poller: Poller, {checkup, monotonic}: Frame): boolean {
		const now = poller.now ?? 0;
		const circumstances = {now, monotonic, standby: poller.standby, failuresKept: poller.failuresKept};
		const count = this.#portraits.length;
		if (now !== this.#turnAt) this.#turn = count === 0 ? 0 : (this.#turn + turns) % count;
		this.#turnAt = now;
		let isNew = this.#isNew;
		for (const [index, portrait] of this.#portraits.entries()) {
			const turn = (index - this.#turn + count) % count < turns;
			if (portrait.renew(circumstances, checkup.queues.get(portrait.poll.name), turn)) isNew = true;
		}
		this.#isNew = false;
		return isNew;
	}

	/** In the order of trouble: by class, then by name. */
	#inOrder(now: Instant): readonly QueueSnapshot[] {
		const classes: Record<Severity, QueueSnapshot[]> = {critical: [], warning: [], ok: []};
		for (const portrait of this.#byName) {
			const queue = portrait.shown(now);
			classes[queue.severity].push(queue);
		}
		return [...classes.critical, ...classes.warning, ...classes.ok];
	}

	/** Puts together what only changes with readings. */
	#gather({failuresKept}: Poller): void {
		this.#totals = totalsOf(this.#portraits.map(portrait => portrait.bare));
		const claims = this.#portraits.map(portrait => portrait.claims);
		const failures = this.#portraits.map(portrait => portrait.failures);
		const newest = firstRows(
			failures,
			mostFailures,
			({failedAt}) => -failedAt,
			() => 0,
		);
		this.#rows = {
			claims: firstRows(
				claims,
				mostClaims,
				({claimedAt}) => claimedAt,
				(a, b) => (a.runId < b.runId ? -1 : 1),
			),
			failures: newest,
			failuresCapped: newest.length >= mostFailures || failures.some(({length}) => length >= failuresKept),
		};
	}
}

/** What keeps the tick as a whole from being answered, though there is a connection. */
function tickFindings({trouble, catalogue}: Poller): readonly Finding[] {
	const reasons = [trouble, catalogue?.kind === 'failed' ? catalogue.trouble : undefined];
	return reasons.flatMap(reason =>
		reason ? [{rule: 'tick-failed', severity: 'critical', queue: undefined, sentence: reason.sentence}] : [],
	);
}
