import type {Monitor} from '../../source/monitor/monitor.ts';
import type {Probe, ProbeAnswers} from '../../source/monitor/probe.ts';
import type {QueueSnapshot, SessionFacts, Snapshot} from '../../source/monitor/snapshot.ts';

/** A monitor whose Snapshots the test gives; it writes down what was wished of it. */
export interface StubMonitor extends Monitor {
	/** Changes the Snapshot (its serial goes up) and tells everybody. */
	give(change: Partial<Snapshot>): void;
	answer(answers: Partial<ProbeAnswers>): void;
	readonly wishes: readonly string[];
	readonly probe: () => Probe | undefined;
}

export const session: SessionFacts = {
	user: 'absurd',
	host: 'db1',
	port: 5432,
	database: 'jobs',
	serverVersion: '17.5',
	schemaVersion: '0.5.0',
	pooled: false,
	embedded: false,
	standby: false,
	readOnly: undefined,
	tls: true,
};

/** Before the first tick. */
export const blankSnapshot: Snapshot = {
	serial: 0,
	at: undefined,
	receivedAt: undefined,
	connection: {kind: 'connecting', attempt: 1},
	session: undefined,
	paused: false,
	interval: 2000,
	effectiveInterval: 2000,
	tickDuration: undefined,
	clockSkew: undefined,
	replay: undefined,
	queues: [],
	claims: [],
	claimCount: undefined,
	failures: [],
	failuresCapped: false,
	donePerSecond: undefined,
	trend: [],
	past: undefined,
	findings: [],
	checks: [],
	costs: [],
};

/** Connected, with data as of `at`. */
export function liveSnapshot(at: number, change: Partial<Snapshot> = {}): Snapshot {
	return {...blankSnapshot, at, receivedAt: at, connection: {kind: 'live'}, session, tickDuration: 3, ...change};
}

export function emptyQueue(name: string, at: number): QueueSnapshot {
	const zero = {value: 0, exactness: 'exact'} as const;
	return {
		name,
		storageMode: 'unpartitioned',
		severity: 'ok',
		trouble: undefined,
		readAt: at,
		ready: zero,
		oldestReadyAt: undefined,
		running: zero,
		expired: zero,
		retrying: zero,
		sleeping: zero,
		waiting: zero,
		splitOf: undefined,
		fail5m: {failed: 0, finished: 0},
		donePerSecond: 0,
		trend: [],
		past: undefined,
		runTime: undefined,
		drains: {kind: 'unknown'},
		history: zero,
		lastClaimAt: undefined,
		nextDueAt: undefined,
	};
}

export function createStubMonitor(first: Snapshot): StubMonitor {
	let snapshot = first;
	let answers: ProbeAnswers = {};
	let probe: Probe | undefined;
	const listeners = new Set<() => void>();
	const wishes: string[] = [];
	const tell = () => {
		for (const listener of listeners) listener();
	};
	const self: StubMonitor = {
		get snapshot() {
			return snapshot;
		},
		get answers() {
			return answers;
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		look(wanted) {
			if (JSON.stringify(wanted) === JSON.stringify(probe)) return;
			probe = wanted;
			wishes.push(`look ${JSON.stringify(wanted)}`);
		},
		pause(paused) {
			wishes.push(`pause ${paused}`);
			self.give({paused});
		},
		refresh() {
			wishes.push('refresh');
		},
		catchUp() {
			wishes.push('catch up');
		},
		setInterval(interval) {
			wishes.push(`interval ${interval}`);
			self.give({interval, effectiveInterval: interval});
		},
		show() {},
		ready: Promise.resolve(),
		close: async () => {},
		give(change) {
			snapshot = {...snapshot, ...change, serial: snapshot.serial + 1};
			tell();
		},
		answer(change) {
			answers = {...answers, ...change};
			tell();
		},
		wishes,
		probe: () => probe,
	};
	return self;
}
