import {readFileSync} from 'node:fs';
import pg from 'pg';
import type {TestServer} from '../../test/support/server.ts';

const queues = ['agents', 'mail', 'billing', 'webhooks', 'reports', 'imports'];

/** How often rows change: once between two ticks of the program, milliseconds. */
const pace = 2000;

/** Six queues on a server, with waiting tasks, in which as many rows change as a measurement asks for. */
export interface Workload {
	/** Claims until so many runs are held in all queues together. */
	hold(total: number): Promise<void>;
	/**
	 * Every two seconds so many of the held runs change, until it is stopped: all but one write a checkpoint, one is
	 * completed and the next task claimed.
	 */
	change(rows: number): {stop(): Promise<void>};
	close(): Promise<void>;
}

interface Held {
	readonly queue: string;
	readonly run_id: string;
	readonly task_id: string;
}

/** Installs our engine on an empty server and fills it. */
export async function openWorkload(server: TestServer): Promise<Workload> {
	const client = new pg.Client({connectionString: server.url()});
	await client.connect();
	await client.query(readFileSync(new URL('../../sql/absurd.sql', import.meta.url), 'utf8'));
	for (const queue of queues) {
		await client.query('select absurd.create_queue($1)', [queue]);
		await client.query(
			`select absurd.spawn_task($1, 'send-report', '{"n": 1}', '{"max_attempts": 5}') from generate_series(1, 60)`,
			[queue],
		);
	}

	/** Held runs, those that have gone on longest without a change first. */
	async function held(): Promise<readonly Held[]> {
		const all = queues.map(
			queue =>
				`(select '${queue}' as queue, run_id, task_id, claim_expires_at from absurd."r_${queue}" where state = 'running')`,
		);
		const found = await client.query<Held>(`select * from (${all.join(' union all ')}) runs order by claim_expires_at`);
		return found.rows;
	}

	const claim = (queue: string, count: number) =>
		client.query('select run_id from absurd.claim_task($1, $2, 600, $3)', [queue, `worker-${queue.length}:77`, count]);

	async function turn(rows: number, round: number): Promise<void> {
		const [first, ...others] = (await held()).slice(0, rows);
		for (const {queue, task_id, run_id} of others) {
			const step = [queue, task_id, `step#${round}`, '1', run_id];
			await client.query('select absurd.set_task_checkpoint_state($1, $2, $3, $4, $5, 600)', step);
		}
		if (first === undefined) return;
		await client.query(`select absurd.complete_run($1, $2, '"ok"')`, [first.queue, first.run_id]);
		await client.query(`select absurd.spawn_task($1, 'send-report', '{"n": 2}')`, [first.queue]);
		await claim(first.queue, 1);
	}

	return {
		async hold(total) {
			const have = (await held()).length;
			for (let index = have; index < total; index++) await claim(queues[index % queues.length] ?? '', 1);
		},
		change(rows) {
			let running = true;
			const changing = (async () => {
				for (let round = 1; running; round++) {
					await turn(rows, round);
					await new Promise(resolve => setTimeout(resolve, pace));
				}
			})();
			return {
				async stop() {
					running = false;
					await changing;
				},
			};
		},
		close: () => client.end(),
	};
}
