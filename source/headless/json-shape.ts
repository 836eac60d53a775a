import {caveatsOf} from '../monitor/caveats.ts';
import {slotSeconds} from '../monitor/finish-history.ts';
import type {
	Claim,
	Connection,
	Count,
	Drains,
	Failure,
	Finding,
	Past,
	QueueSnapshot,
	Snapshot,
} from '../monitor/snapshot.ts';
import {iso8601} from './iso8601.ts';

export type Json = string | number | boolean | null | readonly Json[] | {readonly [key: string]: Json};

type JsonObject = {readonly [key: string]: Json};

function time(instant: number | null | undefined): string | null {
	return instant === undefined || instant === null ? null : iso8601(instant);
}

/** JSON knows neither undefined nor Infinity. */
function number(value: number | undefined): number | null {
	return value === undefined || !Number.isFinite(value) ? null : value;
}

function count(value: Count | undefined): Json {
	return value === undefined ? null : {value: number(value.value), exactness: value.exactness, at: time(value.at)};
}

/** Everything in the order in which `docs/json.md` lists it. */
export function toShape(snapshot: Snapshot): JsonObject {
	const caveats = caveatsOf(snapshot.queues);
	return {
		at: time(snapshot.at),
		receivedAt: time(snapshot.receivedAt),
		connection: connection(snapshot.connection),
		session: session(snapshot.session),
		intervalMs: number(snapshot.interval),
		effectiveIntervalMs: number(snapshot.effectiveInterval),
		tickDurationMs: number(snapshot.tickDuration),
		clockSkewMs: number(snapshot.clockSkew),
		replayLagMs: number(snapshot.replay?.lag),
		donePerSecond: number(snapshot.donePerSecond),
		donePerSecondEstimated: caveats.donePerSecond,
		trend: snapshot.trend.map(number),
		trendReconstructed: caveats.trend,
		past: past(snapshot.past),
		findings: snapshot.findings.map(finding),
		missing: snapshot.missing ?? [],
		queues: snapshot.queues.map(queue),
		claimCount: count(snapshot.claimCount),
		claims: snapshot.claims.map(claim),
		failures: snapshot.failures.map(failure),
		costs: snapshot.costs.map(cost),
	};
}

function connection(value: Connection): Json {
	const trouble = 'trouble' in value ? value.trouble : undefined;
	return {
		kind: value.kind,
		since: 'since' in value ? time(value.since) : null,
		retryAt: 'retryAt' in value ? time(value.retryAt) : null,
		trouble: trouble === undefined ? null : {sentence: trouble.sentence, sqlstate: trouble.sqlstate ?? null},
	};
}

function session(value: Snapshot['session']): Json {
	if (value === undefined) return null;
	return {
		user: value.user,
		host: value.host,
		port: value.port,
		database: value.database,
		serverVersion: value.serverVersion,
		schemaVersion: value.schemaVersion,
		pooled: value.pooled,
		embedded: value.embedded,
		standby: value.standby,
		readOnly: value.readOnly ?? null,
		tls: value.tls,
	};
}

function finding({rule, severity, queue: name, sentence}: Finding): Json {
	return {rule, severity, queue: name ?? null, sentence};
}

function queue(value: QueueSnapshot): Json {
	const {trouble, fail5m, runTime, caveats} = value;
	return {
		name: value.name,
		storageMode: value.storageMode,
		severity: value.severity,
		trouble:
			trouble === undefined
				? null
				: {sentence: trouble.sentence, sqlstate: trouble.sqlstate ?? null, retryAt: time(trouble.retryAt)},
		readAt: time(value.readAt),
		ready: count(value.ready),
		oldestReadyAt: time(value.oldestReadyAt),
		running: count(value.running),
		expired: count(value.expired),
		retrying: count(value.retrying),
		sleeping: count(value.sleeping),
		waiting: count(value.waiting),
		splitOf: number(value.splitOf),
		fail5m:
			fail5m === undefined
				? null
				: {failed: fail5m.failed, finished: fail5m.finished, estimated: caveats?.fail5m === true},
		donePerSecond: number(value.donePerSecond),
		donePerSecondEstimated: caveats?.donePerSecond === true,
		trend: value.trend.map(number),
		trendReconstructed: caveats?.trend === true,
		past: past(value.past),
		runTime:
			runTime === undefined
				? null
				: {
						p50Ms: number(runTime.p50),
						p95Ms: number(runTime.p95),
						samples: runTime.samples,
						seed: runTime.seed,
					},
		drains: drains(value.drains),
		history: count(value.history),
		lastClaimAt: time(value.lastClaimAt),
		nextDueAt: time(value.nextDueAt),
	};
}

/** The half hour, slot by slot. */
function past(value: Past | undefined): Json {
	return value === undefined
		? null
		: {
				until: time(value.until),
				slotMs: slotSeconds * 1000,
				seenFrom: time(value.liveFrom),
				completed: value.slots.map(slot => number(slot?.completed)),
				failed: value.slots.map(slot => number(slot?.failed)),
			};
}

function drains(value: Drains): Json {
	return {kind: value.kind, durationMs: value.kind === 'in' ? number(value.duration) : null};
}

/** What claims and failures begin with. */
function attempt(value: Claim | Failure): JsonObject {
	return {
		queue: value.queue,
		taskId: value.taskId,
		runId: value.runId,
		taskName: value.taskName,
		attempt: value.attempt,
		maxAttempts: value.maxAttempts,
	};
}

function claim(value: Claim): Json {
	const {progress} = value;
	return {
		...attempt(value),
		worker: value.worker ?? null,
		claimedAt: time(value.claimedAt),
		lease: value.leaseExpiresAt !== null,
		leaseExpiresAt: time(value.leaseExpiresAt),
		leaseSpanMs: number(value.leaseSpan),
		progressKnown: progress !== undefined,
		progress: progress ? {checkpoint: progress.checkpoint, at: time(progress.at), readAt: time(progress.readAt)} : null,
	};
}

function failure(value: Failure): Json {
	return {
		...attempt(value),
		failedAt: time(value.failedAt),
		outcome: value.outcome,
		taskState: value.taskState,
		errorName: value.errorName,
		errorMessage: value.errorMessage,
		worker: value.worker ?? null,
		leaseEndedAt: time(value.leaseEndedAt),
	};
}

function cost(value: Snapshot['costs'][number]): Json {
	return {
		probe: value.probe,
		kind: value.kind,
		statements: value.statements,
		rows: value.rows,
		durationMs: number(value.duration),
		at: time(value.at),
		trouble: value.trouble ?? null,
	};
}
