import type {Fact, PartitionFacts, QueueFacts, ServerFacts, StorageFacts} from '../../source/monitor/facts.ts';
import type {Evidence, ServerEvidence} from '../../source/monitor/rule.ts';
import type {Claim, Failure, QueueSnapshot} from '../../source/monitor/snapshot.ts';
import {emptyQueue, session} from './stub-monitor.ts';

export const now = Date.UTC(2026, 0, 1);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const exact = (value: number) => ({value, exactness: 'exact'}) as const;
export const known = <T>(value: T): Fact<T> => ({kind: 'known', value});

export const taskId = '01890000-0000-7000-8000-000000f24ab5';

export function failure(change: Partial<Failure> = {}): Failure {
	return {
		queue: 'mail',
		taskId,
		runId: 'r',
		taskName: 'send',
		attempt: 1,
		maxAttempts: 5,
		failedAt: now - minute,
		outcome: 'dead',
		taskState: 'failed',
		errorName: 'SMTPError',
		errorMessage: '',
		worker: undefined,
		leaseEndedAt: undefined,
		...change,
	};
}

export function claim(change: Partial<Claim> = {}): Claim {
	return {
		queue: 'mail',
		taskId,
		runId: 'r',
		taskName: 'send',
		attempt: 1,
		maxAttempts: 5,
		worker: 'w-1:1',
		claimedAt: now - minute,
		leaseExpiresAt: now + minute,
		leaseSpan: 2 * minute,
		progress: undefined,
		...change,
	};
}

export const storage: StorageFacts = {
	taskRows: 5000,
	taskBytes: 10_000_000,
	sweepIndexed: false,
	eventRows: 10,
	eventsIndexed: true,
	dead: {rows: 0, live: 5000, vacuumedAt: now - hour},
	cleanupTtl: 30 * day,
	defaultPartition: 'enabled',
	lookahead: 28 * day,
	detachMode: 'empty',
	detachMinAge: 30 * day,
	leftovers: [],
};

/** Weekly partitions of the four tables, from a week ago until so many days ahead, with or without a default one. */
export function partitions(daysAhead: number, withDefault = true): readonly PartitionFacts[] {
	return ['t_mail', 'r_mail', 'c_mail', 'w_mail'].flatMap(parent => {
		const weekly = (from: number, until: number, name: string): PartitionFacts => ({
			parent,
			name: `${parent}_${name}`,
			isDefault: false,
			from,
			until,
			detachPending: false,
			empty: undefined,
		});
		const byDefault: PartitionFacts = {
			...weekly(0, 0, 'd'),
			isDefault: true,
			from: undefined,
			until: undefined,
			empty: true,
		};
		const end = now + daysAhead * day;
		const parts = [weekly(now - 7 * day, Math.min(end, now + day), '601'), weekly(now + day, end, '602')];
		return [...parts.filter(({from, until}) => (until ?? 0) > (from ?? 0)), ...(withDefault ? [byDefault] : [])];
	});
}

export const facts: QueueFacts = {
	storage: known(storage),
	indexes: known({byState: true, byTask: true, invalid: []}),
	partitions: known([]),
	deferred: known([]),
	awaited: known([]),
	cancellations: known([]),
	oldestFinished: known(now - 20 * day),
	oldestEvent: known(now - 20 * day),
	steps: known([]),
	running: known([]),
};

export function evidence(
	queue: Partial<QueueSnapshot>,
	rest: {
		readonly failures?: readonly Failure[];
		readonly claims?: readonly Claim[];
		readonly facts?: Partial<QueueFacts>;
	} = {},
): Evidence {
	return {
		queue: {...emptyQueue('mail', now), ...queue},
		failures: rest.failures ?? [],
		failuresKept: 200,
		claims: rest.claims ?? [],
		facts: {...facts, ...rest.facts},
		now,
	};
}

const server: ServerFacts = {
	locks: known([]),
	horizon: known([]),
	cron: known([
		{
			name: 'absurd_cleanup',
			command: 'select absurd.cleanup_all_queues()',
			active: true,
			status: 'succeeded',
			message: '',
			startedAt: now,
		},
	]),
};

export function serverEvidence(change: Partial<ServerFacts> = {}, rest: Partial<ServerEvidence> = {}): ServerEvidence {
	return {facts: {...server, ...change}, clockSkew: undefined, replay: undefined, session, now, ...rest};
}
