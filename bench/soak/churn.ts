import pg from 'pg';

const steady = ['mail', 'agents', 'imports'];
const batch = 20;

/** What is over goes after so many seconds: what the program is asked about stays as large as it is, and so must its memory. */
const kept = 60;

/** A workload that changes everything that a monitor remembers: tasks of all fates, queues that come and go. */
export interface Churn {
	/** Statements so far. */
	steps(): number;
	stop(): Promise<void>;
}

/** What one turn does; queues, names, events and workers come from small sets, as in life. */
function statements(turn: number): readonly string[] {
	const queue = steady[turn % steady.length] ?? 'mail';
	const passing = `passing-${turn % 5}`;
	const failed = `'{"name": "Error${turn % 7}", "message": "it broke ${turn}", "stack": "at step ${turn}"}'`;
	const common = [
		`select absurd.spawn_task('${queue}', 'task-' || n % 40, jsonb_build_object('turn', ${turn}, 'n', n), '{"max_attempts": 2}')
			from generate_series(1, ${batch}) as n`,
		`select absurd.complete_run('${queue}', run_id, '"ok"')
			from absurd.claim_task('${queue}', 'w-${turn % 30}', 60, ${batch})`,
		`select absurd.fail_run('${queue}', run_id, ${failed}) from absurd.claim_task('${queue}', 'w-${turn % 30}', 60, 3)`,
		`select absurd.schedule_run('${queue}', run_id, now() + interval '2 seconds')
			from absurd.claim_task('${queue}', 'w-${turn % 30}', 60, 1)`,
		`select absurd.emit_event('${queue}', 'event-${turn % 1000}', '1')`,
	];
	if (turn % 30 < steady.length) {
		common.push(`select absurd.cleanup_tasks('${queue}', ${kept}, 5000)`);
		common.push(`select absurd.cleanup_events('${queue}', ${kept}, 5000)`);
	}
	if (turn % 50 === 10) return [...common, `select absurd.create_queue('${passing}')`];
	if (turn % 50 === 40) return [...common, `select absurd.drop_queue('${passing}')`];
	return common;
}

/** Starts it on a database that has Absurd; `rate` turns a second at most. */
export async function startChurn(url: string, rate: number): Promise<Churn> {
	const client = new pg.Client({connectionString: url, application_name: 'churn'});
	await client.connect();
	for (const queue of steady) await client.query('select absurd.create_queue($1)', [queue]);
	let ended = false;
	let turn = 0;
	const running = (async () => {
		while (!ended) {
			turn++;
			for (const statement of statements(turn)) await client.query(statement);
			await new Promise(resolve => setTimeout(resolve, 1000 / rate));
		}
		await client.end();
	})();
	return {
		steps: () => turn,
		async stop() {
			ended = true;
			await running;
		},
	};
}
