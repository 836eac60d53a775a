import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {FailureReport} from '../../source/monitor/failure-groups.ts';
import {keptRuns} from '../../source/monitor/failure-tally.ts';
import type {Source} from '../../source/monitor/source.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

const hour = 3_600_000;
const queues = ['mail', 'two "words"'];
let database: TestDatabase;
let source: Source;

/** Failed runs of tasks, every third dead, and completed ones, all claimed within `span` before now. */
async function stage(queue: string, failed: number, completed: number, span: string): Promise<void> {
	const [t, r] = [table('t', queue), table('r', queue)];
	await database.query(`create temporary table staged as select n, n > ${failed} as done, gen_random_uuid() as task,
			gen_random_uuid() as run, now() - interval '${span}' * ((n % ${failed})::float8 / ${failed}) - interval '1 second' as at
		from generate_series(1, ${failed + completed}) n`);
	await database.query(`insert into ${t} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
		select task, 'type-' || n % 4, '{}', case when done then 'completed' when n % 3 = 0 then 'failed' when n % 7 = 0 then 'cancelled'
			else 'sleeping' end, 1, 5, at, case when done or n % 3 = 0 then run else gen_random_uuid() end from staged`);
	await database.query(`insert into ${r} (run_id, task_id, attempt, state, claimed_by, available_at, started_at, completed_at, failed_at,
			failure_reason, created_at)
		select run, task, 1 + n % 4, case when done then 'completed' else 'failed' end, 'w:1', at, at,
			case when done then at + interval '500 ms' end, case when not done then at + interval '500 ms' end,
			case when done then null else jsonb_build_object('name', case when n % 2 = 0 then 'Timeout' else 'Refused' end,
				'message', 'call ' || n || ' to "host-' || n || '" for ' || gen_random_uuid() || ' failed') end, at from staged`);
	await database.query('drop table staged');
}

/** Asks until the reading has ended; answers the last report and how often was asked. */
async function read(window: number, limit = 20_000, from = source): Promise<{report: FailureReport; asks: number}> {
	for (let asks = 1; ; asks++) {
		const report = await from.probe({kind: 'failures', window, limit, stopped: false}, 20_000);
		if (report.progress !== 'reading') return {report, asks};
	}
}

beforeAll(async () => {
	database = await createDatabase();
	for (const queue of queues) await createQueue(database, queue);
	await stage('mail', 5000, 5500, '50 minutes');
	await stage('two "words"', 100, 700, '20 hours');
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
}, 60_000);
afterAll(async () => {
	await source.close();
	await database.drop();
});

/** The same groups from the tables in one statement, the message normalised by Postgres. */
async function truth(window: string) {
	const each = queues.map(
		queue => `select t.task_name, r.failure_reason ->> 'name' as error, t.state, t.last_attempt_run = r.run_id as last, r.failed_at, r.run_id
			from ${table('r', queue)} r join ${table('t', queue)} t using (task_id) where r.state = 'failed' and r.failed_at > now() - interval '${window}'`,
	);
	return await database.query<{
		name: string;
		error: string;
		dead: number;
		retried: number;
		cancelled: number;
		first: Date;
		last: Date;
	}>(
		`select task_name as name, error, count(*) filter (where state = 'failed' and last)::int as dead,
			count(*) filter (where state <> 'cancelled' and not (state = 'failed' and last))::int as retried,
			count(*) filter (where state = 'cancelled')::int as cancelled, min(failed_at) as first, max(failed_at) as last
		from (${each.join(' union all ')}) as failures group by 1, 2`,
	);
}

const brief = (name: string, error: string, dead: number, retried: number, cancelled: number) =>
	[name, error, dead, retried, cancelled].join(' ');

test.each([
	['24 hours', 24 * hour],
	['1 hour', hour],
] as const)(
	'the groups of %s are those that the tables give',
	async (words, window) => {
		const {report, asks} = await read(window);
		const rows = await truth(words);
		expect(report.progress).toBe('whole');
		expect(report.groups.map(g => brief(g.taskName, g.errorName, g.dead, g.retried, g.cancelled)).sort()).toEqual(
			rows.map(row => brief(row.name, row.error, row.dead, row.retried, row.cancelled)).sort(),
		);
		for (const group of report.groups) {
			expect(group.pattern).toBe('call ‹n› to ‹str› for ‹id› failed');
			const row = rows.find(({name, error}) => name === group.taskName && error === group.errorName);
			expect([Math.floor(group.firstAt), Math.floor(group.lastAt)]).toEqual([
				row?.first.getTime(),
				row?.last.getTime(),
			]);
			expect(group.trend.reduce((sum, n) => sum + n, 0)).toBe(group.dead + group.retried + group.cancelled);
		}
		// 5,000 rows do not come in one tick.
		expect(asks).toBeGreaterThanOrEqual(3);
	},
	60_000,
);

test('a limit ends the reading, says how far it went, and a higher one goes on from there', async () => {
	const {report, asks} = await read(7 * 24 * hour, 3000);
	expect([report.progress, report.looked]).toEqual(['limit', 3000]);
	const further = await read(7 * 24 * hour, 50_000);
	expect([further.report.progress, further.report.looked]).toEqual(['whole', 5100]);
	expect(further.report.backTo).toBeLessThan(report.backTo);
	expect(asks + further.asks).toBeLessThan(8);
}, 60_000);

/** Asks until what completed was read to the end, too. */
async function readWhole(window: number, limit = 20_000, from = source): Promise<FailureReport> {
	for (let asks = 0; asks < 60; asks++) {
		const {report} = await read(window, limit, from);
		if (!report.renewing && report.sampled?.progress !== 'reading') return report;
	}
	throw new Error('The reading does not end.');
}

test('a share over more than one page is that of all runs of the type, where both are known', async () => {
	const report = await readWhole(24 * hour);
	expect(report.sampled).toEqual({looked: 6200, progress: 'whole'});
	const group = report.groups.find(({taskName, errorName}) => taskName === 'type-1' && errorName === 'Refused');
	const each = queues.map(
		queue => `select r.state, r.failure_reason ->> 'name' as error from ${table('r', queue)} r join ${table('t', queue)} t using (task_id)
			where t.task_name = 'type-1' and r.state in ('completed', 'failed') and r.available_at > now() - interval '47 hours'`,
	);
	const [row] = await database.query<{
		failed: number;
		runs: number;
	}>(`select count(*) filter (where error = 'Refused')::int as failed,
		count(*)::int as runs from (${each.join(' union all ')}) as finished`);
	expect([group?.share?.failed, group?.share?.runs]).toEqual([row?.failed, row?.runs]);
}, 60_000);

test('a limit ends the reading of what completed as well, and the share is of the time that it covers', async () => {
	const one = createSource(await sessionOn(database.url), {queues: ['mail']});
	await one.catalogue(5000);
	const report = await readWhole(7 * 24 * hour, 3000, one);
	await one.close();
	expect(report.sampled).toMatchObject({progress: 'limit'});
	expect(report.sampled?.looked).toBeLessThanOrEqual(3000);
	const group = report.groups.find(({share}) => share !== undefined);
	if (group?.share === undefined) throw new Error('No share is known.');
	const since = new Date(group.share.since).toISOString();
	const each = group.queues.map(
		queue => `select r.state, r.failure_reason ->> 'name' as error from ${table('r', queue)} r join ${table('t', queue)} t using (task_id)
			where t.task_name = '${group.taskName}' and r.state in ('completed', 'failed') and r.available_at >= '${since}'`,
	);
	const [row] = await database.query<{failed: number; runs: number}>(`select
			count(*) filter (where error = '${group.errorName}')::int as failed, count(*)::int as runs from (${each.join(' union all ')}) as finished`);
	expect([group.queues.length, group.share.failed, group.share.runs]).toEqual([1, row?.failed, row?.runs]);
	expect(group.share.since).toBeGreaterThan(report.from);
}, 60_000);

test('every dead task of a group is known, not only those of the runs that are listed', async () => {
	const report = await readWhole(24 * hour);
	for (const group of report.groups) {
		expect(group.deadTasks.length).toBe(group.dead);
		expect(new Set(group.deadTasks.map(({taskId}) => taskId)).size).toBe(group.dead);
	}
	const [large] = report.groups;
	// As many of its runs can be listed as one may walk through, each once.
	const all = (large?.dead ?? 0) + (large?.retried ?? 0) + (large?.cancelled ?? 0);
	expect(large?.runs.length).toBe(Math.min(keptRuns, all));
	expect(new Set(large?.runs.map(({runId}) => runId)).size).toBe(large?.runs.length);
	expect(all).toBeGreaterThan(500);
	const each = queues.map(
		queue => `select t.task_id as id, r.available_at as at from ${table('r', queue)} r join ${table('t', queue)} t using (task_id)
			where t.task_name = $1 and r.failure_reason ->> 'name' = $2 and t.state = 'failed' and t.last_attempt_run = r.run_id`,
	);
	const rows = await database.query<{id: string}>(`select id from (${each.join(' union all ')}) as dead`, [
		large?.taskName,
		large?.errorName,
	]);
	expect(large?.deadTasks.map(({taskId}) => taskId).sort()).toEqual(rows.map(({id}) => id).sort());
}, 60_000);

test('a queue that cannot be read is named and does not harm the others', async () => {
	await createQueue(database, 'broken');
	await database.query(`drop table ${table('r', 'broken')} cascade`);
	await source.catalogue(5000);
	const {report} = await read(5 * 60_000);
	expect(report.unread.map(({queue}) => queue)).toEqual(['broken']);
	expect(report.groups.length).toBeGreaterThan(0);
});
