import type {Piece} from '../../components/line.ts';
import {writeSafely, writeValue} from '../../monitor/filter/complete.ts';
import type {Poller, QueueRows, WorkerRuns} from '../../monitor/queue-lists.ts';
import {type WorkerRow, workerRows} from '../../monitor/worker-rows.ts';
import {formatAge} from '../../terminal/duration.ts';
import type {DrawContext} from '../screen.ts';
import {type QueueWish, queuePieces, readingPieces} from '../table/queue-rows.ts';
import {createTableScreen} from '../table/table-screen.ts';
import {workerTable} from './columns.ts';

interface WorkerWishes extends QueueWish {
	readonly by: 'worker' | 'host';
}

interface WorkerAnswer {
	readonly workers: QueueRows<WorkerRuns>;
	readonly pollers: readonly Poller[];
	readonly hidden: number;
}

/** A session that polled within so many milliseconds is alive. */
const alive = 10_000;

function pollerText({pollers, hidden}: WorkerAnswer, {now, snapshot}: DrawContext): string {
	if (snapshot.session?.embedded === true) return 'PGlite does not show who polls.';
	const living = pollers.filter(({active, polledAt}) => active || now - polledAt < alive);
	const hosts = new Map<string, number>();
	for (const {host} of living) hosts.set(host ?? 'local', (hosts.get(host ?? 'local') ?? 0) + 1);
	const where = [...hosts].map(([host, count]) => `${host} ×${count}`).join(', ');
	const [newest] = pollers;
	const last = newest === undefined ? '' : `, the last ${formatAge(Math.max(0, now - newest.polledAt))} ago`;
	const unseen =
		hidden > 0 ? ` ${hidden} sessions hide their statement from this role (pg_read_all_stats shows it).` : '';
	// A session that did anything else since is not among them: 0 does not mean that nobody polls.
	return `Sessions whose last statement polled, within 10 s: ${living.length}${where === '' ? last : ` (${where})`}.${unseen}`;
}

function summary(answer: WorkerAnswer, wishes: WorkerWishes, context: DrawContext): readonly Piece[] {
	return [
		{text: wishes.by === 'host' ? '  by host' : '', tone: 'key'},
		...queuePieces(wishes),
		...readingPieces(answer.workers, context),
	];
}

/** What a worker holds; where it holds nothing, what it had last. A host is how the names of its workers begin. */
function workerFilter(worker: string, held: number, host: boolean): string {
	const name = writeSafely(worker);
	// Behind a = a star is only a star.
	const whole = !host && name === writeValue(worker);
	return `${held > 0 ? 'state:running ' : ''}${whole ? 'worker=' : 'worker:'}${name}`;
}

/** Who works: by worker or by host. */
export const workersScreen = createTableScreen<WorkerRow, WorkerAnswer, WorkerWishes>({
	id: 'workers',
	title: 'Workers',
	scopes: [],
	spec: workerTable,
	tabs: true,
	keys: new Set(['worker', 'queue', 'age']),
	open: request => ({queue: request.screen === 'workers' ? request.queue : undefined, by: 'worker'}),
	probe: ({queue}) => ({kind: 'workers', queue}),
	answer: ({answers}) => answers.workers,
	rows: ({workers}, {by}) => workerRows(workers.rows, by),
	surroundings: (answer, wishes, context) => ({
		summary: summary(answer, wishes, context),
		// On the page of a queue Tab goes to the next part.
		right:
			wishes.queue === undefined ? [{text: wishes.by === 'host' ? 'Tab by worker' : 'Tab by host', tone: 'dim'}] : [],
		above: [],
		definitions: `${pollerText(answer, context)} holds: runs in its hands; out: their lease has run out, none: it never does. 5m: finished within 5 minutes, claimed within 65. timeouts: leases lost.`,
		empty: 'No worker holds a run or has finished one within the hour. Idle workers leave no trace in the tables.',
	}),
	openRow: ({worker, held}, {by}) =>
		worker === '' ? undefined : {screen: 'tasks', filter: workerFilter(worker, held, by === 'host')},
	copied: ({worker}) => [worker, 'name of the worker'],
	subject: () => ({queue: undefined, target: undefined, taskName: undefined, eventName: undefined}),
	command: (command, wishes) =>
		command === 'panel.next' || command === 'panel.previous'
			? {...wishes, by: wishes.by === 'host' ? 'worker' : 'host'}
			: undefined,
});
