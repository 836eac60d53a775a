import {readFileSync} from 'node:fs';
import pg from 'pg';
import {type Absurd, stage} from './absurd.ts';
import type {TestDatabase} from './database.ts';
import {startServer, type TestServer} from './server.ts';

/** A server of one test's own, with Absurd in it: it may be killed. */
export interface OwnServer {
	readonly server: TestServer;
	readonly url: string;
	/** Runs a statement on a connection of its own, so that the server may have died before. */
	readonly query: TestDatabase['query'];
	readonly absurd: Absurd;
}

/** The schema under test: ours, or the file that `ABSURD_SQL` names. */
export function absurdSql(): string {
	return readFileSync(process.env['ABSURD_SQL'] ?? new URL('../../sql/absurd.sql', import.meta.url), 'utf8');
}

/** Runs statements of a superuser, each on a connection of its own. */
export function queryOn(url: string): TestDatabase['query'] {
	return async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
		const client = new pg.Client({connectionString: url});
		client.on('error', () => {});
		await client.connect();
		try {
			return (await client.query<Row>(text, values)).rows;
		} finally {
			await client.end();
		}
	};
}

/** Starts a server with Absurd in its maintenance database. What is committed there survives a kill. */
export async function startOwnServer(settings: readonly string[] = []): Promise<OwnServer> {
	const version = process.env['TEST_POSTGRES'];
	const server = await startServer({
		settings: ['synchronous_commit=on', ...settings],
		...(version === undefined ? {} : {version}),
	});
	const query = queryOn(server.url());
	await query(absurdSql());
	return {server, url: server.url(), query, absurd: stage({query})};
}
