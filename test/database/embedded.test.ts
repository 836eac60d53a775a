import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PGlite} from '@electric-sql/pglite';
import pg from 'pg';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type SocketServer, serveSocket} from '../../source/demo/socket-server.ts';
import {probe, rowsOf, sessionOn, writingSessionOn} from '../support/session.ts';

let database: PGlite;
let server: SocketServer;
let directory: string;
let url: string;

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-pglite-'));
	database = await PGlite.create();
	const schema = process.env['ABSURD_SQL'] ?? new URL('../../sql/absurd.sql', import.meta.url);
	await database.exec(readFileSync(schema, 'utf8'));
	await database.exec(`select absurd.create_queue('jobs')`);
	server = await serveSocket(database, join(directory, '.s.PGSQL.5432'));
	url = `postgresql:///postgres?host=${encodeURIComponent(directory)}&user=postgres`;
});
afterAll(async () => {
	await server.close();
	await database.close();
	rmSync(directory, {recursive: true, force: true});
});

test('PGlite is known for what it is', async () => {
	const session = await sessionOn(url, {readOnly: true});
	expect(session.facts).toMatchObject({embedded: true, pooled: false, readOnly: 'transaction', host: directory});
	await session.close();
});

test('reads keep their errors to themselves and harm no worker beside', async () => {
	const session = await sessionOn(url);
	const second = await sessionOn(url);
	const worker = new pg.Client({host: directory, user: 'postgres', database: 'postgres'});
	await worker.connect();
	const work = async (): Promise<number> => {
		let made = 0;
		for (let round = 0; round < 20; round++) {
			const {rowCount} = await worker.query(`select task_id from absurd.spawn_task($1, $2, '{}')`, [
				'jobs',
				`t${round}`,
			]);
			made += rowCount ?? 0;
		}
		return made;
	};
	const look = async (reader: typeof session): Promise<void> => {
		for (let round = 0; round < 20; round++) {
			const {outcomes} = await reader.read(
				[
					probe('select $1::int as n', [round]),
					probe('select n from missing'),
					probe(`insert into absurd.queues (queue_name) values ('x')`),
					probe(`select to_timestamp($1::float8) as at`, [round]),
				],
				5000,
			);
			expect(rowsOf(outcomes[0])).toEqual([{n: round}]);
			expect(outcomes.map(each => (each.kind === 'error' ? each.error.sqlstate : each.kind))).toEqual([
				'rows',
				'42P01',
				'25006',
				'rows',
			]);
			expect(rowsOf(outcomes[3])).toEqual([{at: round * 1000}]);
		}
	};
	const [made] = await Promise.all([work(), look(session), look(second)]);
	expect(made).toBe(20);
	const {rows} = await worker.query(
		`select current_setting('enable_seqscan') as s, current_setting('application_name') as a`,
	);
	expect(rows).toEqual([{s: 'on', a: ''}]);
	await Promise.all([session.close(), second.close(), worker.end()]);
});

test('writing works', async () => {
	const session = await writingSessionOn(url);
	const outcome = await session.write(probe(`select task_id from absurd.spawn_task('jobs', 'b', '{}')`), 1000);
	expect(rowsOf(outcome)).toHaveLength(1);
	await session.close();
});
