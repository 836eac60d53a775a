import type {Claim, Failure, Instant, QueueSnapshot, Snapshot} from '../snapshot.ts';
import {type FilterValues, matches} from './match.ts';
import type {Filter, FilterDocument, FilterKey} from './syntax.ts';

/** The kinds of rows that a Snapshot holds. */
export type RowKind = 'queues' | 'claims' | 'failures';

/** The keys of the filter language that rows of a kind have. */
export const rowKeys: Readonly<Record<RowKind, ReadonlySet<FilterKey | FilterDocument>>> = {
	queues: new Set(['queue', 'name']),
	claims: new Set(['state', 'name', 'queue', 'age', 'attempts', 'worker', 'id']),
	failures: new Set(['state', 'name', 'queue', 'age', 'attempts', 'worker', 'error', 'id']),
};

/** What each kind of row says under the keys. `now` is database time. */
export const rowValues = {
	queues: ({name}: QueueSnapshot): FilterValues => ({queue: name, name}),
	claims: (claim: Claim, now: Instant): FilterValues => ({
		state: 'running',
		name: claim.taskName,
		queue: claim.queue,
		age: now - claim.claimedAt,
		attempts: claim.attempt,
		worker: claim.worker,
		id: [claim.taskId, claim.runId],
	}),
	failures: (failure: Failure, now: Instant): FilterValues => ({
		state: failure.taskState,
		name: failure.taskName,
		queue: failure.queue,
		age: now - failure.failedAt,
		attempts: failure.attempt,
		worker: failure.worker,
		error: `${failure.errorName}: ${failure.errorMessage}`,
		id: [failure.taskId, failure.runId],
	}),
};

/** What plain words look into. */
export const rowTexts = {
	queues: ({name}: QueueSnapshot): readonly string[] => [name],
	claims: (claim: Claim): readonly string[] => [
		claim.taskName,
		claim.taskId,
		claim.runId,
		claim.queue,
		claim.worker ?? '',
		claim.progress?.checkpoint ?? '',
	],
	failures: (failure: Failure): readonly string[] => [
		failure.taskName,
		failure.taskId,
		failure.runId,
		failure.queue,
		failure.worker ?? '',
		failure.errorName,
		failure.errorMessage,
	],
};

/** The Snapshot with the queues that pass a filter of queues. */
export function filterQueues(snapshot: Snapshot, filter: Filter): Snapshot {
	const passes = (queue: QueueSnapshot) =>
		matches(filter, {texts: rowTexts.queues(queue), values: rowValues.queues(queue)});
	return {...snapshot, queues: snapshot.queues.filter(passes)};
}

/**
 * The Snapshot with the claims and failures that pass a filter, and the queues that pass its `queue:` terms: a filter of
 * tasks says nothing of the others.
 */
export function filterSnapshot(snapshot: Snapshot, filter: Filter): Snapshot {
	const now = snapshot.at ?? 0;
	const {queues, claims, failures, claimCount} = snapshot;
	const ofQueues: Filter = {
		...filter,
		terms: filter.terms.filter(({wish}) => wish.kind === 'text' && wish.key === 'queue'),
	};
	const shown = claims.filter(claim =>
		matches(filter, {texts: rowTexts.claims(claim), values: rowValues.claims(claim, now)}),
	);
	const whole = claimCount?.exactness === 'exact' && claimCount.value <= claims.length;
	return {
		...snapshot,
		queues: queues.filter(queue => matches(ofQueues, {texts: [], values: rowValues.queues(queue)})),
		claims: shown,
		claimCount: claimCount && {value: shown.length, exactness: whole ? 'exact' : 'atLeast'},
		failures: failures.filter(failure =>
			matches(filter, {texts: rowTexts.failures(failure), values: rowValues.failures(failure, now)}),
		),
	};
}
