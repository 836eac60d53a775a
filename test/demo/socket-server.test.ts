import {mkdtempSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {PGlite} from '@electric-sql/pglite';
import pg from 'pg';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {openPostgres} from '../../source/demo/postgres.ts';
import {type SocketServer, serveSocket} from '../../source/demo/socket-server.ts';

const directory = mkdtempSync(join(tmpdir(), 'absurd-top-test-'));
const path = join(directory, '.s.PGSQL.5432');
const clients: pg.Client[] = [];
let postgres: PGlite;
let server: SocketServer;

beforeAll(async () => {
	postgres = await openPostgres();
	server = await serveSocket(postgres, path);
});

afterEach(async () => {
	await Promise.allSettled(clients.splice(0).map(client => client.end()));
});

afterAll(async () => {
	await server.close();
	await postgres.close();
	rmSync(directory, {recursive: true, force: true});
});

async function open(config: pg.ClientConfig = {}): Promise<pg.Client> {
	const client = new pg.Client({host: directory, port: 5432, user: 'postgres', database: 'postgres', ...config});
	client.on('error', () => undefined);
	await client.connect();
	clients.push(client);
	return client;
}

/** Reads something of its own again and again; answers how often the answer was right. */
async function readOwn(client: pg.Client, id: number): Promise<number> {
	let right = 0;
	for (let round = 0; round < 20; round++) {
		const value = `${id}-${round}`;
		const {rows} = await client.query(`select $1::text as v${id}, ${id} as id`, [value]);
		if (rows.length === 1 && rows[0]?.[`v${id}`] === value && rows[0]?.id === id) right++;
	}
	return right;
}

test('clients beside a transaction of several round trips get their own answers', async () => {
	const writer = await open();
	const readers = await Promise.all([1, 2, 3, 4, 5].map(() => open()));
	const reading = Promise.all(readers.map(readOwn));
	for (let round = 0; round < 20; round++) {
		await writer.query('begin');
		await writer.query('select $1::int', [round]);
		await writer.query('commit');
	}
	expect(await reading).toEqual([20, 20, 20, 20, 20]);
});

test('a pipelined transaction keeps its errors apart, and nobody sees inside', async () => {
	const [pipelined, other] = await Promise.all([open({pipeline: true}), open()]);
	await other.query('create table if not exists counted (value int)');
	const texts = ['begin', 'insert into counted values (1)', 'savepoint s', 'select 1 / 0', 'rollback to s'];
	const answers = Promise.allSettled(
		[...texts, 'select count(*)::int as n from counted', 'rollback'].map(text => pipelined.query(text)),
	);
	const seen = await other.query('select count(*)::int as n from counted');
	const outcomes = await answers;
	expect(outcomes.map(({status}) => status)).toEqual([
		...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
	]);
	expect(outcomes[3]).toMatchObject({reason: {code: '22012'}});
	expect(outcomes[5]).toMatchObject({value: {rows: [{n: 1}]}});
	expect(seen.rows).toEqual([{n: 0}]);
});

test('what a client leaves behind goes with it', async () => {
	const [leaver, stayer] = await Promise.all([open(), open()]);
	await leaver.query("set work_mem = '7MB'");
	await leaver.query({name: 'mine', text: 'select 1'});
	await leaver.query('begin');
	await leaver.query('create table unfinished (value int)');
	await leaver.end();
	expect((await stayer.query('show work_mem')).rows).toEqual([{work_mem: '4MB'}]);
	expect((await stayer.query("select to_regclass('unfinished') as found")).rows).toEqual([{found: null}]);
	expect((await stayer.query({name: 'mine', text: 'select 2 as two'})).rows).toEqual([{two: 2}]);
});

test('a client that forgets its transaction does not hold up the others for ever', async () => {
	const [idle, waiting] = await Promise.all([open(), open()]);
	await idle.query('begin');
	const lost = new Promise(resolve => idle.once('end', resolve));
	expect((await waiting.query('select 1 as one')).rows).toEqual([{one: 1}]);
	await lost;
});

test('read only transactions are a wall', async () => {
	const client = await open({pipeline: true});
	const [, created] = await Promise.allSettled(
		['begin read only', 'create table forbidden (value int)', 'rollback'].map(text => client.query(text)),
	);
	expect(created).toMatchObject({status: 'rejected', reason: {code: '25006'}});
});

test('noise on the socket and requests to cancel harm nobody', async () => {
	const client = await open();
	const cancel = Buffer.from('0000001004d2162e0000002a00000000', 'hex');
	for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(64), cancel]) {
		const socket = connect(path);
		const closed = new Promise(resolve => socket.once('close', resolve));
		socket.on('error', () => undefined).resume();
		socket.write(bytes);
		await closed;
	}
	expect((await client.query('select 1 as one')).rows).toEqual([{one: 1}]);
});

test('megabytes pass in both directions', async () => {
	const client = await open();
	const {rows} = await client.query('select $1::text as back', ['ä'.repeat(1_000_000)]);
	expect(rows[0]?.back).toHaveLength(1_000_000);
});
