import type {Drill} from './drill.ts';

/** Incidents of the database. */
export const storageDrills: readonly Drill[] = [
	{
		id: 'lock-held',
		title: 'A transaction holds a lock',
		story: 'Somebody left a transaction open in psql that has locked rows of a queue; a worker waits for it.',
		async stage(stage) {
			await stage.spawn('run-agent', {});
			const [task] = await stage.claim('w-3:12', 1, 600);
			const forgotten = await stage.database.connect();
			await forgotten.query(`set application_name = 'psql of ann'`);
			await forgotten.query('begin');
			await forgotten.query('select run_id from absurd.r_agents for update');
			const worker = await stage.database.connect();
			const completed = worker.query(`select absurd.complete_run('agents', $1, '1')`, [task?.run_id]);
			stage.onEnd(async () => {
				await forgotten.query('rollback');
				await completed;
			});
			for (;;) {
				const rows = await stage.database.query('select 1 from pg_locks where not granted');
				if (rows.length > 0) return;
				await new Promise(resolve => setTimeout(resolve, 20));
			}
		},
		says: /pid \d+ \(psql of ann, \w+\) holds locks on r_agents for .*idle in transaction and blocks 1 session/,
		steps: [
			{keys: ['!', 'enter'], why: 'the check, with what to do', shows: /lock-held[\s\S]*pg_terminate_backend\(PID\)/},
		],
		fix: 'Ask its owner to commit or roll back; else terminate that session.',
	},
	{
		id: 'partitions',
		title: 'The default partition is filled and partitions are missing',
		story: 'The job that makes partitions stopped weeks ago; new rows fall into the default partition.',
		partitioned: true,
		async stage(stage) {
			const parts = await stage.database.query<{name: string}>(
				`select format('absurd.%I', c.relname) as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
				where i.inhparent in ('absurd.t_agents'::regclass, 'absurd.r_agents'::regclass, 'absurd.c_agents'::regclass, 'absurd.w_agents'::regclass)
					and c.relname !~ '_d$'`,
			);
			for (const {name} of parts) await stage.database.query(`drop table ${name}`);
			await stage.spawn('run-agent', {});
		},
		says: /agents: no partition for this week: new rows go to the default partition|agents: rows in the default partitions? /,
		steps: [
			{
				keys: ['!'],
				why: 'both findings',
				shows: /rows in the default partitions [rt]_agents_d[\s\S]*|no partition for this week/,
			},
			{
				keys: ['enter'],
				why: 'the partitions that there are',
				shows: /Storage [^\n]*\/[\s\S]*partition +[trcw]_agents_d/,
			},
			{keys: ['!', '8'], why: 'the check, with what to do', shows: /Remedy[\s\S]*absurd\.ensure_partitions/},
		],
		fix: 'Move the rows out of the default partition by hand in one transaction, make the partitions, and let a job make them from now on.',
	},
	{
		id: 'retention-off',
		title: 'Retention is switched off',
		story: 'Nobody calls cleanup: finished tasks are kept for ever, and everything gets dearer.',
		async stage(stage) {
			stage.handle('run-agent', async () => 'done');
			await stage.spawn('run-agent', {});
			await stage.work();
			await stage.sql(`update r_ set completed_at = now() - interval '47 days' where state = 'completed'`);
		},
		says: /agents: finished tasks are kept for 47d0h, the policy says 30d0h: cleanup does not run/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the policy, the tables and the jobs of the queue',
				shows: /Storage [\s\S]*cleanup_ttl +30 days[\s\S]*t_agents/,
			},
			{keys: ['!', '8'], why: 'the check, with what to do', shows: /retention[\s\S]*absurdctl cleanup agents/},
		],
		fix: 'Clean up once by hand, then let a job do it every hour.',
	},
];
