import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Source} from '../../source/monitor/source.ts';
import {searchPage, searchReach, type TaskSearch} from '../../source/monitor/task-search.ts';
import {type Absurd, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {fillQueue} from '../support/history.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

const hostile = `o'dd "queue" 100%_\u202e`;

let database: TestDatabase;
let absurd: Absurd;
let source: Source;
const spawned = new Map<string, Spawned>();

async function spawn(queue: string, name: string, params: unknown, options: unknown = {}): Promise<Spawned> {
	const task = await absurd.spawn(queue, name, params, options);
	spawned.set(name, task);
	return task;
}

/** Asks until the search says that it needs no more. */
async function search(filter: string, wanted = searchPage, limit = searchReach, from = source): Promise<TaskSearch> {
	for (let asked = 0; asked < 40; asked++) {
		const found = await from.probe({kind: 'tasks', filter, wanted, limit}, 10_000);
		if (found.progress !== 'reading') return found;
	}
	throw new Error('The search does not end.');
}

const names = async (filter: string) => (await search(filter)).rows.map(({taskName}) => taskName);

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	for (const queue of ['mail', 'agents', hostile]) await absurd.createQueue(queue);
	await createQueue(database, 'weeks', 'partitioned');
	const fail = async (name: string, error: string, message: string, attempts = 1) => {
		await spawn('mail', name, {user: {id: 9_007_199_254_740_993n.toString()}}, {max_attempts: attempts});
		const [run = ''] = await absurd.claim('mail', 'w-7:311');
		await absurd.fail('mail', run, error, message);
	};
	await fail('send-invoice', 'TimeoutError', 'no answer in 30 s');
	await fail('send-letter', 'BounceError', '100% \\ under_score *');
	await fail('noise', 'TimeoutError', 'again', 5);
	await database.query(
		`select absurd.spawn_task('mail', 'exact', '{"user": {"id": 90071992547409931}, "tags": ["a", "b"]}')`,
	);
	await spawn('agents', 'run-agent', {}, {headers: {tenant_id: 'acme'}, idempotency_key: 'order-7'});
	await spawn('agents', 'Été-🚀', {text: 'ünï'});
	await absurd.claim('agents', 'w-9:1', 1);
	await spawn(hostile, `';drop--`, {}, {idempotency_key: 'order-7'});
	await spawn('weeks', 'weekly', {n: 1}, {idempotency_key: 'week-1'});
	const cancelled = await spawn('weeks', 'stopped', {});
	await database.query('select absurd.cancel_task($1, $2)', ['weeks', cancelled.taskId]);
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
});

afterAll(async () => {
	await source.close();
	await database.drop();
});

describe('tasks in the database', () => {
	it('come newest first, over all queues, each once', async () => {
		const {rows, progress} = await search('');
		const all = await Promise.all(
			['mail', 'agents', hostile, 'weeks'].map(queue =>
				database.query<{id: string}>(`select task_id as id from ${table('t', queue)}`),
			),
		);
		const ids = all.flat().map(({id}) => id);
		expect(rows.map(({taskId}) => taskId)).toEqual(ids.sort().reverse());
		expect(progress).toBe('all');
	});

	it.each([
		['state:failed', ['send-letter', 'send-invoice']],
		['state:failed,running', ['run-agent', 'send-letter', 'send-invoice']],
		['state:running', ['run-agent']],
		['state:cancelled', ['stopped']],
		['name:send-*', ['send-letter', 'send-invoice']],
		['name:SEND-letter', ['send-letter']],
		['error:timeout', ['send-invoice']],
		['error:"100% \\\\ under_score *"', ['send-letter']],
		['error:"100%0"', []],
		['state:failed !error:timeout', ['send-letter']],
		['worker:w-7 state:failed', ['send-letter', 'send-invoice']],
		['worker:w-9', ['run-agent']],
		['attempts>=2', ['noise']],
		['attempts:2 queue:mail', ['noise']],
		['!attempts<2', ['noise']],
		['params.user.id:90071992547409931', ['exact']],
		['params.user.id:9007199254740993', ['noise', 'send-letter', 'send-invoice']],
		['params.user.id:90071992547409930', []],
		['params.tags.1:b', ['exact']],
		['headers.tenant_id:acme', ['run-agent']],
		['params.text:ÜNÏ', ['Été-🚀']],
		['name:Été-*', ['Été-🚀']],
		['🚀', ['Été-🚀']],
		['no answer', ['send-invoice']],
		['"answer in"', ['send-invoice']],
		['key:order-7', [`';drop--`, 'run-agent']],
		['key:order-7 queue:agents', ['run-agent']],
		['key:order-7 name:nothing', []],
		['key:week-1', ['weekly']],
		['key:order-*', [`';drop--`, 'run-agent']],
		['queue:weeks', ['stopped', 'weekly']],
		[`queue:"o'dd \\"queue\\" 100%_\u202e"`, [`';drop--`]],
		[`name:"';drop--"`, [`';drop--`]],
		['age>1h', []],
		['age<1h queue:weeks', ['stopped', 'weekly']],
		['nothing-is-called-so', []],
	])('%s', async (filter, found) => {
		expect(await names(filter)).toEqual(found);
	});

	it('are found by whole ids of task and run, by how these begin and by how they end', async () => {
		const {taskId, runId} = spawned.get('run-agent') ?? {taskId: '', runId: ''};
		for (const id of [
			taskId,
			runId,
			taskId.toUpperCase(),
			taskId.slice(0, 18),
			taskId.slice(-8),
			`*${runId.slice(-8)}`,
		]) {
			expect([id, await names(`id:${id}`)]).toEqual([id, expect.arrayContaining(['run-agent'])]);
		}
		const prefix = await search('id:0');
		expect(prefix.rows.length).toBe((await search('')).rows.length);
		expect(await names('id:ffffffff-ffff-7fff-8fff-ffffffffffff')).toEqual([]);
	});

	it('a queue that cannot be read is named, the others are searched', async () => {
		await database.query(`alter table ${table('r', 'agents')} rename to hidden`);
		const {rows, unread} = await search('state:failed');
		expect(rows.map(({taskName}) => taskName)).toEqual(['send-letter', 'send-invoice']);
		expect(unread.map(({queue}) => queue)).toEqual(['agents']);
		await database.query('alter table absurd.hidden rename to r_agents');
	});

	it('show what became of them, and what is new', async () => {
		await search('queue:mail');
		const fresh = await spawn('mail', 'fresh', {});
		const [first] = (await search('queue:mail')).rows;
		expect(first).toMatchObject({taskId: fresh.taskId, state: 'pending'});
		await database.query('select absurd.cancel_task($1, $2)', ['mail', fresh.taskId]);
		expect((await search('queue:mail')).rows[0]).toMatchObject({taskId: fresh.taskId, state: 'cancelled'});
	});
});

describe('a long history', () => {
	let deep: TestDatabase;
	let far: Source;

	beforeAll(async () => {
		deep = await createDatabase();
		await fillQueue(deep, 'long', {finished: 30_000, whole: false});
		await deep.query(`update ${table('t', 'long')} set task_name = 'rare' where task_id in
			(select task_id from ${table('t', 'long')} order by task_id limit 3)`);
		far = createSource(await sessionOn(deep.url), {queues: []});
		await far.catalogue(5000);
	}, 60_000);
	afterAll(async () => {
		await far.close();
		await deep.drop();
	});

	it('is paged without a gap or a repetition', async () => {
		for (const [filter, where] of [
			['', 'true'],
			['name:task-3', "task_name = 'task-3'"],
			['state:failed', "state = 'failed'"],
		] as const) {
			const {rows} = await search(filter, 900, 50_000, far);
			expect(rows.length).toBeGreaterThanOrEqual(900);
			const truth = await deep.query<{id: string}>(
				`select task_id as id from ${table('t', 'long')} where ${where} order by task_id desc limit ${rows.length}`,
			);
			expect(rows.map(({taskId}) => taskId)).toEqual(truth.map(({id}) => id));
		}
	});

	it('stops after the rows it may look at and goes on when told', async () => {
		const near = await search('name:rare', searchPage, searchReach, far);
		expect(near).toMatchObject({progress: 'stopped', kind: 'tasks'});
		expect(near.rows).toEqual([]);
		expect(near.looked).toBeGreaterThanOrEqual(searchReach);
		expect(near.looked).toBeLessThan(searchReach + 2000);
		const all = await search('name:rare', searchPage, 50_000, far);
		expect(all.progress).toBe('all');
		expect(all.rows).toHaveLength(3);
	});

	it('an age leads to its place by the index, whatever lies before it', async () => {
		const {rows, looked} = await search('age>8h age<8h1m', searchPage, searchReach, far);
		const [truth] = await deep.query<{n: number}>(`select count(*)::int as n from ${table('t', 'long')}
			where enqueue_at between now() - interval '8 hours 1 minute' and now() - interval '8 hours'`);
		expect(Math.abs(rows.length - (truth?.n ?? 0))).toBeLessThanOrEqual(2);
		expect(looked).toBeLessThan(400);
	});
});
