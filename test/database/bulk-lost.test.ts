import {afterEach, beforeEach, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import {type BulkControl, type BulkTask, countFates} from '../../source/monitor/bulk.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {type CountingProxy, startProxy} from '../support/proxy.ts';
import {writingSessionOn} from '../support/session.ts';

// A connection that dies without an end in the middle of a bulk action: what is known to be done, what is known not to
// be, and what is unknown are told apart; nothing is sent a second time.

const queue = 'mail';
let database: TestDatabase;
let absurd: Absurd;
let proxy: CountingProxy;
let hands: Hands;

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue(queue);
	const url = new URL(database.url);
	proxy = await startProxy(Number(url.port));
	url.port = String(proxy.port);
	hands = createHands(
		() => writingSessionOn(url.href, {silence: 500}),
		() => undefined,
	);
});
afterEach(async () => {
	await hands.close();
	await proxy.close();
	await database.drop();
});

/** Failed tasks, as the database counts them for a retry. */
async function counted(count: number): Promise<readonly BulkTask[]> {
	await database.query(
		`select absurd.spawn_task($1, 'send', '{}', '{"max_attempts": 1}') from generate_series(1, $2::int)`,
		[queue, count],
	);
	for (const run of await absurd.claim(queue, 'w', count)) await absurd.fail(queue, run, 'Boom', 'no');
	const rows = await database.query<{id: string}>('select task_id::text as id from absurd."t_mail" order by task_id');
	const tasks = rows.map(({id}) => ({queue, taskId: id}));
	return (await hands.previewBulk({kind: 'retry', tasks, hidden: 0})).act;
}

/** Steers at full speed; `second` is called before the second batch of 50 goes out. */
function control(second: () => void, rest: Partial<BulkControl> = {}): BulkControl {
	let batches = 0;
	return {
		rate: () => 100_000,
		stopped: () => false,
		progress: () => {},
		sending() {
			batches++;
			if (batches === 2) second();
		},
		...rest,
	};
}

async function states(): Promise<Readonly<Record<string, number>>> {
	const rows = await database.query<{state: string; n: number}>(
		'select state, count(*)::int as n from absurd."t_mail" group by state',
	);
	return Object.fromEntries(rows.map(({state, n}) => [state, n]));
}

test('answers that were swallowed are looked up: all of them had happened', async () => {
	const tasks = await counted(120);
	let lookedUp = 0;
	const steer = control(() => proxy.swallow('answers'), {lookingUp: count => (lookedUp = count)});
	const {results, trouble} = await hands.performBulk('retry', tasks, steer);
	expect(trouble).toBeDefined();
	expect(lookedUp).toBe(50);
	expect(countFates(results)).toEqual({done: 100, skipped: 0, failed: 0, unknown: 0, unsent: 20});
	expect(await states()).toEqual({pending: 100, failed: 20});
	// Each was retried once.
	expect(await absurd.count('r', queue)).toBe(220);
}, 40_000);

test('requests that never arrived are looked up: none of them had happened', async () => {
	const tasks = await counted(120);
	const {results, trouble} = await hands.performBulk(
		'retry',
		tasks,
		control(() => proxy.swallow('everything')),
	);
	expect(trouble).toBeDefined();
	expect(countFates(results)).toEqual({done: 50, skipped: 0, failed: 0, unknown: 0, unsent: 70});
	expect(await states()).toEqual({pending: 50, failed: 70});
	expect(await absurd.count('r', queue)).toBe(170);
}, 40_000);

test('what cannot be looked up either stays unknown, at most 50, and the rest is known not to be sent', async () => {
	const tasks = await counted(120);
	let stopped = false;
	const {results} = await hands.performBulk(
		'retry',
		tasks,
		control(() => proxy.freeze(), {
			stopped: () => stopped,
			async lookingUp() {
				// Nobody answers any more, and the person has had enough of waiting.
				stopped = true;
				await proxy.close();
			},
		}),
	);
	expect(countFates(results)).toEqual({done: 50, skipped: 0, failed: 0, unknown: 50, unsent: 20});
	const unknown = results.filter(({fate}) => fate.kind === 'unknown').map(({task}) => task.taskId);
	expect(unknown).toEqual(tasks.slice(50, 100).map(({taskId}) => taskId));
	for (const {fate} of results) if (fate.kind === 'unknown') expect(fate.reason).not.toBe('');
	// What was done was done; what was swallowed was not.
	expect(await states()).toEqual({pending: 50, failed: 70});
}, 40_000);
