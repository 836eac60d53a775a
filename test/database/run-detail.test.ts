import {randomBytes} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import {addressKey, type ValueAddress} from '../../source/monitor/big-document.ts';
import type {RunDetail} from '../../source/monitor/run-detail.ts';
import {savedSteps} from '../../source/monitor/saved-steps.ts';
import type {RunRef} from '../../source/monitor/snapshot.ts';
import type {Source} from '../../source/monitor/source.ts';
import {timelineOf} from '../../source/monitor/timeline.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {type CountingProxy, startProxy} from '../support/proxy.ts';
import {sessionOn} from '../support/session.ts';

// Tasks that the engine itself wrote, at instants of its own clock that the test sets.

const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
let database: TestDatabase;
let absurd: Absurd;
let proxy: CountingProxy;
let source: Source;

/** Sets the engine's clock, seconds after the start. */
async function at(seconds: number): Promise<void> {
	await database.query(`select set_config('absurd.fake_now', $1, false)`, [
		new Date(start + seconds * 1000).toISOString(),
	]);
}

async function claim(queue: string): Promise<string> {
	const [runId] = await absurd.claim(queue, 'w:1');
	if (runId === undefined) throw new Error('Nothing to claim.');
	return runId;
}

async function read(run: RunRef, value?: ValueAddress): Promise<RunDetail> {
	const detail = await source.probe({kind: 'run', run, value}, 5000);
	if (!detail) throw new Error('The task is not there.');
	return detail;
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	const target = new URL(database.url);
	proxy = await startProxy(Number(target.port));
	target.port = String(proxy.port);
	target.hostname = '127.0.0.1';
	source = createSource(await sessionOn(target.href), {queues: []});
	await absurd.createQueue('agents');
	await source.catalogue(5000);
}, 30_000);
afterAll(async () => {
	await source.close();
	await proxy.close();
	await database.drop();
});

describe('a task that failed, was resumed, slept and was woken', () => {
	let detail: RunDetail;

	beforeAll(async () => {
		await at(0);
		const strategy = {kind: 'fixed', base_seconds: 30};
		const {taskId, runId} = await absurd.spawn('agents', 'research', {}, {max_attempts: 5, retry_strategy: strategy});
		await at(1.4);
		await claim('agents');
		for (const [name, seconds] of [
			['plan', 9.6],
			['search', 31.3],
			['search#2', 42.7],
		] as const) {
			await at(seconds);
			await absurd.checkpoint('agents', {taskId, runId}, name, {ok: true});
		}
		await at(44);
		await absurd.fail('agents', runId, 'TimeoutError', 'LLM call timed out');
		await at(80);
		const second = {taskId, runId: await claim('agents')};
		await at(100);
		await absurd.checkpoint('agents', second, 'rank', [2, 1]);
		await at(100.5);
		await absurd.checkpoint('agents', second, 'nap', new Date(start + 190_000).toISOString());
		await database.query('select absurd.schedule_run($1, $2, $3)', [
			'agents',
			second.runId,
			new Date(start + 190_000).toISOString(),
		]);
		await at(200);
		await claim('agents');
		await at(212);
		await absurd.checkpoint('agents', second, 'answer', 'x');
		await at(215);
		await absurd.complete('agents', second.runId);
		detail = await read({queue: 'agents', taskId, runId: second.runId});
	});

	test('every stretch is as long as it was', () => {
		const {lanes} = timelineOf(detail, Date.now());
		expect(
			lanes.map(({kind, attempt, segments}) => [
				`${kind} ${attempt}`,
				...segments.map(({kind: what, name, from, to}) => `${what}${name ? ` ${name}` : ''} ${(to - from) / 1000}`),
			]),
		).toEqual([
			['waiting 1', 'queued 1.4'],
			['attempt 1', 'step plan 8.2', 'step search 21.7', 'step search#2 11.4', 'work 1.3'],
			// Its first claim, at 80 s, was overwritten by the second: nobody can tell the 6 s of waiting from the 20 s of work.
			['waiting 2', 'back-off 30'],
			['attempt 2', 'unclear rank 26', 'work 0.5', 'sleep nap 89.5', 'queued 10', 'step answer 12', 'work 3'],
		]);
	});

	test('the time saved is what the database says lies between the first claim and the last checkpoint of attempt 1', async () => {
		const [row] = await database.query<{saved: string}>(
			`select extract(epoch from max(c.updated_at) - min(t.first_started_at)) * 1000 as saved
			from absurd.t_agents t join absurd.c_agents c using (task_id) join absurd.r_agents r on r.run_id = c.owner_run_id
			where r.attempt = 1 and t.task_id = $1`,
			[detail.taskId],
		);
		const [, second] = detail.runs;
		const saved = second && savedSteps(second, detail);
		expect(saved).toEqual({by: [{attempt: 1, names: ['plan', 'search', 'search#2']}], time: 41_300, unknown: 0});
		expect(Number(row?.saved)).toBe(saved?.time);
	});

	test('while one runs, what finished ones did next is the guess', async () => {
		await at(300);
		const {taskId} = await absurd.spawn('agents', 'research');
		const runId = await claim('agents');
		await at(305);
		await absurd.checkpoint('agents', {taskId, runId}, 'plan', 1);
		const running = await read({queue: 'agents', taskId, runId});
		expect(running.likely).toEqual({name: 'search', usual: 21_700, agree: 1, of: 1});
		const {taskId: other} = await absurd.spawn('agents', 'unlike');
		const unlike = await read({queue: 'agents', taskId: other, runId: await claim('agents')});
		expect(unlike.likely).toBeUndefined();
	});
});

describe.each(['unpartitioned', 'partitioned'])('the tasks around a task in a queue that is %s', mode => {
	const [parents, children] = [`parents ${mode}`, `children ${mode}`];
	const keyed = (key: string) => absurd.spawn(children, 'render', {}, {idempotency_key: key});

	test('parent, children and keys of the family are found by what the engine wrote', async () => {
		await at(500);
		for (const queue of [parents, children]) {
			await database.query('select absurd.create_queue($1, $2)', [queue, mode]);
		}
		await source.catalogue(5000);
		// Ids are in the order of the machine's clock: the parent is older than its child.
		const parent = await absurd.spawn(parents, 'order');
		const child = await keyed('invoice-3');
		const [earlier, later] = [await keyed('invoice-2'), await keyed('invoice-4')];
		await keyed('other-3');
		await absurd.claim(parents, 'w:1');
		const step = `$awaitTaskResult:${child.taskId}`;
		await absurd.checkpoint(parents, parent, step, {state: 'completed', result: 1});
		await absurd.checkpoint(parents, parent, '$awaitTaskResult:00000000-0000-7000-8000-000000000000', {
			state: 'cancelled',
		});

		const ask = async (queue: string, task: typeof child, relations: 'near' | 'parents') => {
			const detail = await source.probe({kind: 'run', run: {queue, ...task}, relations}, 5000);
			return detail?.relations;
		};
		const fromParent = await ask(parents, parent, 'near');
		expect([...(fromParent?.children ?? [])].map(([taskId, found]) => [taskId, found?.queue, found?.taskName])).toEqual(
			[
				['00000000-0000-7000-8000-000000000000', undefined, undefined],
				[child.taskId, children, 'render'],
			],
		);
		const near = await ask(children, child, 'near');
		expect(near?.parents).toBeUndefined();
		expect(near?.family.map(({taskId, key}) => [taskId, key]).sort()).toEqual(
			[
				[earlier.taskId, 'invoice-2'],
				[later.taskId, 'invoice-4'],
			].sort(),
		);
		const asked = await ask(children, child, 'parents');
		expect(asked?.parents?.map(({queue, taskId, taskName}) => [queue, taskId, taskName])).toEqual([
			[parents, parent.taskId, 'order'],
		]);
	});
});

test('20 MB of params: the first screen and its refreshes move kilobytes, and every look inside a few more', async () => {
	await at(400);
	const blob = randomBytes(7_500_000).toString('base64');
	const params = {blob, small: {amount: '§'}, more: randomBytes(7_500_000).toString('base64')};
	const text = JSON.stringify(params).replace('"§"', '90071992547409931.10');
	const [row] = await database.query<{task_id: string; run_id: string}>(
		`select task_id, run_id from absurd.spawn_task('agents', 'big', $1)`,
		[text],
	);
	const run = {queue: 'agents', taskId: row?.task_id ?? '', runId: row?.run_id ?? ''};
	const root: ValueAddress = {field: 'params', runId: undefined, checkpoint: undefined, path: []};
	const counted = async (value?: ValueAddress) => {
		const before = proxy.received();
		const detail = await read(run, value);
		return {detail, bytes: proxy.received() - before};
	};

	const first = await counted();
	expect(first.detail.params.bytes).toBeGreaterThan(15_000_000);
	expect(first.detail.params).toMatchObject({text: '', complete: false});
	expect(first.bytes).toBeLessThan(20_000);
	expect((await counted()).bytes).toBeLessThan(20_000);

	const keys = await counted(root);
	const found = keys.detail.fetched.get(addressKey(root));
	expect(keys.bytes).toBeLessThan(60_000);
	expect(found?.bytes).toBeGreaterThan(20_000_000);
	expect(found?.members.map(({key, kind}) => `${key} ${kind}`).sort()).toEqual([
		'blob string',
		'more string',
		'small object',
	]);
	expect(found?.members.find(({key}) => key === 'blob')?.bytes).toBeGreaterThan(9_999_999);

	// What was fetched once is not fetched again.
	expect((await counted(root)).bytes).toBeLessThan(20_000);
	const inside = await counted({...root, path: ['small']});
	expect(inside.detail.fetched.get(addressKey({...root, path: ['small']}))).toMatchObject({
		text: '{"amount": 90071992547409931.10}',
		complete: true,
	});
	const head = await counted({...root, path: ['blob']});
	expect(head.detail.fetched.get(addressKey({...root, path: ['blob']}))?.text.slice(1, 101)).toBe(blob.slice(0, 100));
	expect(head.bytes).toBeLessThan(60_000);
	expect(head.detail.fetched.size).toBe(3);
}, 60_000);
