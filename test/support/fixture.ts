import type {
	Claim,
	Count,
	Failure,
	Past,
	QueueSnapshot,
	SessionFacts,
	Snapshot,
	State,
} from '../../source/monitor/snapshot.ts';

/**
 * One consistent set of data, the one of the drawings: agents stands still with 14 leases that ran out, mail loses mails
 * to a broken server, the rest is fine. Everything is derived from `now`.
 */
export const now = Date.parse('2026-11-20T13:02:00Z');

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A UUIDv7-like id that ends in six digits of one's choice. */
export function uuid(serial: number, ending?: string): string {
	const time = (now - 3 * hour + serial * 977).toString(16).padStart(12, '0');
	const mixed = Math.imul(serial + 1, 2_654_435_761) >>> 0;
	const tail = (ending ?? (mixed & 0xff_ff_ff).toString(16).padStart(6, '0')).padStart(6, '0');
	return `${time.slice(0, 8)}-${time.slice(8)}-7${(mixed & 0xfff).toString(16).padStart(3, '0')}-9a3c-5e0d41${tail}`;
}

function exact(value: number): Count {
	return {value, exactness: 'exact'};
}

/** Half an hour like the last five minutes, over and over, of which a share failed. */
function past(trend: readonly number[], failing = 0): Past {
	const slots = Array.from({length: 60}, (_, index) => {
		const completed = trend[index % trend.length] ?? 0;
		return {completed, failed: Math.round(completed * failing)};
	});
	return {until: Math.floor(now / 30_000) * 30_000, slots, liveFrom: now - hour};
}

const idle: QueueSnapshot = {
	name: 'idle',
	storageMode: 'unpartitioned',
	severity: 'ok',
	trouble: undefined,
	readAt: now - 300,
	ready: exact(0),
	oldestReadyAt: undefined,
	running: exact(0),
	expired: exact(0),
	retrying: exact(0),
	sleeping: exact(0),
	waiting: exact(0),
	splitOf: undefined,
	fail5m: {failed: 0, finished: 0},
	donePerSecond: 0,
	trend: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
	past: past([0]),
	runTime: undefined,
	drains: {kind: 'unknown'},
	history: {value: 0, exactness: 'estimate'},
	lastClaimAt: undefined,
	nextDueAt: undefined,
};

export const agents: QueueSnapshot = {
	...idle,
	name: 'agents',
	severity: 'critical',
	ready: exact(418),
	oldestReadyAt: now - (4 * minute + 12 * second),
	running: exact(15),
	expired: exact(14),
	retrying: exact(6),
	sleeping: exact(22),
	waiting: exact(40),
	fail5m: {failed: 30, finished: 1429},
	donePerSecond: 0,
	trend: [62, 58, 55, 40, 21, 6, 1, 0, 0, 0],
	past: past([62, 58, 55, 40, 21, 6, 1, 0, 0, 0], 0.02),
	runTime: {p50: 21_400, p95: 58_000, samples: 1399, seed: false},
	drains: {kind: 'never'},
	history: {value: 48_200, exactness: 'estimate'},
	lastClaimAt: now - 4 * minute,
};

export const mail: QueueSnapshot = {
	...idle,
	name: 'mail',
	severity: 'warning',
	ready: exact(12),
	oldestReadyAt: now - 400,
	running: exact(7),
	retrying: exact(31),
	fail5m: {failed: 847, finished: 4603},
	donePerSecond: 12.6,
	trend: [310, 322, 405, 398, 420, 512, 530, 515, 660, 378],
	past: past([310, 322, 405, 398, 420, 512, 530, 515, 660, 378], 0.2),
	runTime: {p50: 410, p95: 1900, samples: 3756, seed: false},
	drains: {kind: 'in', duration: 1000},
	history: {value: 1_040_000, exactness: 'estimate'},
	lastClaimAt: now - 40,
};

const billing: QueueSnapshot = {
	...idle,
	name: 'billing',
	sleeping: exact(3),
	waiting: exact(118),
	fail5m: {failed: 3, finished: 7},
	donePerSecond: 0.0166,
	trend: [0, 1, 0, 0, 1, 0, 0, 1, 0, 1],
	runTime: {p50: 240, p95: 3100, samples: 4, seed: true},
	history: {value: 9120, exactness: 'estimate'},
};

const imports: QueueSnapshot = {
	...idle,
	name: 'imports',
	storageMode: 'partitioned',
	readAt: now - 12 * second,
	sleeping: {value: 10_000, exactness: 'atLeast', at: now - 48 * second},
	splitOf: 10_000,
	history: {value: 2_310_000, exactness: 'estimate'},
};

const search: QueueSnapshot = {
	...idle,
	name: 'search',
	ready: exact(2),
	oldestReadyAt: now - 300,
	fail5m: {failed: 2, finished: 2460},
	donePerSecond: 8.2,
	trend: [240, 251, 244, 246, 238, 249, 250, 247, 243, 250],
	runTime: {p50: 12, p95: 31, samples: 2458, seed: false},
	drains: {kind: 'in', duration: 300},
	history: {value: 311_000, exactness: 'estimate'},
};

const thumbnails: QueueSnapshot = {
	...idle,
	name: 'thumbnails',
	ready: exact(31),
	oldestReadyAt: now - 2300,
	fail5m: {failed: 0, finished: 6121},
	donePerSecond: 20.4,
	trend: [590, 603, 611, 640, 655, 598, 606, 620, 610, 588],
	runTime: {p50: 84, p95: 340, samples: 6121, seed: false},
	drains: {kind: 'in', duration: 2000},
	history: {value: 804_000, exactness: 'estimate'},
};

/** The task of the run detail: …c81f3a, the one claim in agents whose worker is alive. */
export const liveTask = {queue: 'agents', taskId: uuid(4711, 'c81f3a'), runId: uuid(4712, '7be20d')};

function agentClaims(): readonly Claim[] {
	const names = ['run-agent', 'run-agent', 'summarize-thread', 'plan-trip'];
	const checkpoints = ['plan', 'search', 'search#2', 'rank', 'iteration#7'];
	const expired = Array.from({length: 14}, (_, index): Claim => {
		const claimedAt = now - 5 * minute - index * 9 * second;
		const leaseExpiresAt = now - 40 * second - index * 11 * second;
		return {
			queue: 'agents',
			taskId: uuid(100 + index),
			runId: uuid(200 + index),
			taskName: names[index % names.length] ?? 'run-agent',
			attempt: (index % 3) + 1,
			maxAttempts: 5,
			worker: `w-${(index % 4) + 3}:${300 + index}`,
			claimedAt,
			leaseExpiresAt,
			leaseSpan: 120 * second,
			progress:
				index % 5 === 4
					? null
					: {checkpoint: checkpoints[index % 5] ?? 'plan', at: leaseExpiresAt - 120 * second, readAt: now - 4 * second},
		};
	});
	const live: Claim = {
		...liveTask,
		taskName: 'run-agent',
		attempt: 2,
		maxAttempts: 5,
		worker: 'w-7:311',
		claimedAt: now - 76 * second,
		leaseExpiresAt: now + 74 * second,
		leaseSpan: 120 * second,
		progress: {checkpoint: 'rank', at: now - 12 * second, readAt: now - second},
	};
	return [...expired, live];
}

function mailClaim(index: number): Claim {
	return {
		queue: 'mail',
		taskId: uuid(300 + index),
		runId: uuid(400 + index),
		taskName: index === 3 ? 'send-newsletter' : 'send-invoice',
		attempt: 1,
		maxAttempts: index === 3 ? null : 5,
		worker: `w-3:${12 + (index % 3)}`,
		claimedAt: now - (7 - index) * 310,
		leaseExpiresAt: index === 5 ? null : now + 29 * second - index * 900,
		leaseSpan: 30 * second,
		progress: undefined,
	};
}

function mailClaims(): readonly Claim[] {
	const summarize: Claim = {
		...mailClaim(0),
		taskId: uuid(300, 'f24ab5'),
		taskName: 'summarize',
		attempt: 2,
		worker: 'w-3:12',
		claimedAt: now - 46 * second,
		leaseExpiresAt: now + 74 * second,
		leaseSpan: 120 * second,
		progress: {checkpoint: 'plan#3', at: now - 46 * second, readAt: now - second},
	};
	return [summarize, ...Array.from({length: 6}, (_, index) => mailClaim(index + 1))];
}

interface FailureKind {
	/** Ids are counted from here. */
	readonly serial: number;
	readonly count: number;
	readonly queue: string;
	readonly taskName: string;
	readonly errorName: string;
	readonly errorMessage: string;
	readonly every: number;
	readonly fate: readonly (readonly [outcome: Failure['outcome'], state: State, attempt: number])[];
}

const kinds: readonly FailureKind[] = [
	{
		serial: 1001,
		count: 199,
		queue: 'mail',
		taskName: 'send-invoice',
		errorName: 'SMTPServerDisconnected',
		errorMessage: "mailbox 'billing@example.com' unavailable",
		every: 3.2,
		fate: [
			['dead', 'failed', 5],
			['dead', 'failed', 5],
			['retried', 'sleeping', 2],
		],
	},
	{
		serial: 1201,
		count: 72,
		queue: 'agents',
		taskName: 'run-agent',
		errorName: '$ClaimTimeout',
		errorMessage: 'worker did not finish task within claim interval',
		every: 11,
		fate: [
			['retried', 'running', 1],
			['dead', 'failed', 5],
		],
	},
	{
		serial: 1301,
		count: 48,
		queue: 'search',
		taskName: 'reindex-document',
		errorName: 'ConflictError',
		errorMessage: 'version conflict, current version [42] is different than the one provided [41]',
		every: 34,
		fate: [['retried', 'completed', 1]],
	},
	{
		serial: 1401,
		count: 21,
		queue: 'billing',
		taskName: 'charge-card',
		errorName: 'CardDeclined',
		errorMessage: 'insufficient_funds',
		every: 97,
		fate: [['dead', 'failed', 3]],
	},
	{
		serial: 1501,
		count: 3,
		queue: 'imports',
		taskName: 'import-catalogue',
		errorName: 'TimeoutError',
		errorMessage: 'Timed out waiting for event "catalogue.uploaded:2291"',
		every: 610,
		fate: [['cancelled', 'cancelled', 2]],
	},
];

function failures(): readonly Failure[] {
	return kinds
		.flatMap(kind =>
			Array.from({length: kind.count}, (_, index): Failure => {
				const serial = kind.serial + index;
				const [outcome, taskState, attempt] = kind.fate[index % kind.fate.length] ?? ['dead', 'failed', 5];
				return {
					queue: kind.queue,
					taskId: uuid(serial),
					runId: uuid(serial + 5000),
					taskName: kind.taskName,
					attempt,
					maxAttempts: kind.queue === 'billing' ? 3 : 5,
					failedAt: now - Math.round((index + 0.95) * kind.every * second),
					outcome,
					taskState,
					errorName: kind.errorName,
					errorMessage: kind.errorMessage,
					worker: `w-${(index % 4) + 3}:${12 + (index % 9)}`,
					leaseEndedAt: undefined,
				};
			}),
		)
		.sort((first, second) => second.failedAt - first.failedAt);
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

export const snapshot: Snapshot = {
	serial: 42,
	at: now - 300,
	receivedAt: now - 300,
	connection: {kind: 'live'},
	session,
	paused: false,
	interval: 2 * second,
	effectiveInterval: 2 * second,
	tickDuration: 3,
	clockSkew: undefined,
	replay: undefined,
	queues: [agents, billing, imports, mail, search, thumbnails],
	claims: [...agentClaims(), ...mailClaims()],
	claimCount: exact(22),
	failures: failures(),
	failuresCapped: false,
	donePerSecond: 41.2,
	past: past([1202, 1235, 1315, 1324, 1335, 1365, 1387, 1382, 1513, 1217]),
	trend: [1202, 1235, 1315, 1324, 1335, 1365, 1387, 1382, 1513, 1217],
	checks: [],
	findings: [
		{
			rule: 'stale-leases',
			severity: 'critical',
			queue: 'agents',
			sentence: '14 leases expired, nobody has claimed for 4m',
		},
		{rule: 'dead-tasks', severity: 'warning', queue: 'mail', sentence: '312 tasks dead, SMTPServerDisconnected'},
	],
	costs: [
		{probe: 'tick-catalog', kind: 'tick', statements: 1, rows: 6, duration: 1, at: now - 300, trouble: undefined},
		{probe: 'tick-queue', kind: 'tick', statements: 6, rows: 31, duration: 2, at: now - 300, trouble: undefined},
	],
};

/** A Snapshot before the first answer. */
export const firstSecond: Snapshot = {
	...snapshot,
	serial: 0,
	at: undefined,
	receivedAt: undefined,
	connection: {kind: 'connecting', attempt: 1},
	session: undefined,
	tickDuration: undefined,
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
