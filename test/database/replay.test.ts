import {readFileSync} from 'node:fs';
import pg from 'pg';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {eventually} from '../support/absurd.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {createQueue} from '../support/queue-rows.ts';
import {startServer, type TestServer} from '../support/server.ts';
import {startStandby} from '../support/standby.ts';

// How far a real standby lies behind its primary, while it follows, while replay stands still, and when nobody sends.

let primary: TestServer;
let standby: TestServer;
let monitor: TestMonitor;
const clients: pg.Client[] = [];

async function connect(server: TestServer): Promise<pg.Client> {
	const client = new pg.Client({connectionString: server.url()});
	client.on('error', () => {});
	await client.connect();
	clients.push(client);
	return client;
}

let writer: pg.Client;
let looker: pg.Client;

/** Spawns a task; answers when, by the clock of the machine that both servers run on. */
async function write(): Promise<number> {
	const at = Date.now();
	await writer.query(`select absurd.spawn_task('mail', 'work', '{}', '{}')`);
	return at;
}

async function tickUntil(what: string, holds: () => boolean): Promise<void> {
	await eventually(what, async () => {
		await monitor.tick();
		return holds();
	});
}

const lag = (): number | undefined => monitor.snapshot.replay?.lag;

beforeAll(async () => {
	primary = await startServer();
	writer = await connect(primary);
	await writer.query(readFileSync(new URL('../../sql/absurd.sql', import.meta.url), 'utf8'));
	await createQueue({query: async (text, values) => (await writer.query(text, values)).rows}, 'mail');
	await writer.end();
	standby = await startStandby(primary);
	writer = await connect(primary);
	looker = await connect(standby);
	monitor = await startMonitor(standby.url());
}, 120_000);
afterAll(async () => {
	await monitor.close();
	for (const client of clients) await client.end().catch(() => undefined);
	await standby.remove();
	await primary.remove();
});

test('nothing is behind while everything received is replayed, however long nobody wrote', async () => {
	await write();
	await tickUntil('the task arrives', () => monitor.queue('mail').ready?.value === 1);
	await tickUntil('all is replayed', () => lag() === 0);
	expect(monitor.snapshot.session?.standby).toBe(true);
	expect(monitor.snapshot.findings.filter(({rule}) => rule === 'replay-lag')).toEqual([]);
});

test('while replay stands still the lag is the age of what was replayed last', async () => {
	const last = await write();
	await tickUntil('the second task arrives', () => monitor.queue('mail').ready?.value === 2);
	await looker.query('select pg_wal_replay_pause()');
	await eventually('replay stands still', async () => {
		const {rows} = await looker.query<{state: string}>('select pg_get_wal_replay_pause_state() as state');
		return rows[0]?.state === 'paused';
	});
	await write();
	await tickUntil('it is seen to be behind', () => (lag() ?? 0) > 0);
	await eventually('a while passes', async () => Date.now() - last > 1500);
	await monitor.tick();
	expect(Math.abs((lag() ?? 0) - (Date.now() - last))).toBeLessThan(1000);
	expect(monitor.queue('mail').ready?.value).toBe(2);
	await looker.query('select pg_wal_replay_resume()');
	await tickUntil('it has caught up', () => lag() === 0 && monitor.queue('mail').ready?.value === 3);
});

test('when the primary is gone it is not called up to date', async () => {
	const last = await write();
	await tickUntil('the task arrives', () => monitor.queue('mail').ready?.value === 4);
	await primary.stop('immediate');
	await tickUntil('the receiver has ended', () => (lag() ?? 0) > 0);
	expect(Math.abs((lag() ?? 0) - (Date.now() - last))).toBeLessThan(2000);
});
