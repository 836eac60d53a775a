import {readFailure} from '../monitor/failure-reason.ts';
import type {CheckpointSnapshot, Document, RunSnapshot, WaitSnapshot} from '../monitor/run-detail.ts';
import {number, optionalNumber, optionalText, state, text} from './rows.ts';
import type {Row} from './statement.ts';

/** Texts up to this stored size are asked for whole; they are cut at so many characters should they unfold to more. */
const wholeBytes = 65_536;
const wholeLength = 262_144;

/**
 * A JSON column that the query answers as `<name>_bytes` and `<name>_text`; undefined for SQL NULL. Where the text was
 * not sent again `before` has it: such a document never changes.
 */
export function documentOf(row: Row, name: string, before: Document | undefined): Document | undefined {
	const bytes = optionalNumber(row, `${name}_bytes`);
	if (bytes === undefined) return undefined;
	const sent = optionalText(row, `${name}_text`);
	if (sent === undefined) return before ?? {bytes, text: '', complete: false};
	return {bytes, text: sent.slice(0, wholeLength), complete: bytes <= wholeBytes && sent.length <= wholeLength};
}

/** One attempt. */
export function runSnapshot(row: Row, before: RunSnapshot | undefined): RunSnapshot {
	const reason = documentOf(row, 'failure_reason', before?.failure?.document);
	return {
		runId: text(row, 'run_id'),
		attempt: number(row, 'attempt'),
		state: state(row, 'state'),
		worker: optionalText(row, 'claimed_by'),
		createdAt: number(row, 'created_at'),
		startedAt: optionalNumber(row, 'started_at'),
		availableAt: number(row, 'available_at'),
		completedAt: optionalNumber(row, 'completed_at'),
		failedAt: optionalNumber(row, 'failed_at'),
		leaseExpiresAt: optionalNumber(row, 'claim_expires_at'),
		wakeEvent: optionalText(row, 'wake_event'),
		eventPayload: documentOf(row, 'event_payload', before?.eventPayload),
		failure:
			reason &&
			readFailure(reason, {name: optionalText(row, 'error_name'), message: optionalText(row, 'error_message')}),
		result: documentOf(row, 'result', before?.result),
	};
}

/** One checkpoint; its duration follows from the others. */
export function checkpointSnapshot(
	row: Row,
	before: CheckpointSnapshot | undefined,
): Omit<CheckpointSnapshot, 'duration'> {
	return {
		name: text(row, 'checkpoint_name'),
		status: text(row, 'status'),
		ownerRunId: optionalText(row, 'owner_run_id'),
		updatedAt: number(row, 'updated_at'),
		state: documentOf(row, 'state', before?.state),
	};
}

/** One wait. */
export function waitSnapshot(row: Row): WaitSnapshot {
	return {
		runId: text(row, 'run_id'),
		stepName: text(row, 'step_name'),
		eventName: text(row, 'event_name'),
		timeoutAt: optionalNumber(row, 'timeout_at'),
		createdAt: number(row, 'created_at'),
	};
}
