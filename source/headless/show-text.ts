import type {CheckpointSnapshot, Document, RunDetail, RunSnapshot, WaitSnapshot} from '../monitor/run-detail.ts';
import type {Instant} from '../monitor/snapshot.ts';
import {toAscii} from '../terminal/ascii.ts';
import {formatDuration} from '../terminal/duration.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {iso8601} from './iso8601.ts';
import {type PlainColumn, plainTable} from './plain-table.ts';

const none = '-';

function time(instant: Instant | undefined): string {
	return (instant === undefined ? null : iso8601(instant)) ?? none;
}

const runColumns: readonly PlainColumn<RunSnapshot>[] = [
	{title: 'attempt', align: 'right', max: 8, text: ({attempt}) => String(attempt)},
	{title: 'state', max: 10, text: ({state}) => state},
	{title: 'run id', max: 36, text: ({runId}) => runId},
	{title: 'worker', max: 60, text: ({worker}) => worker ?? none},
	{title: 'available at', max: 24, text: ({availableAt}) => time(availableAt)},
	{title: 'claimed at', max: 24, text: ({startedAt}) => time(startedAt)},
	{title: 'ended at', max: 24, text: ({completedAt, failedAt}) => time(completedAt ?? failedAt)},
	{title: 'error', max: 240, text: ({failure}) => (failure ? `${failure.name}: ${failure.message}` : '')},
];

const checkpointColumns: readonly PlainColumn<CheckpointSnapshot>[] = [
	{title: 'checkpoint', max: 80, text: ({name}) => name},
	{title: 'saved at', max: 24, text: ({updatedAt}) => time(updatedAt)},
	{
		title: 'took',
		align: 'right',
		max: 8,
		text: ({duration}) => (duration === undefined ? none : formatDuration(duration)),
	},
	{title: 'state', max: 120, text: ({state}) => (state ? documentText(state) : none)},
];

const waitColumns: readonly PlainColumn<WaitSnapshot>[] = [
	{title: 'event', max: 80, text: ({eventName}) => eventName},
	{title: 'step', max: 60, text: ({stepName}) => stepName},
	{title: 'since', max: 24, text: ({createdAt}) => time(createdAt)},
	{title: 'times out at', max: 24, text: ({timeoutAt}) => time(timeoutAt)},
];

function documentText({text, complete, bytes}: Document): string {
	return complete ? text : `${text}… (${bytes} bytes)`;
}

function table<Row>(title: string, columns: readonly PlainColumn<Row>[], rows: readonly Row[], known: number) {
	if (rows.length === 0) return [];
	const count = known > rows.length ? `${known}, the newest ${rows.length}` : String(known);
	return ['', `${title} ${count}`, ...plainTable(columns, rows)];
}

function facts(detail: RunDetail): readonly string[] {
	const pairs: ReadonlyArray<readonly [string, string | undefined]> = [
		['queue', detail.queue],
		['task', detail.taskId],
		['run', detail.runId],
		['attempts', `${detail.attempts} of ${detail.maxAttempts ?? 'unlimited'}`],
		['enqueued', time(detail.enqueuedAt)],
		['started', detail.firstStartedAt === undefined ? undefined : time(detail.firstStartedAt)],
		['cancelled', detail.cancelledAt === undefined ? undefined : time(detail.cancelledAt)],
		['key', detail.idempotencyKey],
		['tenant', detail.tenant],
		['retry', detail.retryStrategy && documentText(detail.retryStrategy)],
		['cancel', detail.cancellation && documentText(detail.cancellation)],
		['headers', detail.headers && documentText(detail.headers)],
		['params', documentText(detail.params)],
		['result', detail.result && documentText(detail.result)],
	];
	return pairs.flatMap(([label, value]) => (value === undefined ? [] : `${label.padEnd(10)} ${sanitise(value)}`));
}

/** A trace keeps its lines; every one of them becomes harmless. */
function trace({runs}: RunDetail): readonly string[] {
	const text = runs.at(-1)?.failure?.trace;
	return text === undefined ? [] : ['', 'Trace of the last attempt', ...text.split(/\r?\n/).map(sanitise)];
}

/**
 * One task as plain text: why it is in its state, its facts, attempts, checkpoints and waits. Instants are ISO 8601 in
 * UTC, ids are whole, every text from the database is harmless. Ends with a line break.
 */
export function renderDetail(detail: RunDetail, ascii: boolean): string {
	const lines = [
		sanitise(`${detail.taskName}  ${detail.state}`),
		sanitise(detail.why),
		'',
		...facts(detail),
		...table('Attempts', runColumns, detail.runs, detail.runCount),
		...table('Checkpoints', checkpointColumns, detail.checkpoints, detail.checkpointCount),
		...table('Waits', waitColumns, detail.waits, detail.waits.length),
		...trace(detail),
	];
	return `${(ascii ? lines.map(toAscii) : lines).join('\n')}\n`;
}
