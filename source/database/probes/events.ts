import type {EventRow} from '../../monitor/queue-lists.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {tableName} from '../identifiers.ts';
import {flag, number, optionalNumber, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {Prober} from './probe.ts';
import {createRotation} from './rotation.ts';

/** Names, rows of each name, and emitted events that are read in a queue. */
const names = 200;
const waiters = 1001;
const emitted = 100;

/** Where no index tells which events are the newest so many are read, and none listed where there are more. */
const unsorted = 2001;

/** The statement that tells which events are awaited. */
export function awaitedWaits(queue: string): Statement {
	return statement('awaited-waits', tableIdentifiers(queue, ['w']), {names, waiters}, queue);
}

/** The statement that tells which events were emitted last. */
export function emittedEvents(queue: string): Statement {
	const values = {table: tableName('e', queue), rows: emitted, unsorted};
	return statement('emitted-events', tableIdentifiers(queue, ['e']), values, queue);
}

function awaitedRow(queue: string, row: Row): EventRow {
	const count = number(row, 'waiters');
	return {
		queue,
		name: text(row, 'event_name'),
		awaited: {
			waiters: Math.min(count, waiters - 1),
			capped: count >= waiters,
			oldestAt: number(row, 'oldest_wait'),
			nextTimeoutAt: optionalNumber(row, 'next_timeout'),
			withoutTimeout: number(row, 'without_timeout'),
			run: {queue, taskId: text(row, 'task_id'), runId: text(row, 'run_id')},
		},
		emitted: undefined,
	};
}

function emittedRows(queue: string, row: Row): EventRow[] {
	const name = optionalText(row, 'event_name');
	if (name === undefined) return [];
	const bytes = optionalNumber(row, 'payload_bytes') ?? 0;
	return [{queue, name, awaited: undefined, emitted: {at: number(row, 'emitted_at'), payloadBytes: bytes}}];
}

/** Events that are awaited, and those emitted last. */
export function createEventsProber(): Prober<'events'> {
	const rotation = createRotation<EventRow>({
		statements: queue => [awaitedWaits(queue), emittedEvents(queue)],
		rows: (queue, [waits = [], events = []]) => [
			...waits.map(row => awaitedRow(queue, row)),
			...events.flatMap(row => emittedRows(queue, row)),
		],
		note: answers => {
			const first = answers[1]?.[0];
			if (first === undefined || !flag(first, 'is_partial')) return undefined;
			return `more than ${unsorted - 1} events and no index by time: emitted ones are not listed`;
		},
	});
	return async ({queue}, tools) => (await rotation(queue, tools)).rows;
}
