import type {WakeUp} from '../../monitor/queue-lists.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {attemptOf, number, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {Prober} from './probe.ts';
import {createRotation} from './rotation.ts';

/** The soonest sleepers that are read in a queue. */
const rows = 200;

/** The statement that tells what wakes up next. */
export function nextWakeUps(queue: string): Statement {
	return statement('next-wakeups', tableIdentifiers(queue, ['r', 't']), {rows}, queue);
}

const kinds: Readonly<Record<string, WakeUp['kind']>> = {retry: 'retry', timer: 'timer', timeout: 'timeout'};

function wakeUp(queue: string, row: Row): WakeUp {
	return {
		...attemptOf(queue, row),
		dueAt: number(row, 'due_at'),
		kind: kinds[text(row, 'kind')] ?? 'timer',
		event: optionalText(row, 'wake_event'),
	};
}

/** What wakes up when. */
export function createScheduleProber(): Prober<'schedule'> {
	const rotation = createRotation<WakeUp>({
		statements: queue => [nextWakeUps(queue)],
		rows: (queue, [found = []]) => found.map(row => wakeUp(queue, row)),
	});
	return async ({queue}, tools) => (await rotation(queue, tools)).rows;
}
