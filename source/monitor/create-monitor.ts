import {Assembler} from './assembler.ts';
import {Checkup} from './checkup.ts';
import {type Clock, systemClock} from './clock.ts';
import {Link} from './link.ts';
import {Listeners} from './listeners.ts';
import type {Monitor} from './monitor.ts';
import {Poller} from './poller.ts';
import {ProbeDesk} from './probe-desk.ts';
import {Scheduler} from './scheduler.ts';
import type {Connection, Duration, Snapshot} from './snapshot.ts';
import {type Source, SourceError, type SourceFactory, troubleOf} from './source.ts';
import {defaultTickBudget} from './tick-budget.ts';

export interface MonitorOptions {
	/** Milliseconds between the starts of two ticks. */
	readonly interval: Duration;
	/** Server time that ticks may use, milliseconds a second; undefined = no limit but that of the tick. */
	readonly maxDbMs: number | undefined;
	/** Server time that one tick may use, milliseconds; 15 unless told otherwise. The queues read in it are cut to that. */
	readonly tickBudget?: Duration;
	/** Queues that were asked for by name; none = all that there are. */
	readonly queues?: readonly string[];
}

/** What a screen's question may take. */
const probeDeadline = 5000;

/**
 * Starts the live monitor: connects, ticks, and answers with Snapshots until it is closed. Connecting failures and lost
 * connections are states of the Snapshot, never exceptions.
 */
export function createMonitor(connect: SourceFactory, options: MonitorOptions, clock: Clock = systemClock): Monitor {
	const poller = new Poller(options.interval, options.maxDbMs, options.tickBudget ?? defaultTickBudget);
	const assembler = new Assembler();
	const desk = new ProbeDesk();
	const checkup = new Checkup();
	const listeners = new Listeners();
	const scheduler = new Scheduler(clock, work);
	const link = new Link(connect, clock, () => {
		poller.reconnected();
		checkup.reconnected();
		publish();
		scheduler.wake();
	});
	let session: Source['facts'] | undefined;
	let receivedAt: number | undefined;
	let clockSkew: Duration | undefined;
	let paused = false;
	let forced = false;
	let lockMet = false;
	let kept = poller.queues;
	let tickDue = Number.NEGATIVE_INFINITY;
	let serial = 0;
	let resolveReady: () => void = () => undefined;
	const ready = new Promise<void>(resolve => {
		resolveReady = resolve;
	});
	let snapshot = take();

	function connectionNow(): Connection {
		const {catalogue} = poller;
		if (!link.source) return link.connection;
		if (catalogue?.kind === 'no-schema') return {kind: 'no-schema'};
		if (catalogue?.kind === 'no-rights') return {kind: 'no-rights', trouble: catalogue.trouble};
		return catalogue === undefined ? {kind: 'connecting', attempt: 1} : {kind: 'live'};
	}

	function take(): Snapshot {
		serial++;
		const connection = connectionNow();
		return assembler.take(poller, {
			serial,
			connection,
			session,
			paused,
			receivedAt,
			clockSkew,
			checkup,
			asked: options.queues ?? [],
			monotonic: clock.monotonic(),
		});
	}

	function publish(): void {
		snapshot = take();
		listeners.notify();
	}

	async function connected(): Promise<Source | undefined> {
		const asked = !paused || desk.wants(false);
		if (!forced && (!asked || link.wait > 0)) return undefined;
		const source = await link.connect();
		session = source?.facts ?? session;
		return source;
	}

	async function tick(source: Source): Promise<void> {
		const started = clock.monotonic();
		try {
			await poller.tick(source, () => clock.monotonic());
			session = source.facts;
			receivedAt = clock.wall();
			clockSkew = skew(clock.monotonic() - started);
		} catch (error) {
			// A wrong answer ends the connection like a broken one: it is made anew and the trouble is shown meanwhile.
			link.lose(source, error instanceof SourceError ? error.trouble : troubleOf(error));
		}
	}

	// The database read its clock at some moment of the round trip: less than half of one says nothing.
	function skew(roundTrip: Duration): Duration | undefined {
		if (poller.now === undefined || receivedAt === undefined) return undefined;
		const difference = receivedAt - roundTrip / 2 - poller.now;
		return Math.abs(difference) > roundTrip / 2 ? difference : undefined;
	}

	async function work(): Promise<Duration | undefined> {
		const started = clock.monotonic();
		const before = link.source;
		const source = before ?? (await connected());
		// A new connection ticks at once, and while there is none the interval has no say in when the next try is.
		const due = forced || (!paused && (source !== before || started >= tickDue));
		forced = false;
		if (!source || due) {
			if (source) {
				await tick(source);
				tickDue = started + poller.pace.effective;
			}
			publish();
			if (source) await examine(source);
			resolveReady();
		}
		if (link.source && desk.wants(due)) await probe(link.source);
		return nextDelay();
	}

	/** Asks the rules' slow questions that are due. A lock that the tick met is looked into at once. */
	async function examine(source: Source): Promise<void> {
		if (link.source !== source || connectionNow().kind !== 'live') return;
		const locked = poller.queues.some(poll => poll.locked || poll.backoff.trouble?.sqlstate === '55P03');
		if (locked && !lockMet) checkup.hurry();
		lockMet = locked;
		const took = await checkup.turn(source, poller.readable, clock);
		if (kept !== poller.queues) checkup.keep(new Set(poller.queues.map(poll => poll.name)));
		kept = poller.queues;
		if (took === undefined) return;
		poller.costs.note('checkup', took, poller.databaseTime(clock.monotonic()), undefined);
		publish();
	}

	function nextDelay(): Duration | undefined {
		if (paused) return undefined;
		return link.source ? tickDue - clock.monotonic() : link.wait;
	}

	async function probe(source: Source): Promise<void> {
		const name = desk.kind ?? 'nothing';
		const duration = await desk.ask(source, probeDeadline, {
			now: () => poller.databaseTime(clock.monotonic()),
			complete: asked => (asked.kind === 'types' ? {...asked, seen: poller.seenTypes(asked.queue)} : asked),
			clock,
		});
		poller.costs.note(name, duration, poller.databaseTime(clock.monotonic()), undefined);
		listeners.notify();
	}

	scheduler.wake();
	return {
		get snapshot() {
			return snapshot;
		},
		get answers() {
			return desk.answers;
		},
		subscribe: listener => listeners.add(listener),
		look(wanted) {
			if (!desk.put(wanted)) return;
			listeners.notify();
			scheduler.wake();
		},
		pause(wanted) {
			if (paused === wanted) return;
			paused = wanted;
			publish();
			scheduler.wake();
		},
		refresh() {
			forced = true;
			poller.askedByHand();
			scheduler.wake();
		},
		catchUp() {
			forced = true;
			scheduler.wake();
		},
		setInterval(interval) {
			poller.pace.interval = interval;
			tickDue = Math.min(tickDue, clock.monotonic() + interval);
			publish();
			scheduler.wake();
		},
		show(visible) {
			checkup.watched = visible.checkup ?? false;
			poller.visible = {
				queues: new Set(visible.queues),
				runs: new Set(visible.claims.map(claim => claim.runId)),
			};
		},
		ready,
		async close() {
			await scheduler.stop();
			await link.close();
		},
	};
}
