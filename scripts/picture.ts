/**
 * The picture of the README: the real program at 120x40 in a pseudo terminal, on a real server on which the workers of
 * the demo have been busy. `npm run picture [seconds to let them work, 75]` writes docs/overview.svg.
 */
import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import pg from 'pg';
import {makeHistory} from '../source/demo/history.ts';
import {queues} from '../source/demo/queues.ts';
import {analyze, createQueue, insertRows} from '../source/demo/statements.ts';
import {startWorkload} from '../source/demo/workload.ts';
import {endPrograms, startProgram} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';
import {root} from './install.js';
import {pictureOf} from './picture/svg.ts';

const size = {columns: 120, rows: 40};
const seconds = Number(process.argv[2] ?? 75);

const server = await startServer();
const client = new pg.Client({connectionString: server.url()});
await client.connect();
await client.query(readFileSync(join(root, 'sql', 'absurd.sql'), 'utf8'));
await client.query('create role oncall login superuser');
for (const {name, storageMode} of queues) await client.query(createQueue, [name, storageMode]);
for (const {queue, ...tables} of makeHistory(Date.now())) {
	for (const kind of ['t', 'r', 'c'] as const)
		await client.query(insertRows(kind, queue), [JSON.stringify(tables[kind])]);
	await client.query(analyze(queue));
}
await client.end();

// The demo's workers look for the socket of a server on the usual port.
const sockets = mkdtempSync(join(tmpdir(), 'absurd-top-picture-'));
symlinkSync(join(server.socketDirectory, `.s.PGSQL.${server.port}`), join(sockets, '.s.PGSQL.5432'));
startWorkload(sockets);

const url = `postgresql://oncall@localhost:${server.port}/postgres`;
const program = startProgram([url, '--label', 'prod-eu', '--no-audit'], {...size, env: {FORCE_COLOR: '1'}});
await program.waitFor('Active claims');
await new Promise(resolve => setTimeout(resolve, seconds * 1000));
await program.waitFor(screen => /▓/.test(screen) && /send-invoice/.test(screen));
const title = 'absurd-top: queues, what is wrong with them, active claims and recent failures';
writeFileSync(join(root, 'docs', 'overview.svg'), await pictureOf(program.output(), size.columns, size.rows, title));
console.log(program.screen());
await endPrograms();
rmSync(sockets, {recursive: true});
await server.remove();
process.exit(0);
