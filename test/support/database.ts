import {randomBytes} from 'node:crypto';
import pg from 'pg';
import {inject} from 'vitest';

/** A database of one test's own, with an empty Absurd schema, and a connected superuser client on it. */
export interface TestDatabase {
	readonly name: string;
	readonly url: string;
	readonly client: pg.Client;
	/** Runs a statement and answers its rows. */
	query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
	/** A further client on the same database; closed by `drop`. */
	connect(): Promise<pg.Client>;
	drop(): Promise<void>;
}

/**
 * Makes a database for a test file or a test. Copied from the run's template, so it takes some ten milliseconds.
 * With `known` any schema calls itself by a release that the program knows: only what a test stages is a finding then.
 */
export async function createDatabase({empty = false, known = false} = {}): Promise<TestDatabase> {
	const serverUrl = inject('serverUrl');
	const name = `test_${randomBytes(6).toString('hex')}`;
	const admin = new pg.Client({connectionString: serverUrl});
	await admin.connect();
	await admin.query(`create database ${name} template ${empty ? 'template0' : inject('template')}`);
	const target = new URL(serverUrl);
	target.pathname = `/${name}`;
	const clients: pg.Client[] = [];
	const connect = async () => {
		const client = new pg.Client({connectionString: target.href});
		// Tests terminate connections on purpose; without a listener that would end the process.
		client.on('error', () => {});
		await client.connect();
		clients.push(client);
		return client;
	};
	const client = await connect();
	if (known) {
		const version =
			"create or replace function absurd.get_schema_version() returns text language sql as $$ select '0.5.0' $$";
		await client.query(version);
	}
	return {
		name,
		url: target.href,
		client,
		connect,
		async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
			return (await client.query<Row>(text, values)).rows;
		},
		async drop() {
			await Promise.allSettled(clients.map(each => each.end()));
			await admin.query(`drop database if exists ${name} with (force)`);
			await admin.end();
		},
	};
}
