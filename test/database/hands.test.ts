import {randomUUID} from 'node:crypto';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import type {WritingSession} from '../../source/database/statement.ts';
import type {Hands, Intent, SpawnIntent} from '../../source/monitor/hands.ts';
import type {SessionFacts} from '../../source/monitor/snapshot.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startProxy} from '../support/proxy.ts';
import {writingSessionOn} from '../support/session.ts';

const queue = `odd "queue" ü`;
let database: TestDatabase;
let hands: Hands;
let facts: SessionFacts | undefined;

function handsOn(url: string): Hands {
	const open = async (): Promise<WritingSession> => {
		const session = await writingSessionOn(url);
		facts = session.facts;
		return session;
	};
	return createHands(open, () => facts);
}

beforeAll(async () => {
	database = await createDatabase();
	await database.query('select absurd.create_queue($1)', [queue]);
	hands = handsOn(database.url);
});
afterAll(async () => {
	await hands.close();
	await database.drop();
});

const blank: SpawnIntent = {
	kind: 'spawn',
	queue,
	taskName: 'send-invoice',
	params: '{}',
	headers: undefined,
	maxAttempts: 1,
	retryStrategy: undefined,
	cancellation: undefined,
	idempotencyKey: undefined,
};

interface Spawned {
	readonly taskId: string;
	readonly runId: string;
}

async function spawn(options: object = {max_attempts: 1}): Promise<Spawned> {
	const [row] = await database.query<{task_id: string; run_id: string}>(
		`select task_id::text, run_id::text from absurd.spawn_task($1, 'send-invoice', '{}', $2)`,
		[queue, JSON.stringify(options)],
	);
	return {taskId: row?.task_id ?? '', runId: row?.run_id ?? ''};
}

async function claim(): Promise<void> {
	await database.query(`select run_id from absurd.claim_task($1, 'w-7:311', 30, 100)`, [queue]);
}

async function fail(options?: object): Promise<Spawned> {
	const spawned = await spawn(options);
	await claim();
	await database.query(`select absurd.fail_run($1, $2, '{"name":"Boom","message":"no"}')`, [queue, spawned.runId]);
	return spawned;
}

async function task(taskId: string) {
	const [row] = await database.query(
		`select state, attempts, max_attempts, params::text, headers::text from absurd."t_odd ""queue"" ü" where task_id = $1`,
		[taskId],
	);
	return row;
}

const text = async (intent: Intent): Promise<string> => {
	const preview = await hands.preview(intent);
	return preview.refusal ?? preview.consequences.join(' ');
};

describe('retry', () => {
	test('in place: says which attempt follows and makes it', async () => {
		const {taskId} = await fail({max_attempts: 1});
		const intent = {kind: 'retry', queue, taskId, spawnNew: false, extraAttempts: undefined} as const;
		const preview = await hands.preview(intent);
		expect(preview.task).toMatchObject({
			queue,
			taskId,
			name: 'send-invoice',
			state: 'failed',
			attempts: 1,
			maxAttempts: 1,
		});
		expect(preview.consequences.join(' ')).toMatch(/Attempt 2 follows at once; it is the last one.*no checkpoint/);
		const outcome = await hands.perform(intent);
		expect(outcome).toMatchObject({kind: 'done', task: {queue, taskId}});
		expect(outcome.sentence).toContain('attempt 2');
		expect(await task(taskId)).toMatchObject({state: 'pending', attempts: 2, max_attempts: 2});
		expect(await text(intent)).toMatch(/is pending: it has not failed/);
	});

	test('with further attempts', async () => {
		const {taskId} = await fail({max_attempts: 1});
		const intent = {kind: 'retry', queue, taskId, spawnNew: false, extraAttempts: 3} as const;
		expect(await text(intent)).toMatch(/up to attempt 4/);
		expect((await hands.perform(intent)).kind).toBe('done');
		expect(await task(taskId)).toMatchObject({state: 'pending', attempts: 2, max_attempts: 4});
	});

	test('as a new task', async () => {
		const {taskId} = await fail();
		const outcome = await hands.perform({kind: 'retry', queue, taskId, spawnNew: true, extraAttempts: undefined});
		if (outcome.kind !== 'done') throw new Error(outcome.sentence);
		expect(outcome.task?.taskId).not.toBe(taskId);
		expect(await task(outcome.task?.taskId ?? '')).toMatchObject({state: 'pending', attempts: 1});
		expect(await task(taskId)).toMatchObject({state: 'failed'});
	});

	test('of what has not failed changes nothing and says so, with the SQLSTATE', async () => {
		const {taskId} = await spawn();
		const outcome = await hands.perform({kind: 'retry', queue, taskId, spawnNew: false, extraAttempts: undefined});
		expect(outcome).toMatchObject({kind: 'failed', sqlstate: 'P0001'});
		const {max_attempts: most} = (await task(taskId)) ?? {};
		expect(outcome.sentence).toBe(
			`Task ${taskId} in queue ${queue} could not be retried: it is pending now, at attempt 1${
				most === null ? '' : ` of ${String(most)}`
			}; somebody else was quicker. Nothing was changed. (P0001)`,
		);
	});

	test('of an unknown task', async () => {
		const taskId = randomUUID();
		expect(await text({kind: 'retry', queue, taskId, spawnNew: false, extraAttempts: undefined})).toContain('no task');
	});
});

describe('cancel', () => {
	test('of a running task names its worker', async () => {
		const {taskId, runId} = await spawn();
		await claim();
		const intent = {kind: 'cancel', queue, taskId} as const;
		expect(await text(intent)).toMatch(/w-7:311 is running it and will notice/);
		expect(await hands.perform(intent)).toMatchObject({kind: 'done', task: {queue, taskId, runId}});
		expect(await task(taskId)).toMatchObject({state: 'cancelled'});
		expect(await text(intent)).toMatch(/cancelled already/);
		expect(await text({kind: 'retry', queue, taskId, spawnNew: true, extraAttempts: undefined})).toMatch(
			/cannot be retried/,
		);
	});

	test('that comes too late does not claim success', async () => {
		const {taskId, runId} = await spawn();
		await claim();
		await database.query(`select absurd.complete_run($1, $2, '1')`, [queue, runId]);
		const outcome = await hands.perform({kind: 'cancel', queue, taskId});
		expect(outcome).toMatchObject({kind: 'failed'});
		expect(outcome.sentence).toMatch(/completed by now/);
	});

	test('waits one second for a lock, then says who is in the way', async () => {
		const {taskId} = await spawn();
		const owner = await database.connect();
		await owner.query('begin');
		await owner.query(`select 1 from absurd."r_odd ""queue"" ü" where task_id = $1 for update`, [taskId]);
		const start = performance.now();
		const outcome = await hands.perform({kind: 'cancel', queue, taskId});
		expect(performance.now() - start).toBeLessThan(5000);
		expect(outcome).toMatchObject({kind: 'failed', sqlstate: '55P03'});
		// Nobody tries an action again by himself, as readings are.
		expect(outcome.sentence).toMatch(/Somebody else holds a lock on it just now; try again\./);
		await owner.query('rollback');
		expect((await hands.perform({kind: 'cancel', queue, taskId})).kind).toBe('done');
	});
});

describe('emit', () => {
	test('counts who wakes, and the second one changes nothing', async () => {
		const waiting: string[] = [];
		for (let index = 0; index < 2; index++) {
			const {taskId, runId} = await spawn({max_attempts: 1});
			waiting.push(taskId);
			await claim();
			await database.query(`select should_suspend from absurd.await_event($1, $2, $3, 'step', 'order:1')`, [
				queue,
				taskId,
				runId,
			]);
		}
		const intent = {kind: 'emit', queue, eventName: 'order:1', payload: '{"n": 90071992547409931}'} as const;
		const said = await text(intent);
		expect(said).toMatch(/^2 tasks wake: .*cannot be taken back/);
		for (const taskId of waiting) expect(said).toContain(` …${taskId.slice(-6)}`);
		expect((await hands.suggest(queue)).eventNames).toEqual(['order:1']);
		const outcome = await hands.perform(intent);
		expect(outcome).toMatchObject({kind: 'done'});
		expect(outcome.sentence).toMatch(/2 tasks waited/);
		expect(await database.query(`select payload::text from absurd."e_odd ""queue"" ü"`)).toEqual([
			{payload: '{"n": 90071992547409931}'},
		]);
		expect(await text(intent)).toMatch(/Already emitted .* this changes nothing/);
		expect((await hands.perform({...intent, payload: '2'})).sentence).toMatch(/emitted before/);
	});

	test('with wrong JSON is refused by the database', async () => {
		const outcome = await hands.perform({kind: 'emit', queue, eventName: 'x', payload: '{'});
		expect(outcome).toMatchObject({kind: 'failed', sqlstate: '22P02'});
	});
});

describe('spawn', () => {
	test('keeps every digit and every null', async () => {
		const outcome = await hands.perform({
			...blank,
			params: '{"id": 123456789012345678901234567890, "x": null}',
			headers: '{"trace": null}',
			maxAttempts: 7,
			retryStrategy: '{"kind": "fixed", "base_seconds": 5}',
			cancellation: '{"max_delay": 3600}',
		});
		if (outcome.kind !== 'done') throw new Error(outcome.sentence);
		expect(await task(outcome.task?.taskId ?? '')).toEqual({
			state: 'pending',
			attempts: 1,
			max_attempts: 7,
			params: '{"x": null, "id": 123456789012345678901234567890}',
			headers: '{"trace": null}',
		});
	});

	test('warns of endless retries and of a name that nobody runs', async () => {
		const said = await text({...blank, taskName: 'never-seen', maxAttempts: null});
		expect(said).toMatch(/unlimited attempts.*without back-off.*No worker has run/);
		expect(await text({...blank, maxAttempts: null, retryStrategy: '{"kind":"exponential"}'})).not.toMatch(/back-off/);
	});

	test('with a key that is taken makes nothing', async () => {
		const intent: SpawnIntent = {...blank, idempotencyKey: `key'"`};
		const first = await hands.perform(intent);
		expect(await text(intent)).toMatch(/has this idempotency key/);
		const second = await hands.perform(intent);
		expect(second.sentence).toMatch(/nothing new was made/);
		expect([first.kind, second.kind]).toEqual(['done', 'done']);
		if (first.kind === 'done' && second.kind === 'done') expect(second.task?.taskId).toBe(first.task?.taskId);
	});

	test('in a partitioned queue finds the key as well', async () => {
		await database.query(`select absurd.create_queue('weeks', 'partitioned')`);
		const intent: SpawnIntent = {...blank, queue: 'weeks', idempotencyKey: 'k'};
		expect(await text(intent)).not.toMatch(/idempotency key/);
		await hands.perform(intent);
		expect(await text(intent)).toMatch(/has this idempotency key/);
	});

	test('the usual number of attempts is what most have', async () => {
		await database.query(`select absurd.create_queue('usual')`);
		for (const max of [3, 3, 5]) await hands.perform({...blank, queue: 'usual', taskName: 'a', maxAttempts: max});
		await hands.perform({...blank, queue: 'usual', taskName: 'b', maxAttempts: null});
		expect([
			await hands.usualMaxAttempts('usual', 'a'),
			await hands.usualMaxAttempts('usual', 'b'),
			await hands.usualMaxAttempts('usual', 'c'),
		]).toEqual([3, null, undefined]);
		expect((await hands.suggest('usual')).taskNames).toEqual(['a', 'b']);
	});
});

describe('what cannot be done', () => {
	test('a role without rights is told which ones it lacks, also before the next dialog', async () => {
		await database.query('create role looker login');
		await database.query(
			'grant usage on schema absurd to looker; grant select on all tables in schema absurd to looker',
		);
		const url = new URL(database.url);
		url.username = 'looker';
		const weak = handsOn(url.href);
		const {taskId} = await fail();
		const {refusal} = await weak.preview({kind: 'cancel', queue, taskId});
		expect(refusal).toMatch(/looker may not cancel.*update on t_odd.*update on r_odd.*delete on w_odd/);
		expect(weak.refusal('cancel', queue)).toBe(refusal);
		expect(weak.refusal('cancel', 'other')).toBeUndefined();
		expect(await weak.perform({kind: 'cancel', queue, taskId})).toMatchObject({kind: 'failed', sqlstate: '42501'});
		await weak.close();
		await database.query('drop owned by looker; drop role looker');
	});

	test('an unknown queue', async () => {
		expect(await text({...blank, queue: 'nowhere'})).toMatch(/no table t_nowhere/);
		expect(await hands.perform({...blank, queue: 'nowhere'})).toMatchObject({kind: 'failed', sqlstate: '42P01'});
	});

	test('an older schema lacks the function', async () => {
		const open = async (): Promise<WritingSession> => {
			const session = await writingSessionOn(database.url);
			return {...session, facts: {...session.facts, schemaVersion: '0.1.1'}};
		};
		const old = createHands(open, () => undefined);
		const {taskId} = await fail();
		expect(
			(await old.preview({kind: 'retry', queue, taskId, spawnNew: false, extraAttempts: undefined})).refusal,
		).toMatch(/0\.1\.1, which has no retry_task; it came with 0\.2\.0/);
		await old.close();
	});
});

describe('a connection that breaks', () => {
	test('in the middle of an action: unknown, how to look it up, and the next action works', async () => {
		const url = new URL(database.url);
		const proxy = await startProxy(Number(url.port));
		url.port = String(proxy.port);
		const far = handsOn(url.href);
		const {taskId} = await spawn();
		const owner = await database.connect();
		await owner.query('begin');
		await owner.query(`select 1 from absurd."r_odd ""queue"" ü" where task_id = $1 for update`, [taskId]);
		const cancelling = far.perform({kind: 'cancel', queue, taskId});
		const kill = async () => {
			const [row] = await database.query<{n: number}>(
				`select count(*)::int n from (select pg_terminate_backend(pid) from pg_stat_activity
				 where wait_event_type = 'Lock' and query like '%cancel_task%') as killed`,
			);
			return row?.n;
		};
		await expect.poll(kill, {timeout: 10_000}).toBe(1);
		const outcome = await cancelling;
		expect(outcome.kind).toBe('unknown');
		expect(outcome.sentence).toMatch(new RegExp(`may or may not have happened. Look task ${taskId} up`));
		await owner.query('rollback');
		expect((await far.perform({kind: 'cancel', queue, taskId})).kind).toBe('done');
		await far.close();
		await proxy.close();
	});

	test('before an action: nothing was changed', async () => {
		const nowhere = handsOn('postgresql://127.0.0.1:1/absurd?sslmode=disable');
		const outcome = await nowhere.perform({kind: 'cancel', queue, taskId: randomUUID()});
		expect(outcome).toMatchObject({kind: 'failed'});
		expect(outcome.sentence).toMatch(/nothing listens on 127.0.0.1:1.*Nothing was changed/);
		await nowhere.close();
	});
});
