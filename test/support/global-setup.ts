import {readFileSync} from 'node:fs';
import pg from 'pg';
import type {TestProject} from 'vitest/node';
import {startServer} from './server.ts';

declare module 'vitest' {
	export interface ProvidedContext {
		/** URL of the server's maintenance database, as a superuser. */
		readonly serverUrl: string;
		/** Name of the database with an empty Absurd schema that test databases are copied from. */
		readonly template: string;
	}
}

/**
 * One server for the whole run: `TEST_DATABASE_URL` names it, else one is started. The schema is ours, or the file
 * that `ABSURD_SQL` names.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const given = process.env['TEST_DATABASE_URL'];
	const version = process.env['TEST_POSTGRES'];
	const server = given === undefined ? await startServer(version === undefined ? {} : {version}) : undefined;
	const serverUrl = given ?? server?.url() ?? '';
	const template = `absurd_template_${process.pid}`;
	const schema = process.env['ABSURD_SQL'] ?? new URL('../../sql/absurd.sql', import.meta.url);

	const admin = new pg.Client({connectionString: serverUrl});
	await admin.connect();
	await admin.query(`create database ${template}`);
	const target = new URL(serverUrl);
	target.pathname = `/${template}`;
	const client = new pg.Client({connectionString: target.href});
	await client.connect();
	await client.query(readFileSync(schema, 'utf8'));
	await client.end();

	project.provide('serverUrl', serverUrl);
	project.provide('template', template);
	return async () => {
		await admin.query(`drop database if exists ${template} with (force)`);
		await admin.end();
		await server?.remove();
	};
}
