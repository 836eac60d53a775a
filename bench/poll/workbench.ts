import {readFileSync} from 'node:fs';
import pg from 'pg';
import {fillQueue, type History} from '../../test/support/history.ts';
import {startServer, type TestServer} from '../../test/support/server.ts';

/** A server for the whole benchmark. */
export interface Workbench {
	readonly server: TestServer;
}

/** A database with Absurd's schema. */
export interface BenchDatabase {
	readonly url: string;
	readonly client: pg.Client;
	readonly queues: readonly string[];
	fill(queue: string, history: History): Promise<void>;
}

const schema = process.env['ABSURD_SQL'] ?? new URL('../../sql/absurd.sql', import.meta.url);

/** Starts a server, and removes it afterwards. `max_locks_per_transaction` stays at its default. */
export async function withServer(work: (bench: Workbench) => Promise<void>): Promise<void> {
	const server = await startServer({settings: ['shared_buffers=1GB', 'max_wal_size=8GB', 'autovacuum=off']});
	try {
		await work({server});
	} finally {
		await server.remove();
	}
}

let serial = 0;

/** Makes a database, and drops it afterwards. */
export async function withDatabase<Result>(
	{server}: Workbench,
	work: (database: BenchDatabase) => Promise<Result>,
): Promise<Result> {
	const name = `bench_${++serial}`;
	const admin = new pg.Client({connectionString: server.url()});
	await admin.connect();
	await admin.query(`create database ${name}`);
	const url = server.url(name);
	const client = new pg.Client({connectionString: url});
	await client.connect();
	await client.query(readFileSync(schema, 'utf8'));
	const queues: string[] = [];
	const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
		(await client.query<Row>(text, values)).rows;
	try {
		return await work({
			url,
			client,
			queues,
			async fill(queue, history) {
				await fillQueue({query}, queue, history);
				queues.push(queue);
			},
		});
	} finally {
		await client.end();
		await admin.query(`drop database ${name} with (force)`);
		await admin.end();
	}
}
