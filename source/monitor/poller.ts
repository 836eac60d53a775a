import {CostLedger} from './costs.ts';
import {type Candidate, hotSet} from './hot-set.ts';
import {Pace} from './pace.ts';
import {type AbsorbContext, absorbQueue} from './queue-absorb.ts';
import {type AskContext, countCap, queueAsks} from './queue-asks.ts';
import {QueuePoll} from './queue-poll.ts';
import type {Duration, Instant, Snapshot, Trouble} from './snapshot.ts';
import type {Ask, AskAnswer, Catalogue, Source, TickAnswer} from './source.ts';
import type {SeenTypes} from './type-history.ts';

/** Server time that one tick may use, and how often that the first one, which reads everything cold. */
export const defaultTickBudget = 15;
const firstTick = 25;

/** The ticks after it may use more: until statements are prepared and their plans kept they cost several times as much. */
const warmingTicks = 12;
const warmingFactor = 4;
const firstDeadline = 5000;

/** Part of the interval after which a tick is given up. */
const deadlineShare = 0.8;

/** The names of queues are read again this often. */
const catalogueInterval = 30_000;
const deepInterval = 30_000;

/** What a queue is expected to cost before it was asked, and what reading the trend before the start costs. */
const unknownCost = 1.2;

const checkpointTasksPerTick = 5;

/** Queues in which nothing seems to move that are read all the same in one tick. */
const idlePerTick = 2;
const shownClaims = 1000;
const mostClaims = 500;
const fewestClaims = 25;

/** What a screen shows, so that it is kept hot. */
export interface Visible {
	readonly queues: ReadonlySet<string>;
	readonly runs: ReadonlySet<string>;
}

/** Asks the database tick by tick and remembers what it learned. Keeps no time of its own: every call is given it. */
export class Poller {
	readonly costs = new CostLedger();
	readonly pace: Pace;
	visible: Visible = {queues: new Set(), runs: new Set()};
	catalogue: Catalogue | undefined;
	now: Instant | undefined;
	nowAt = 0;
	tickDuration: Duration | undefined;
	trouble: Trouble | undefined;
	readonly #tickBudget: Duration;
	readonly #queues = new Map<string, QueuePoll>();
	#catalogueAt = Number.NEGATIVE_INFINITY;
	#deepAt = Number.NEGATIVE_INFINITY;
	#standby = false;
	#replayLag: Duration | undefined;
	#ticks = 0;

	constructor(interval: Duration, maxDbMs: number | undefined, tickBudget: Duration) {
		this.pace = new Pace(interval, maxDbMs);
		this.#tickBudget = tickBudget;
	}

	/** How far the server lies behind its primary; undefined where it is no standby. */
	get replay(): Snapshot['replay'] {
		return this.#standby ? {lag: this.#replayLag} : undefined;
	}

	/** What the ticks saw finish in a queue, by task name. */
	seenTypes(queue: string): SeenTypes | undefined {
		return this.#queues.get(queue)?.finishes.types.seen();
	}

	get queues(): readonly QueuePoll[] {
		return [...this.#queues.values()];
	}

	/** Another connection, perhaps to another server: counters and locks start afresh, what was learned stays. */
	reconnected(): void {
		this.refreshRegistry();
		this.#ticks = 0;
		for (const poll of this.#queues.values()) {
			poll.written = undefined;
			poll.writtenRead = undefined;
			poll.locked = false;
			poll.backoff.succeed();
		}
	}

	/** The registry is read with the next tick, not when its turn comes. */
	refreshRegistry(): void {
		this.#catalogueAt = Number.NEGATIVE_INFINITY;
	}

	/** Somebody asks by hand: who has just made a queue, or granted a right, sees it with the next tick. */
	askedByHand(): void {
		this.refreshRegistry();
		for (const poll of this.queues) poll.backoff.retryNow();
	}

	/** One tick at a monotonic time. Rejects with a SourceError when the connection is lost. */
	async tick(source: Source, monotonic: () => number): Promise<void> {
		const started = monotonic();
		const first = this.#ticks === 0;
		const deadline = first ? firstDeadline : this.pace.effective * deadlineShare;
		if (this.catalogue?.kind !== 'queues' || first) {
			this.#takeCatalogue(await source.catalogue(deadline), started);
			if (this.catalogue?.kind !== 'queues') return;
		}
		const refresh = started - this.#catalogueAt >= catalogueInterval;
		const asks = this.#plan(started, first);
		const answer = await source.tick(asks, deadline, refresh);
		this.#ticks++;
		this.#absorb(answer, monotonic());
		if (refresh && answer.catalogue) this.#takeCatalogue(answer.catalogue, started);
	}

	#takeCatalogue(catalogue: Catalogue, monotonic: number): void {
		// A registry that could not be read this once is no reason to forget the queues.
		if (catalogue.kind === 'failed' && this.catalogue?.kind === 'queues') return;
		this.catalogue = catalogue;
		if (catalogue.kind !== 'queues') return;
		this.#catalogueAt = monotonic;
		if (this.now === undefined) this.#setNow(catalogue.now, monotonic);
		const names = new Set(catalogue.queues.map(queue => queue.name));
		for (const name of this.#queues.keys()) if (!names.has(name)) this.#queues.delete(name);
		for (const queue of catalogue.queues) {
			const poll = this.#queues.get(queue.name);
			// Tables made anew under an old name have another past.
			if (poll && poll.catalogue.tables === queue.tables) poll.catalogue = queue;
			else this.#queues.set(queue.name, new QueuePoll(queue));
		}
	}

	#plan(monotonic: number, first: boolean): Ask[] {
		const now = this.databaseTime(monotonic);
		const ready = this.queues.filter(poll => !poll.locked && poll.backoff.allows(monotonic));
		const candidates = ready.map((poll): Candidate => {
			const hot = this.#isHot(poll, now);
			return {name: poll.name, hot, readAt: poll.readAt, cost: poll.cost ?? unknownCost};
		});
		const chosen = new Set(hotSet(candidates, this.#budget(first)));
		const polls = ready.filter(poll => chosen.has(poll.name));
		const deepen = first ? undefined : this.#shallow(polls);
		const deepCount = this.#deepCountOf(polls, monotonic);
		const idle = oldest(polls, poll => poll.finishedReadAt).slice(0, idlePerTick);
		const [outcomes] = oldest(polls.filter(hasFailures), poll => poll.outcomesReadAt);
		const claimRows = Math.max(fewestClaims, Math.min(mostClaims, Math.floor(shownClaims / Math.max(1, polls.length))));
		let checkpointTasks = checkpointTasksPerTick;
		return polls.flatMap(poll => {
			const context: AskContext = {
				now,
				monotonic,
				claimRows,
				standby: this.#standby,
				idleTurn: idle.includes(poll),
				outcomesTurn: poll === outcomes,
				deepen: poll === deepen,
				visibleRuns: this.visible.runs,
				checkpointTasks,
				deepCount: poll === deepCount,
			};
			const asks = queueAsks(poll, context);
			for (const ask of asks) if (ask.kind === 'checkpoints') checkpointTasks -= ask.tasks.length;
			return asks;
		});
	}

	/** A queue whose half hour was not read whole yet; those that somebody looks at first. */
	#shallow(polls: readonly QueuePoll[]): QueuePoll | undefined {
		const shallow = polls.filter(poll => poll.finishes.shallow);
		return shallow.find(poll => this.visible.queues.has(poll.name)) ?? shallow[0];
	}

	#budget(first: boolean): Duration {
		if (first) return this.#tickBudget * firstTick;
		return this.#tickBudget * (this.#ticks <= warmingTicks ? warmingFactor : 1);
	}

	#isHot(poll: QueuePoll, now: Instant): boolean {
		if (poll.readAt === undefined || poll.moved || this.visible.queues.has(poll.name)) return true;
		const due = poll.figures?.nextDue;
		const leaseEnd = poll.claims.nextLeaseEnd(poll.readAt);
		return (due !== undefined && due <= now) || (leaseEnd !== undefined && leaseEnd <= now);
	}

	// A million index entries take a while: only the worst queue that is on screen, and rarely.
	#deepCountOf(polls: readonly QueuePoll[], monotonic: number): QueuePoll | undefined {
		if (monotonic - this.#deepAt < deepInterval) return undefined;
		const over = polls.filter(poll => (poll.figures?.pending ?? 0) > countCap && this.visible.queues.has(poll.name));
		const worst = over.sort((a, b) => (a.figures?.pendingOldest ?? 0) - (b.figures?.pendingOldest ?? 0))[0];
		if (worst) this.#deepAt = monotonic;
		return worst;
	}

	#absorb(answer: TickAnswer, monotonic: number): void {
		this.tickDuration = answer.duration;
		this.trouble = answer.trouble;
		this.pace.absorb(answer.serverTime ?? answer.duration, answer.late);
		if (isRegistryStale(answer, this.#standby)) this.refreshRegistry();
		if (answer.now === undefined) return;
		if (this.now !== undefined && answer.now < this.now - 1000) for (const poll of this.queues) poll.startOver();
		this.#standby = answer.standby;
		this.#replayLag = answer.replayLag;
		this.#setNow(answer.now, monotonic);
		for (const poll of this.queues) {
			poll.locked = answer.locked.has(poll.name);
			if (answer.counters && !answer.standby) poll.written = answer.counters.get(poll.name);
		}
		const context: AbsorbContext = {
			now: answer.now,
			monotonic,
			interval: this.pace.effective,
			costScale: costScale(answer),
		};
		for (const [name, answers] of byQueue(answer.answers)) {
			const poll = this.#queues.get(name);
			if (poll) absorbQueue(poll, answers, context);
		}
		this.costs.absorb(answer.answers, answer.now, queue => this.#queues.get(queue)?.backoff.trouble?.sentence);
	}

	#setNow(now: Instant, monotonic: number): void {
		this.now = now;
		this.nowAt = monotonic;
	}

	/** A guess at database time from the last answer; good to a round trip as long as the machine did not sleep. */
	databaseTime(monotonic: number): Instant {
		return (this.now ?? 0) + (monotonic - this.nowAt);
	}
}

/** What shows that the schema, a queue, or the server's part in a cluster is not what it was. */
function isRegistryStale({trouble, now, standby, answers}: TickAnswer, wasStandby: boolean): boolean {
	if (now === undefined) return trouble !== undefined;
	const dropped = answers.some(({result}) => result.kind === 'error' && result.trouble.sqlstate === '42P01');
	return dropped || standby !== wasStandby;
}

// Answers wait for the network and for this process, too; what the server says it took is the measure of the budget.
function costScale({answers, serverTime}: TickAnswer): number {
	const taken = answers.reduce((sum, {duration}) => sum + (duration ?? 0), 0);
	return serverTime === undefined || taken === 0 ? 1 : Math.min(1, serverTime / taken);
}

function hasFailures(poll: QueuePoll): boolean {
	return poll.failures.failures.length > 0;
}

/** The longest unread first. */
function oldest(polls: readonly QueuePoll[], readAt: (poll: QueuePoll) => Instant | undefined): QueuePoll[] {
	const at = (poll: QueuePoll) => readAt(poll) ?? Number.NEGATIVE_INFINITY;
	return [...polls].sort((a, b) => (at(a) < at(b) ? -1 : 1));
}

function byQueue(answers: readonly AskAnswer[]): ReadonlyMap<string, readonly AskAnswer[]> {
	const groups = new Map<string, AskAnswer[]>();
	for (const answer of answers) {
		const group = groups.get(answer.ask.queue);
		if (group) group.push(answer);
		else groups.set(answer.ask.queue, [answer]);
	}
	return groups;
}
