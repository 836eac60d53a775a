import type {EventRow} from '../../monitor/queue-lists.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalNumber, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {Prober} from './probe.ts';
import {createRotation} from './rotation.ts';

/** Names, rows of each name, and emitted events that are read in a queue. */
const names = 200;
const waiters = 1001;
const emitted = 100;

/** The statement that tells which events are awaited. */
export function awaitedWaits(queue: string): Statement {
	return statement('awaited-waits', tableIdentifiers(queue, ['w']), {names, waiters}, queue);
}

/** The statement that tells which events were emitted last. */
export function emittedEvents(queue: string): Statement {
	return statement('emitted-events', tableIdentifiers(queue, ['e']), {rows: emitted}, queue);
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

function emittedRow(queue: string, row: Row): EventRow {
	return {
		queue,
		name: text(row, 'event_name'),
		awaited: undefined,
		emitted: {at: number(row, 'emitted_at'), payloadBytes: optionalNumber(row, 'payload_bytes') ?? 0},
	};
}

/** Events that are awaited, and those emitted last. */
export function createEventsProber(): Prober<'events'> {
	const rotation = createRotation<EventRow>({
		statements: queue => [awaitedWaits(queue), emittedEvents(queue)],
		rows: (queue, [waits = [], events = []]) => [
			...waits.map(row => awaitedRow(queue, row)),
			...events.map(row => emittedRow(queue, row)),
		],
	});
	return async ({queue}, tools) => (await rotation(queue, tools)).rows;
}
