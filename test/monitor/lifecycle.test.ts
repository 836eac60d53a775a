import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import type {Monitor} from '../../source/monitor/monitor.ts';
import {createTestClock} from '../support/clock.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor} from '../support/monitor.ts';
import {createQueue} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase();
	await createQueue(database, 'mail');
});
afterAll(() => database.drop());

async function until(monitor: Monitor, holds: () => boolean): Promise<void> {
	while (!holds()) {
		await new Promise<void>(resolve => {
			const end = monitor.subscribe(() => {
				end();
				resolve();
			});
		});
	}
}

/** Spawns tasks; answers their ids. */
async function spawn(count: number): Promise<string[]> {
	const rows = await database.query<{task_id: string}>(
		`select s.task_id from generate_series(1, $1) n cross join lateral absurd.spawn_task('mail', 'work', jsonb_build_object('n', n)) s`,
		[count],
	);
	return rows.map(row => row.task_id);
}

test('a lost connection keeps the last data, is told of, and is made anew by itself', async () => {
	await spawn(3);
	const monitor = await startMonitor(database.url);
	expect(monitor.queue('mail').ready?.value).toBe(3);
	const lost = until(monitor, () => monitor.snapshot.connection.kind === 'lost');
	await database.query(
		`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
	);
	await lost;
	expect(monitor.queue('mail').ready?.value).toBe(3);
	expect(monitor.snapshot.connection).toMatchObject({kind: 'lost', trouble: {sentence: expect.stringMatching(/\w/)}});
	const live = until(
		monitor,
		() => monitor.snapshot.connection.kind === 'live' && monitor.queue('mail').ready?.value === 5,
	);
	await spawn(2);
	for (let tries = 0; tries < 40 && monitor.snapshot.connection.kind !== 'live'; tries++) {
		await new Promise(resolve => setImmediate(resolve));
		if (monitor.clock.waiting() > 0) await monitor.tick();
	}
	if (monitor.queue('mail').ready?.value !== 5) await monitor.tick();
	await live;
	await monitor.close();
});

test('a database that cannot be reached is a state with the next try', async () => {
	const clock = createTestClock();
	let tries = 0;
	const monitor = createMonitor(
		async () => {
			tries++;
			if (tries < 3) throw new Error('The server at db1 refuses connections.');
			return createSource(await sessionOn(database.url), {queues: []});
		},
		{interval: 2000, maxDbMs: undefined},
		clock,
	);
	await monitor.ready;
	expect(monitor.snapshot.connection).toMatchObject({
		kind: 'lost',
		trouble: {sentence: 'The server at db1 refuses connections.'},
	});
	const live = until(monitor, () => monitor.snapshot.connection.kind === 'live');
	while (tries < 3) {
		await new Promise(resolve => setImmediate(resolve));
		clock.pass(30_000);
	}
	await live;
	expect(tries).toBe(3);
	await monitor.close();
});

test('a lost connection is tried again at its time, however long the interval, and nothing turns round meanwhile', async () => {
	const monitor = await startMonitor(database.url, {interval: 10_000});
	const lost = until(monitor, () => monitor.snapshot.connection.kind === 'lost');
	await database.query(
		`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
	);
	await lost;
	let published = 0;
	const end = monitor.subscribe(() => {
		published++;
	});
	const live = until(monitor, () => monitor.snapshot.connection.kind === 'live');
	// At most two seconds to the first try. Every step lets what was woken come to rest.
	for (let step = 0; step < 25; step++) {
		monitor.clock.pass(100);
		for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
	}
	await live;
	end();
	expect(published).toBeLessThan(10);
	await monitor.close();
});

test('paused means no SQL but what is asked for', async () => {
	const monitor = await startMonitor(database.url);
	const before = monitor.queue('mail').ready?.value ?? 0;
	monitor.pause(true);
	const [taskId = ''] = await spawn(1);
	monitor.clock.pass(60_000);
	await new Promise(resolve => setImmediate(resolve));
	expect([monitor.snapshot.paused, monitor.clock.waiting(), monitor.queue('mail').ready?.value]).toEqual([
		true,
		0,
		before,
	]);

	// A question of the screen is asked all the same.
	const answered = until(monitor, () => monitor.answers.find?.kind === 'ready');
	monitor.look({kind: 'find', id: taskId});
	expect(monitor.answers.find).toEqual({kind: 'loading'});
	await answered;
	expect(monitor.answers.find).toMatchObject({kind: 'ready', value: {queue: 'mail', taskId}});

	const refreshed = until(monitor, () => monitor.queue('mail').ready?.value === before + 1);
	monitor.refresh();
	await refreshed;
	monitor.pause(false);
	await monitor.tick();
	expect(monitor.snapshot.paused).toBe(false);
	await monitor.close();
});

test('the run on screen is read with every tick until it is looked at no more', async () => {
	const monitor = await startMonitor(database.url);
	const [taskId = ''] = await spawn(1);
	const detail = () => (monitor.answers.run?.kind === 'ready' ? (monitor.answers.run.value ?? undefined) : undefined);
	const shown = until(monitor, () => detail() !== undefined);
	monitor.look({kind: 'run', run: {queue: 'mail', taskId, runId: taskId}});
	await shown;
	expect(detail()).toMatchObject({state: 'pending', taskName: 'work', runCount: 1});
	expect(detail()?.params.text).toContain('"n"');

	await database.query(`select absurd.cancel_task('mail', $1)`, [taskId]);
	const cancelled = until(monitor, () => detail()?.state === 'cancelled');
	await monitor.tick();
	await cancelled;
	// The texts were not sent again, and are still there.
	expect(detail()?.params.text).toContain('"n"');

	await database.query('delete from absurd.t_mail where task_id = $1', [taskId]);
	const gone = until(monitor, () => monitor.answers.run?.kind === 'ready' && monitor.answers.run.value === null);
	await monitor.tick();
	await gone;
	monitor.look(undefined);
	expect(monitor.answers).toEqual({});
	await monitor.close();
});
