import type {
	AwaitedEvent,
	CancellationClock,
	CronJob,
	DeferredTask,
	HorizonHolder,
	IndexFacts,
	LockHolder,
	PartitionFacts,
	RunningStep,
	StepFacts,
	StorageFacts,
} from '../../monitor/facts.ts';
import {flag, number, optionalNumber, optionalText, text} from '../rows.ts';
import type {Row} from '../statement.ts';

/** Waits of one event that are counted. */
export const waitsCounted = 1001;

function texts(row: Row, column: string): readonly string[] {
	const value = row[column];
	return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

export function storageFacts(row: Row): StorageFacts {
	const policy = optionalText(row, 'default_partition');
	return {
		taskRows: optionalNumber(row, 'task_rows'),
		taskBytes: number(row, 'task_bytes'),
		sweepIndexed: flag(row, 'sweep_indexed'),
		eventRows: optionalNumber(row, 'event_rows'),
		eventsIndexed: flag(row, 'events_indexed'),
		dead: flag(row, 'standby')
			? undefined
			: {
					rows: number(row, 'dead_rows'),
					live: number(row, 'live_rows'),
					vacuumedAt: optionalNumber(row, 'vacuumed_at'),
				},
		cleanupTtl: optionalNumber(row, 'cleanup_ttl'),
		defaultPartition: policy === 'enabled' || policy === 'disabled' ? policy : undefined,
		lookahead: optionalNumber(row, 'lookahead'),
		detachMode: optionalText(row, 'detach_mode'),
		detachMinAge: optionalNumber(row, 'detach_min_age'),
		leftovers: texts(row, 'leftovers'),
	};
}

export function indexFacts(row: Row): IndexFacts {
	return {byState: flag(row, 'by_state'), byTask: flag(row, 'by_task'), invalid: texts(row, 'invalid')};
}

export function partitionFacts(row: Row): PartitionFacts {
	return {
		parent: text(row, 'parent'),
		name: text(row, 'partition'),
		isDefault: flag(row, 'is_default'),
		from: optionalNumber(row, 'from_at'),
		until: optionalNumber(row, 'until_at'),
		detachPending: flag(row, 'detach_pending'),
		empty: undefined,
	};
}

function task(row: Row) {
	return {taskId: text(row, 'task_id'), runId: text(row, 'run_id'), taskName: text(row, 'task_name')};
}

/** undefined for a task that was never claimed, which cannot have been put off. */
export function deferredTask(row: Row): DeferredTask | undefined {
	const since = optionalNumber(row, 'since');
	return since === undefined ? undefined : {...task(row), since};
}

export function awaitedEvent(row: Row): AwaitedEvent {
	const waiters = number(row, 'waiters');
	return {
		name: text(row, 'event_name'),
		waiters: Math.min(waiters, waitsCounted - 1),
		capped: waiters >= waitsCounted,
		untimed: number(row, 'untimed'),
		oldestUntimed: optionalNumber(row, 'oldest_untimed'),
		emitted: flag(row, 'emitted'),
	};
}

export function cancellationClock(row: Row): CancellationClock {
	return {
		...task(row),
		policy: text(row, 'policy') === 'max_delay' ? 'max_delay' : 'max_duration',
		limit: number(row, 'limit_ms'),
		strikesAt: number(row, 'strikes_at'),
	};
}

export function stepFacts(row: Row): StepFacts {
	return {
		taskName: text(row, 'task_name'),
		step: text(row, 'step'),
		recent: number(row, 'recent'),
		recentSamples: number(row, 'recent_samples'),
		before: number(row, 'earlier'),
		beforeSamples: number(row, 'earlier_samples'),
	};
}

export function runningStep(row: Row): RunningStep {
	return {
		...task(row),
		after: optionalText(row, 'after_step'),
		probable: optionalText(row, 'probable_step'),
		since: number(row, 'since'),
		usual: number(row, 'usual'),
		longest: number(row, 'longest'),
		samples: number(row, 'samples'),
	};
}

export function lockHolder(row: Row): LockHolder {
	return {
		pid: number(row, 'pid'),
		user: optionalText(row, 'user_name'),
		application: optionalText(row, 'application'),
		state: optionalText(row, 'state'),
		openFor: optionalNumber(row, 'open_for'),
		query: optionalText(row, 'query'),
		tables: texts(row, 'tables'),
		blocked: number(row, 'blocked'),
		strong: flag(row, 'strong'),
	};
}

export function horizonHolder(row: Row): HorizonHolder {
	const kind = text(row, 'kind');
	return {
		kind: kind === 'slot' || kind === 'prepared' || kind === 'hidden' ? kind : 'transaction',
		name: text(row, 'name'),
		user: optionalText(row, 'user_name'),
		application: optionalText(row, 'application'),
		openFor: optionalNumber(row, 'open_for'),
		transactions: number(row, 'transactions'),
	};
}

export function cronJob(row: Row): CronJob {
	return {
		name: text(row, 'name'),
		command: text(row, 'command'),
		active: flag(row, 'active'),
		status: optionalText(row, 'status'),
		message: optionalText(row, 'message'),
		startedAt: optionalNumber(row, 'started_at'),
	};
}
