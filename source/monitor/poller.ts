import {CostLedger} from './costs.ts';
import {type Candidate, type Heat, hotSet} from './hot-set.ts';
import {claimRows, failureRows} from './kept-rows.ts';
import {Pace} from './pace.ts';
import {type AbsorbContext, absorbQueue, byQueue, costScale} from './queue-absorb.ts';
import {type AskContext, countCap, queueAsks} from './queue-asks.ts';
import {QueuePoll} from './queue-poll.ts';
import type {Duration, Instant, Snapshot, Trouble} from './snapshot.ts';
import type {Ask, AskAnswer, Catalogue, CatalogueQueue, Source, TickAnswer} from './source.ts';
import {type Depth, TickBudget} from './tick-budget.ts';
import type {SeenTypes} from './type-history.ts';

const firstDeadline = 5000;

/** Part of the interval after which a tick is given up. */
const deadlineShare = 0.8;

/** The names of queues are read again this often. */
const catalogueInterval = 30_000;
const deepInterval = 30_000;

/** From so many queues on that were never read, each is first read without what finished in it: all turn up sooner. */
const crowd = 40;

const checkpointTasksPerTick = 5;

/** Queues in which nothing seems to move that are read all the same in one tick. */
const idlePerTick = 2;

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
	readonly #budget: TickBudget;
	readonly #queues = new Map<string, QueuePoll>();
	#list: readonly QueuePoll[] = [];
	/** The same in the order of their last readings: hardly changes from tick to tick, so that sorting it costs little. */
	#byAge: QueuePoll[] = [];
	#catalogueAt = Number.NEGATIVE_INFINITY;
	#deepAt = Number.NEGATIVE_INFINITY;
	#standby = false;
	#replayLag: Duration | undefined;
	#ticks = 0;

	constructor(interval: Duration, maxDbMs: number | undefined, tickBudget: Duration) {
		this.pace = new Pace(interval, maxDbMs);
		this.#budget = new TickBudget(tickBudget);
	}

	/** How far the server lies behind its primary; undefined where it is no standby. */
	get replay(): Snapshot['replay'] {
		return this.#standby ? {lag: this.#replayLag} : undefined;
	}

	/** What the ticks saw finish in a queue, by task name. */
	seenTypes(queue: string): SeenTypes | undefined {
		return this.#queues.get(queue)?.finishes.types.seen();
	}

	/** In the order of the registry; the same list until queues come or go. */
	get queues(): readonly QueuePoll[] {
		return this.#list;
	}

	/** The queues whose tables can be read now. */
	readonly readable = {
		names: () => this.#list.filter(poll => poll.isReadable).map(({name}) => name),
		has: (queue: string) => this.#queues.get(queue)?.isReadable ?? false,
	};

	/** The newest failures of each queue that are kept. */
	get failuresKept(): number {
		return failureRows(this.#list.length);
	}

	/** Counters are always 0 there: what moved cannot be known. */
	get standby(): boolean {
		return this.#standby;
	}

	/** Another connection, perhaps to another server: counters and locks start afresh, what was learned stays. */
	reconnected(): void {
		this.refreshRegistry();
		this.#ticks = 0;
		for (const poll of this.#list) poll.reconnected();
	}

	/** The registry is read with the next tick, not when its turn comes. */
	refreshRegistry(): void {
		this.#catalogueAt = Number.NEGATIVE_INFINITY;
	}

	/** Somebody asks by hand: who has just made a queue, or granted a right, sees it with the next tick. */
	askedByHand(): void {
		this.refreshRegistry();
		for (const poll of this.#list) poll.retryNow();
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
		const list = catalogue.queues.map(queue => this.#pollOf(queue));
		if (list.length === this.#list.length && list.every((poll, index) => poll === this.#list[index])) return;
		this.#list = list;
		this.#byAge = [...list];
		this.#queues.clear();
		for (const poll of list) this.#queues.set(poll.name, poll);
	}

	/** What is known of a queue; tables made anew under an old name have another past. */
	#pollOf(queue: CatalogueQueue): QueuePoll {
		const known = this.#queues.get(queue.name);
		if (known?.catalogue.tables !== queue.tables) return new QueuePoll(queue);
		known.catalogue = queue;
		return known;
	}

	#plan(monotonic: number, first: boolean): Ask[] {
		const now = this.databaseTime(monotonic);
		this.#byAge.sort((a, b) => readAt(a) - readAt(b));
		const ready = this.#byAge.filter(poll => !poll.locked && poll.backoff.allows(monotonic));
		const unread = ready.reduce((count, poll) => count + Number(poll.readAt === undefined), 0);
		const depthOf = ({name, readAt: at}: QueuePoll): Depth =>
			unread >= crowd && at === undefined && !this.visible.queues.has(name) ? 'live' : 'whole';
		const candidates = ready.map((poll): Candidate => {
			const cost = this.#budget.costOf(poll, depthOf(poll));
			return {name: poll.name, heat: this.#heatOf(poll, now), readAt: poll.readAt, cost};
		});
		const chosen = new Set(hotSet(candidates, this.#budget.after(this.#ticks), this.#ticks));
		const polls = ready.filter(poll => chosen.has(poll.name));
		const deepen = first ? undefined : this.#shallow(polls);
		const deepCount = this.#deepCountOf(polls, monotonic);
		const idle = oldest(polls, poll => poll.finishedReadAt).slice(0, idlePerTick);
		const [outcomes] = oldest(polls.filter(hasFailures), poll => poll.outcomesReadAt);
		const rows = {claimRows: claimRows(polls.length, ready.length), failures: this.failuresKept};
		let checkpointTasks = checkpointTasksPerTick;
		return polls.flatMap(poll => {
			const context: AskContext = {
				now,
				monotonic,
				...rows,
				standby: this.#standby,
				depth: depthOf(poll),
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

	#heatOf(poll: QueuePoll, now: Instant): Heat {
		if (this.visible.queues.has(poll.name)) return 'shown';
		if (poll.readAt === undefined || poll.moved) return 'hot';
		const due = poll.figures?.nextDue;
		const leaseEnd = poll.claims.nextLeaseEnd(poll.readAt);
		return (due !== undefined && due <= now) || (leaseEnd !== undefined && leaseEnd <= now) ? 'hot' : 'cold';
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
		this.#budget.absorb(answer);
		this.pace.absorb(answer.serverTime ?? answer.duration, answer.late);
		if (isRegistryStale(answer, this.#standby)) this.refreshRegistry();
		if (answer.now === undefined) return;
		if (this.now !== undefined && answer.now < this.now - 1000) for (const poll of this.#list) poll.startOver();
		this.#standby = answer.standby;
		this.#replayLag = answer.replayLag;
		this.#setNow(answer.now, monotonic);
		this.#takeHints(answer);
		const context: AbsorbContext = {
			now: answer.now,
			monotonic,
			interval: this.pace.effective,
			failures: this.failuresKept,
			costScale: costScale(answer),
		};
		for (const [name, answers] of byQueue(answer.answers)) this.#absorbQueue(name, answers, context);
		this.costs.absorb(answer.answers, answer.now, queue => this.#queues.get(queue)?.backoff.trouble?.sentence);
	}

	/** What tells at which queues something happened, and which cannot be asked. */
	#takeHints({locked, standby, counters}: TickAnswer): void {
		for (const poll of this.#list) poll.locked = locked.has(poll.name);
		if (standby) return;
		for (const [name, written] of counters ?? []) {
			const poll = this.#queues.get(name);
			if (poll) poll.written = written;
		}
	}

	#absorbQueue(name: string, answers: readonly AskAnswer[], context: AbsorbContext): void {
		const poll = this.#queues.get(name);
		if (!poll) return;
		const isNew = poll.cost === undefined;
		const cost = absorbQueue(poll, answers, context);
		const depth = answers.some(({ask}) => ask.kind !== 'live') ? 'whole' : 'live';
		if (isNew && cost !== undefined) this.#budget.learn(poll, depth, cost);
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

function hasFailures(poll: QueuePoll): boolean {
	return poll.failures.failures.length > 0;
}

function readAt({readAt: at}: QueuePoll): number {
	return at ?? 0;
}

/** The longest unread first. */
function oldest(polls: readonly QueuePoll[], readAt: (poll: QueuePoll) => Instant | undefined): QueuePoll[] {
	const at = (poll: QueuePoll) => readAt(poll) ?? Number.NEGATIVE_INFINITY;
	return [...polls].sort((a, b) => (at(a) < at(b) ? -1 : 1));
}
