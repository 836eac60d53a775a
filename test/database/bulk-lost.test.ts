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

/** Steers at full speed; `cut` is called once fifty are told, while others are under way. */
function control(cut: () => void, rest: Partial<BulkControl> = {}) {
	const heard = {told: 0, lookedUp: 0, toldBefore: 0};
	let done = false;
	const steered: BulkControl = {
		rate: () => 100_000,
		stopped: () => false,
		progress(results) {
			heard.told += results.length;
			if (done || heard.told < 50) return;
			done = true;
			cut();
		},
		lookingUp(count) {
			heard.lookedUp = count;
			heard.toldBefore = heard.told;
		},
		...rest,
	};
	return {steered, heard};
}

async function states(): Promise<Readonly<Record<string, number>>> {
	const rows = await database.query<{state: string; n: number}>(
		'select state, count(*)::int as n from absurd."t_mail" group by state',
	);
	return Object.fromEntries(rows.map(({state, n}) => [state, n]));
}

test('answers that were swallowed are looked up: all of them had happened', async () => {
	const tasks = await counted(200);
	const {steered, heard} = control(() => proxy.swallow('answers'));
	const {results, trouble} = await hands.performBulk('retry', tasks, steered);
	expect(trouble).toBeDefined();
	// The window was full: nothing more was sent while nobody answered.
	expect(heard.lookedUp).toBe(50);
	const done = heard.toldBefore + 50;
	expect(done).toBeGreaterThanOrEqual(100);
	expect(countFates(results)).toEqual({done, skipped: 0, failed: 0, unknown: 0, unsent: 200 - done});
	expect(await states()).toEqual({pending: done, failed: 200 - done});
	// Each was retried once.
	expect(await absurd.count('r', queue)).toBe(200 + done);
}, 40_000);

test('requests that never arrived are looked up: what the server had not received has not happened', async () => {
	const tasks = await counted(200);
	const {steered, heard} = control(() => proxy.swallow('everything'));
	const {results, trouble} = await hands.performBulk('retry', tasks, steered);
	expect(trouble).toBeDefined();
	expect(heard.lookedUp).toBe(50);
	const {done, unsent, ...others} = countFates(results);
	expect(others).toEqual({skipped: 0, failed: 0, unknown: 0});
	// Of the fifty some may have arrived before; the last ones were sent when nothing passed any more.
	expect(done).toBeGreaterThanOrEqual(heard.toldBefore);
	expect(done).toBeLessThan(heard.toldBefore + 50);
	expect(await states()).toEqual({pending: done, failed: unsent});
	// Those that were sent say that they were looked up; the others never were.
	const lookedUp = results.filter(({fate}) => fate.kind === 'unsent' && fate.reason !== undefined);
	expect(lookedUp).toHaveLength(heard.toldBefore + 50 - done);
	expect(await absurd.count('r', queue)).toBe(200 + done);
}, 40_000);

test('what cannot be looked up either stays unknown, at most 50, and the rest is known not to be sent', async () => {
	const tasks = await counted(200);
	let stopped = false;
	const {steered, heard} = control(() => proxy.freeze(), {
		stopped: () => stopped,
		async lookingUp() {
			heard.toldBefore = heard.told;
			// Nobody answers any more, and the person has had enough of waiting.
			stopped = true;
			await proxy.close();
		},
	});
	const {results} = await hands.performBulk('retry', tasks, steered);
	const known = heard.toldBefore;
	expect(countFates(results)).toEqual({done: known, skipped: 0, failed: 0, unknown: 50, unsent: 150 - known});
	const unknown = results.filter(({fate}) => fate.kind === 'unknown').map(({task}) => task.taskId);
	expect(unknown).toEqual(tasks.slice(known, known + 50).map(({taskId}) => taskId));
	for (const {fate} of results) if (fate.kind === 'unknown') expect(fate.reason).not.toBe('');
	// What was said to be done was done, and beyond that only what is said to be unknown may have been.
	const {pending = 0} = await states();
	expect(pending).toBeGreaterThanOrEqual(known);
	expect(pending).toBeLessThanOrEqual(known + 50);
}, 40_000);
