import type {Poller, WorkerRuns} from '../../monitor/queue-lists.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement, StatementOutcome} from '../statement.ts';
import type {Prober} from './probe.ts';
import {createRotation} from './rotation.ts';

/** Runs of each state that are looked at in a queue. */
const rows = 2000;

/** Finished runs count that finished so lately, seconds. */
const recent = 300;

/** The statement that tells who holds and finished what in a queue. */
export function workerRuns(queue: string): Statement {
	return statement('worker-runs', tableIdentifiers(queue, ['r']), {seconds: recent, rows}, queue);
}

function workersOf(queue: string, found: readonly Row[]): readonly WorkerRuns[] {
	const byName = new Map<string, Row[]>();
	for (const row of found) {
		const worker = text(row, 'claimed_by');
		byName.set(worker, [...(byName.get(worker) ?? []), row]);
	}
	return [...byName].map(([worker, states]) => {
		const of = (state: string, column: string) => {
			const row = states.find(each => text(each, 'state') === state);
			return row === undefined ? 0 : number(row, column);
		};
		return {
			queue,
			worker,
			held: of('running', 'runs'),
			expired: of('running', 'expired'),
			unleased: of('running', 'unleased'),
			completed: of('completed', 'recent'),
			failed: of('failed', 'recent'),
			timeouts: of('failed', 'timeouts'),
			lastClaimAt: Math.max(...states.map(row => number(row, 'last_claim'))),
			capped: states.some(row => number(row, 'scanned') >= rows),
		};
	});
}

function pollersOf(outcome: StatementOutcome | undefined): {
	readonly pollers: readonly Poller[];
	readonly hidden: number;
} {
	if (outcome?.kind !== 'rows') return {pollers: [], hidden: 0};
	const [first] = outcome.rows;
	const seen = outcome.rows.filter(row => row['pid'] !== null);
	return {
		hidden: first === undefined ? 0 : number(first, 'hidden'),
		pollers: seen.map(row => ({
			host: optionalText(row, 'host'),
			application: optionalText(row, 'application') ?? '',
			active: optionalText(row, 'state') === 'active',
			polledAt: number(row, 'polled_at'),
		})),
	};
}

/** Who works, from what runs say, and who polls, from the sessions as far as the role may see them. */
export function createWorkersProber(): Prober<'workers'> {
	const rotation = createRotation<WorkerRuns>({
		statements: queue => [workerRuns(queue)],
		rows: (queue, [found = []]) => workersOf(queue, found),
	});
	return async ({queue}, tools) => {
		const {rows: workers, extra} = await rotation(queue, tools, [statement('pollers', {}, {})]);
		return {workers, ...pollersOf(extra[0])};
	};
}
