import pg from 'pg';

/** Live runs of every queue of a crowd. */
export const runsEach = 10;

/** Locks that one transaction may take while it makes queues: the server's table holds some 12,000 for all sessions. */
const locksAtOnce = 3000;
const locksOf = {unpartitioned: 40, partitioned: 300} as const;

/** Sessions that make queues at once; more than there are processors help little. */
const makers = 3;

/** Many queues alike, but for their figures. */
export interface Crowd {
	readonly count: number;
	readonly mode: keyof typeof locksOf;
	/** Runs of each that nobody has claimed yet; where nobody claims them, every queue becomes a finding in time. */
	readonly ready: number;
}

/** The name of a queue of the crowd. */
export function crowdQueue(number: number): string {
	return `q-${String(number).padStart(5, '0')}`;
}

// Of ten runs some are ready, one to five run, and of those asleep one may wait for an event and one for a retry. Each
// is the only attempt of its task but the last kind, whose first attempt is not kept.
const fill = (first: number, last: number, {mode, ready}: Crowd) => `do $$
	declare
		n int;
		name text;
	begin
		for n in ${first}..${last} loop
			name := 'q-' || lpad(n::text, 5, '0');
			perform absurd.create_queue(name, '${mode}');
			execute format('
				with planned as (
					select absurd.portable_uuidv7() as task, absurd.portable_uuidv7() as run, k,
						case
							when k <= ${ready} then ''pending''
							when k <= ${ready} + 1 + %s %% 5 then ''running''
							else ''sleeping''
						end as state,
						k = ${runsEach} and %s %% 2 = 0 as retried,
						k = ${runsEach - 1} and %s %% 3 = 0 as waits
					from generate_series(1, ${runsEach}) as k
				),
				tasks as (
					insert into absurd.%I (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
					select task, ''task-'' || k %% 3, ''{"n": 1}'', state, case when retried then 2 else 1 end, 5, now(), run
					from planned
				)
				insert into absurd.%I (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at, wake_event)
				select run, task, case when retried then 2 else 1 end, state,
					case when state = ''running'' then ''w-'' || k end,
					case when state = ''running'' then now() + interval ''2 hours'' end,
					case when state = ''sleeping'' then now() + interval ''2 hours'' else now() end,
					case when state <> ''pending'' and not retried then now() end,
					case when waits then ''paid'' end
				from planned', n, n, n, 't_' || name, 'r_' || name);
		end loop;
	end $$`;

/** Makes the queues of a crowd with their runs, from several sessions at once. */
export async function createCrowd(url: string, crowd: Crowd): Promise<void> {
	const batch = Math.floor(locksAtOnce / locksOf[crowd.mode] / makers) * 2;
	let next = 1;
	const make = async () => {
		const client = new pg.Client({connectionString: url});
		await client.connect();
		while (next <= crowd.count) {
			const first = next;
			next += batch;
			await client.query(fill(first, Math.min(crowd.count, first + batch - 1), crowd));
		}
		await client.end();
	};
	await Promise.all(Array.from({length: makers}, make));
	const client = new pg.Client({connectionString: url});
	await client.connect();
	await client.query('analyze absurd.queues');
	await client.end();
}
