import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Source} from '../../source/monitor/source.ts';
import {furthestReach, searchReach} from '../../source/monitor/task-search.ts';
import {groupWorkflows, type WorkflowReport} from '../../source/monitor/workflows.ts';
import {workflowFilter} from '../../source/screens/workflows/workflows.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {fillQueue} from '../support/history.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

// Staged through Absurd's own functions and counted once more by plain statements over whole tables.

const queues = ['mail', 'two "words"', 'weeks'];
const hostile = `o'1, "two" *\u0007 \\ 100%`;
let database: TestDatabase;
let absurd: Absurd;
let source: Source;

/** Asks until a reading has ended; answers the last report and how often was asked. */
async function read(from: Source, limit = searchReach): Promise<{report: WorkflowReport; asks: number}> {
	for (let asks = 1; asks < 100; asks++) {
		const report = await from.probe({kind: 'workflows', limit}, 20_000);
		if (report.progress !== 'reading' && !report.renewing) return {report, asks};
	}
	throw new Error('The reading does not end.');
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	for (const queue of queues) await createQueue(database, queue, queue === 'weeks' ? 'partitioned' : undefined);
	for (const [place, queue] of queues.entries()) {
		for (let n = 0; n < 24; n++) {
			const workflow = n % 4 === 0 ? {} : {workflow_run_id: `order-${n % 3}`, tenant_id: 'acme'};
			const other = n % 8 === 1 ? {workflow_run: `order-${n % 3}`} : workflow;
			await absurd.spawn(queue, `ship__1__step-${n % 5}`, {n}, {headers: other, max_attempts: 1});
		}
		await absurd.spawn(queue, 'odd', {}, {headers: {workflow_run_id: hostile, workflow_name: 'named'}});
		await absurd.spawn(queue, 'none', {}, {headers: {workflow_run_id: ''}});
		await absurd.spawn(queue, 'text', {}, {headers: {workflow_run_id: {deep: 1}}});
		for (const run of await absurd.claim(queue, 'w:1', 12)) await absurd.complete(queue, run);
		for (const run of await absurd.claim(queue, 'w:1', 4 + place)) await absurd.fail(queue, run, 'Refused', 'no');
		await absurd.claim(queue, 'w:1', 2);
		const [open] = await database.query<{task: string}>(
			`select task_id as task from ${table('t', queue)} where state = 'pending' order by task_id limit 1`,
		);
		await database.query('select absurd.cancel_task($1, $2)', [queue, open?.task]);
	}
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
}, 60_000);
afterAll(async () => {
	await source.close();
	await database.drop();
});

interface Truth {
	readonly header: string;
	readonly workflow: string;
	readonly states: Readonly<Record<string, number>>;
	readonly queues: readonly string[];
	readonly first: Date;
	readonly last: Date;
}

/** The same from the tables as a whole. */
async function truth(): Promise<readonly Truth[]> {
	const each = queues.map(
		queue => `select '${queue}' as queue, t.state, t.enqueue_at, headers, case when t.state in ('completed', 'failed', 'cancelled')
				then greatest(r.completed_at, r.failed_at, t.cancelled_at) end as ended
			from ${table('t', queue)} t join ${table('r', queue)} r on r.run_id = t.last_attempt_run
			where headers ?| array['workflow_run_id', 'workflow_run'] and task_name <> 'none'`,
	);
	return await database.query<{[Key in keyof Truth]: Truth[Key]}>(`with member as (
			select *, case when headers ? 'workflow_run_id' then 'workflow_run_id' else 'workflow_run' end as header
			from (${each.join(' union all ')}) as tasks),
		counted as (select header, headers ->> header as workflow, queue, state, enqueue_at, ended from member)
		select header, workflow, array_agg(distinct queue order by queue) as queues, min(enqueue_at) as first,
			max(greatest(enqueue_at, ended)) as last,
			jsonb_build_object('pending', count(*) filter (where state = 'pending'), 'running', count(*) filter (where state = 'running'),
				'sleeping', count(*) filter (where state = 'sleeping'), 'completed', count(*) filter (where state = 'completed'),
				'failed', count(*) filter (where state = 'failed'), 'cancelled', count(*) filter (where state = 'cancelled')) as states
		from counted group by 1, 2 order by 1, 2`);
}

test('tasks by their header are those that the tables give', async () => {
	const {report} = await read(source);
	const rows = await truth();
	expect(report).toMatchObject({progress: 'whole', looked: 27 * queues.length, backTo: undefined, unread: []});
	const found = [...report.workflows].sort((a, b) =>
		`${a.header} ${a.workflow}` < `${b.header} ${b.workflow}` ? -1 : 1,
	);
	const order = (a: Truth, b: Truth) => (`${a.header} ${a.workflow}` < `${b.header} ${b.workflow}` ? -1 : 1);
	expect(
		found.map(row => [
			row.header,
			row.workflow,
			row.states,
			row.queues,
			Math.floor(row.startedAt),
			Math.floor(row.lastAt),
		]),
	).toEqual(
		[...rows]
			.sort(order)
			.map(row => [row.header, row.workflow, row.states, row.queues, row.first.getTime(), row.last.getTime()]),
	);
	expect(found.length).toBe(3 + 3 + 2);
	expect(new Set(report.workflows.flatMap(({tasks}) => tasks.map(({state}) => state))).size).toBeGreaterThanOrEqual(5);
});

test('a name is the header, what task names share, or the first task', async () => {
	const {report} = await read(source);
	const nameOf = (workflow: string) => report.workflows.find(row => row.workflow === workflow)?.name;
	expect([nameOf('order-1'), nameOf(hostile), nameOf('{"deep": 1}')]).toEqual(['ship', 'named', 'text']);
	// What stands before the first __ is a name only where something stands there.
	const proto = report.workflows
		.flatMap(row => row.tasks)
		.slice(0, 1)
		.map(task => ({...task, taskName: '__proto__'}));
	expect(groupWorkflows(proto).map(({name}) => name)).toEqual(['__proto__']);
});

test('the filter of a workflow finds its tasks and no others', async () => {
	const {report} = await read(source);
	for (const row of report.workflows) {
		const filter = workflowFilter(row);
		const found = await source.probe({kind: 'tasks', filter, wanted: 500, limit: searchReach}, 10_000);
		expect([filter, found.rows.map(({taskId}) => taskId).sort()]).toEqual([
			filter,
			row.tasks.map(({taskId}) => taskId).sort(),
		]);
	}
});

test('what ends between two readings is seen, and a queue that cannot be read is named', async () => {
	const before = (await read(source)).report.workflows.reduce((sum, {states}) => sum + states.running, 0);
	expect(before).toBeGreaterThan(0);
	for (const queue of queues) {
		const running = await database.query<{run: string}>(
			`select run_id as run from ${table('r', queue)} where state = 'running'`,
		);
		for (const {run} of running) await absurd.complete(queue, run);
	}
	const after = (await read(source)).report.workflows;
	expect(after.reduce((sum, {states}) => sum + states.running, 0)).toBe(0);
	await createQueue(database, 'broken');
	await source.catalogue(5000);
	await database.query(`drop table ${table('r', 'broken')} cascade`);
	const {report} = await read(source);
	expect(report.unread.map(({queue}) => queue)).toEqual(['broken']);
	expect(report.workflows.length).toBe(after.length);
});

test('a long history is read to a limit, goes on when told, and every task is looked at once', async () => {
	const deep = await createDatabase();
	try {
		await fillQueue(deep, 'long', {finished: 13_000, whole: false});
		await deep.query(`update ${table('t', 'long')} set headers = '{"workflow_run_id": "old"}' where task_id in
			(select task_id from ${table('t', 'long')} order by task_id limit 3)`);
		await deep.query(
			`update ${table('t', 'long')} set headers = '{"workflow_run_id": "wide"}' where task_name = 'task-3'`,
		);
		const far = createSource(await sessionOn(deep.url), {queues: []});
		await far.catalogue(5000);
		const near = await read(far);
		expect(near.report).toMatchObject({progress: 'limit', looked: searchReach});
		expect(near.asks).toBe(5);
		expect(near.report.workflows.map(({workflow}) => workflow)).toEqual(['wide']);
		const [seen] = await deep.query<{n: number; back: Date}>(
			`select count(*) filter (where task_name = 'task-3')::int as n, min(enqueue_at) as back
			from (select task_name, enqueue_at from ${table('t', 'long')} order by task_id desc limit ${searchReach}) newest`,
		);
		expect(near.report.workflows[0]?.tasks.length).toBe(seen?.n);
		expect(Math.abs((near.report.backTo ?? 0) - (seen?.back.getTime() ?? 0))).toBeLessThan(2000);
		const all = await read(far, furthestReach);
		expect(all.report.progress).toBe('whole');
		expect(all.report.workflows.map(({workflow}) => workflow).sort()).toEqual(['old', 'wide']);
		expect(all.asks).toBe(2);
		await far.close();
	} finally {
		await deep.drop();
	}
}, 60_000);
