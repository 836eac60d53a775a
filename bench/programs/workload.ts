import {readFileSync} from 'node:fs';
import pg from 'pg';
import type {TestServer} from '../../test/support/server.ts';

const queues = ['agents', 'mail', 'billing', 'webhooks', 'reports', 'imports'];
const claims = 22;

/** Six queues with waiting tasks and 22 claims, in which some rows change every second, until it is stopped. */
export async function startWorkload(server: TestServer): Promise<{stop(): Promise<void>}> {
	const client = new pg.Client({connectionString: server.url()});
	await client.connect();
	await client.query(readFileSync(new URL('../../sql/absurd.sql', import.meta.url), 'utf8'));
	for (const [index, queue] of queues.entries()) {
		await client.query('select absurd.create_queue($1)', [queue]);
		await client.query(`select absurd.spawn_task($1, 'send-report', '{"n": 1}') from generate_series(1, 200)`, [queue]);
		const share = Math.floor(claims / queues.length) + (index < claims % queues.length ? 1 : 0);
		await client.query('select absurd.claim_task($1, $2, 3600, $3)', [queue, `worker-${index}:77`, share]);
	}
	let running = true;
	const working = (async () => {
		for (let round = 0; running; round++) {
			const queue = queues[round % queues.length];
			await client.query(`select absurd.spawn_task($1, 'send-report', '{"n": 2}')`, [queue]);
			await client.query(
				`select absurd.complete_run($1, run_id, '"ok"') from absurd.claim_task($1, 'worker-9:77', 3600, 5)`,
				[queue],
			);
			await new Promise(resolve => setTimeout(resolve, 1000));
		}
	})();
	return {
		async stop() {
			running = false;
			await working;
			await client.end();
		},
	};
}
