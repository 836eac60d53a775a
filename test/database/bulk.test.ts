import {afterEach, beforeEach, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import {
	type BulkControl,
	type BulkIntent,
	type BulkReport,
	type BulkResult,
	countFates,
} from '../../source/monitor/bulk.ts';
import type {Hands, RetryManner} from '../../source/monitor/hands.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startProxy} from '../support/proxy.ts';
import {writingSessionOn} from '../support/session.ts';

const queue = 'bulk "mail"';
let database: TestDatabase;
let absurd: Absurd;
let hands: Hands;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue(queue);
	hands = createHands(
		() => writingSessionOn(database.url),
		() => undefined,
	);
});
afterEach(async () => {
	await hands.close();
	await database.drop();
});

/** Makes failed tasks; answers their ids. */
async function failed(count: number): Promise<readonly string[]> {
	await database.query(
		`select absurd.spawn_task($1, 'send', '{}', '{"max_attempts": 1}') from generate_series(1, $2::int)`,
		[queue, count],
	);
	const runs = await absurd.claim(queue, 'w', count);
	for (const run of runs) await absurd.fail(queue, run, 'Boom', 'no');
	const rows = await database.query<{task_id: string}>(
		`select task_id::text from absurd."t_bulk ""mail""" where state = 'failed' order by task_id`,
	);
	return rows.map(row => row.task_id);
}

const intentOf = (kind: BulkIntent['kind'], ids: readonly string[]): BulkIntent => ({
	kind,
	tasks: ids.map(taskId => ({queue, taskId})),
	hidden: 0,
});

function control(change: Partial<BulkControl> = {}): BulkControl & {readonly told: BulkResult[]} {
	const told: BulkResult[] = [];
	return {rate: () => 100_000, stopped: () => false, progress: results => void told.push(...results), told, ...change};
}

const states = async () =>
	Object.fromEntries(
		(
			await database.query<{state: string; n: number}>(
				`select state, count(*)::int as n from absurd."t_bulk ""mail""" group by state`,
			)
		).map(({state, n}) => [state, n]),
	);

test('counts at that moment, acts on those alone, each in a transaction of its own', async () => {
	const ids = await failed(130);
	const [first = '', second = ''] = ids;
	await database.query('select absurd.retry_task($1, $2)', [queue, first]);
	const missing = '00000000-0000-7000-8000-000000000000';
	const preview = await hands.previewBulk(intentOf('retry', [...ids, missing]));
	expect(preview.act).toHaveLength(129);
	expect(preview.skipped.map(({reason}) => reason).sort()).toEqual([
		'no such task (any more)',
		'not failed (any more): pending',
	]);
	// Between the preview and the act somebody else retries one.
	await database.query('select absurd.retry_task($1, $2)', [queue, second]);
	const steered = control();
	const {results, trouble} = await hands.performBulk('retry', preview.act, steered);
	expect(trouble).toBeUndefined();
	expect(countFates(results)).toEqual({done: 128, skipped: 1, failed: 0, unknown: 0, unsent: 0});
	expect(results.find(({task}) => task.taskId === second)?.fate).toEqual({
		kind: 'skipped',
		reason: 'pending by now: somebody else was quicker',
	});
	expect(steered.told).toEqual(results);
	expect(await states()).toEqual({pending: 130});
	// One transaction each: no two runs of ours were written by the same one.
	const [row] = await database.query<{runs: number; transactions: number}>(
		`select count(*)::int as runs, count(distinct xmin::text)::int as transactions
		 from absurd."r_bulk ""mail""" where state = 'pending'`,
	);
	expect(row).toEqual({runs: 130, transactions: 130});
});

test('one that is locked fails by itself, with its SQLSTATE, and the others are done', async () => {
	const ids = await failed(20);
	const {act} = await hands.previewBulk(intentOf('retry', ids));
	const owner = await database.connect();
	await owner.query('begin');
	await owner.query(`select 1 from absurd."t_bulk ""mail""" where task_id = $1 for update`, [ids[7]]);
	const {results} = await hands.performBulk('retry', act, control());
	await owner.query('rollback');
	expect(countFates(results)).toMatchObject({done: 19, failed: 1});
	expect(results.find(({task}) => task.taskId === ids[7])?.fate).toEqual({
		kind: 'failed',
		sqlstate: '55P03',
		reason: 'canceling statement due to lock timeout. Somebody else holds a lock on it just now; try again. (55P03)',
	});
});

test('cancel tells apart what ended, what somebody else cancelled, and what was cancelled', async () => {
	const tasks = [];
	for (let index = 0; index < 6; index++) tasks.push(await absurd.spawn(queue, 'send'));
	const ids = tasks.map(({taskId}) => taskId);
	const {act} = await hands.previewBulk(intentOf('cancel', ids));
	expect(act).toHaveLength(6);
	await database.query('select absurd.cancel_task($1, $2)', [queue, ids[0]]);
	const [run = ''] = await absurd.claim(queue, 'w');
	await absurd.complete(queue, run);
	const {results} = await hands.performBulk('cancel', act, control());
	expect(results.map(({fate}) => (fate.kind === 'skipped' ? fate.reason : fate.kind))).toEqual([
		'cancelled by now: somebody else was quicker',
		'completed by now: somebody else was quicker',
		...Array(4).fill('done'),
	]);
});

test('stops at once and keeps to the rate', async () => {
	const ids = await failed(60);
	const {act} = await hands.previewBulk(intentOf('retry', ids));
	const began = performance.now();
	let known = 0;
	let sent = 0;
	let sentWhenStopped: number | undefined;
	const {results} = await hands.performBulk(
		'retry',
		act,
		control({
			rate: () => 40,
			sending(tasks) {
				sent += tasks.length;
			},
			progress(part) {
				known += part.length;
				if (known >= 30) sentWhenStopped ??= sent;
			},
			stopped: () => known >= 30,
		}),
	);
	// Forty a second, of which those of the first twentieth of a second and a timer's lateness come at once.
	expect(performance.now() - began).toBeGreaterThan(((30 - 3) / 40) * 1000);
	// What was under way was awaited, and nothing more was sent.
	expect(sent).toBe(sentWhenStopped);
	expect(countFates(results)).toMatchObject({done: sent, unsent: 60 - sent});
	expect(await states()).toEqual({pending: sent, failed: 60 - sent});
});

test('the window slides: behind a locked task there are never more than 50 under way, nor fewer', async () => {
	const ids = await failed(200);
	const {act} = await hands.previewBulk(intentOf('retry', ids));
	const owner = await database.connect();
	await owner.query('begin');
	await owner.query(`select 1 from absurd."t_bulk ""mail""" where task_id = $1 for update`, [ids[60]]);
	const sent: string[] = [];
	let told = 0;
	let most = 0;
	let sentAtLock: number | undefined;
	const {results} = await hands.performBulk(
		'retry',
		act,
		control({
			sending(tasks) {
				sent.push(...tasks.map(({taskId}) => taskId));
				most = Math.max(most, sent.length - told);
			},
			progress(part) {
				// The locked one is the first that is told after the sixty before it.
				if (part.some(({task}) => task.taskId === ids[60])) sentAtLock = sent.length;
				told += part.length;
			},
		}),
	);
	await owner.query('rollback');
	// While it waited the sixty before it were answered, and for each of them another one had been sent.
	expect(sentAtLock).toBe(110);
	expect(most).toBe(50);
	expect(sent).toEqual(ids);
	expect(results.map(({task}) => task.taskId)).toEqual(ids);
	expect(results[60]?.fate).toMatchObject({kind: 'failed', sqlstate: '55P03'});
	expect(countFates(results)).toEqual({done: 199, skipped: 0, failed: 1, unknown: 0, unsent: 0});
	expect(await states()).toEqual({pending: 199, failed: 1});
});

test('where every row is locked few are under way, so that stopping is over within seconds', async () => {
	const ids = await failed(120);
	const {act} = await hands.previewBulk(intentOf('retry', ids));
	const owner = await database.connect();
	await owner.query('begin');
	await owner.query(`select 1 from absurd."t_bulk ""mail""" for update`);
	let sent = 0;
	let failedOnes = 0;
	const {results} = await hands.performBulk(
		'retry',
		act,
		control({
			sending(tasks) {
				sent += tasks.length;
			},
			progress(part) {
				failedOnes += part.length;
			},
			stopped: () => failedOnes >= 1,
		}),
	);
	await owner.query('rollback');
	expect(sent).toBeLessThanOrEqual(10);
	expect(countFates(results)).toEqual({done: 0, skipped: 0, failed: sent, unknown: 0, unsent: 120 - sent});
	expect(await states()).toEqual({failed: 120});
}, 30_000);

test('what somebody else retried meanwhile is read back on the way, and holds nobody up', async () => {
	const ids = await failed(200);
	const {act} = await hands.previewBulk(intentOf('retry', ids));
	await database.query(
		`select absurd.retry_task($1, id) from unnest($2::uuid[]) with ordinality as given (id, place) where place % 3 = 0`,
		[queue, ids],
	);
	const steered = control();
	const {results, trouble} = await hands.performBulk('retry', act, steered);
	expect(trouble).toBeUndefined();
	expect(steered.told.map(({task}) => task.taskId)).toEqual(ids);
	expect(results.map(({fate}) => fate.kind)).toEqual(ids.map((_, index) => (index % 3 === 2 ? 'skipped' : 'done')));
});

/** Retries 140 tasks over a connection that is killed while the 71st waits for a lock, and the 49 behind it with it. */
async function lostInTheMiddle(manner?: RetryManner): Promise<BulkReport> {
	const url = new URL(database.url);
	const proxy = await startProxy(Number(url.port));
	url.port = String(proxy.port);
	const far = createHands(
		() => writingSessionOn(url.href),
		() => undefined,
	);
	const ids = await failed(140);
	const {act} = await far.previewBulk(intentOf('retry', ids));
	const owner = await database.connect();
	await owner.query('begin');
	await owner.query(`select 1 from absurd."t_bulk ""mail""" where task_id = $1 for update`, [ids[70]]);
	let sent = 0;
	let known = 0;
	const steered = control({
		sending(tasks) {
			sent += tasks.length;
		},
		progress(part) {
			known += part.length;
		},
	});
	const running = far.performBulk('retry', act, steered, undefined, manner);
	await expect.poll(() => [sent, known], {timeout: 5000, interval: 5}).toEqual([120, 70]);
	const kill = async () => {
		const [row] = await database.query<{n: number}>(
			`select count(*)::int n from (select pg_terminate_backend(pid) from pg_stat_activity
			 where wait_event_type = 'Lock' and query like '%retry_task%' and datname = current_database()) as killed`,
		);
		return row?.n;
	};
	await expect.poll(kill, {timeout: 5000, interval: 20}).toBe(1);
	await owner.query('rollback');
	const report = await running;
	await far.close();
	await proxy.close();
	return report;
}

test('a connection lost in the middle: looked up by key, never sent twice', async () => {
	const {results, trouble} = await lostInTheMiddle();
	expect(trouble).toBeDefined();
	// The 70 that were committed before the kill; the 50 that were under way were looked up, the last 20 never sent.
	expect(countFates(results)).toEqual({done: 70, skipped: 0, failed: 0, unknown: 0, unsent: 70});
	expect(await states()).toEqual({pending: 70, failed: 70});
	expect(await absurd.count('r', queue)).toBe(210);
}, 30_000);

test('of tasks spawned anew no trace is left to look up: they stay unknown', async () => {
	const {results, trouble} = await lostInTheMiddle({spawnNew: true, extraAttempts: undefined});
	expect(trouble).toBeDefined();
	const {done, unknown, unsent, ...others} = countFates(results);
	expect(others).toEqual({skipped: 0, failed: 0});
	const made = (await absurd.count('t', queue)) - 140;
	expect(made).toBe(70);
	// What was sent is never said not to have been.
	expect([done, unknown, unsent]).toEqual([70, 50, 20]);
}, 30_000);
