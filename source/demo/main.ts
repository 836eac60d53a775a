import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import type {PGlite} from '@electric-sql/pglite';
import {missingPackages, openPostgres} from './postgres.ts';
import {prepare} from './prepare.ts';
import type {Report} from './report.ts';
import {serveSocket} from './socket-server.ts';
import {analyze, insertRows} from './statements.ts';

// The child process of `--demo`. It ends with its parent, and with nothing else that a terminal sends.

let directory: string | undefined;

/** Ends the process. What is in memory is gone, and the socket's directory with it. */
function end(code: number): never {
	if (directory !== undefined) rmSync(directory, {recursive: true, force: true});
	process.exit(code);
}

function report(message: Report): Promise<void> {
	return new Promise(resolve => {
		if (process.send === undefined || !process.connected) resolve();
		else process.send(message, undefined, undefined, () => resolve());
	});
}

async function fail(error: unknown): Promise<never> {
	const reason = error instanceof Error ? error.message : String(error);
	await report({kind: 'failed', sentence: missingPackages(error) ?? `The demo cannot run: ${reason}`});
	end(1);
}

/** The longest path that a unix socket may have is 104 bytes on macOS and 108 on Linux. */
function makeDirectory(): string {
	const parent = Buffer.byteLength(tmpdir()) > 60 ? '/tmp' : tmpdir();
	return mkdtempSync(join(parent, 'absurd-top-'));
}

async function seed(postgres: PGlite): Promise<void> {
	const {makeHistory} = await import('./history.ts');
	for (const {queue, ...tables} of makeHistory(Date.now())) {
		for (const kind of ['t', 'r', 'c'] as const) {
			await postgres.query(insertRows(kind, queue), [JSON.stringify(tables[kind])]);
		}
		await postgres.exec(analyze(queue));
	}
}

async function serve(): Promise<void> {
	const postgres = await openPostgres();
	await seed(postgres);
	directory = makeDirectory();
	await serveSocket(postgres, join(directory, '.s.PGSQL.5432'));
	const {startWorkload} = await import('./workload.ts');
	startWorkload(directory);
	await report({kind: 'ready', directory});
}

if (process.platform === 'win32') {
	await fail(new Error('it needs unix sockets, which are not available on Windows.'));
} else if (process.argv[2] === '--prepare') {
	await prepare(process.argv[3] ?? '.').catch(error => {
		process.stderr.write(`${missingPackages(error) ?? String(error)}\n`);
		end(1);
	});
	end(0);
} else if (process.connected) {
	// The terminal sends these to the whole group; the parent decides what they mean.
	for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
	process.on('SIGTERM', () => end(0));
	// Closed by the parent's end of any kind.
	process.on('disconnect', () => end(0));
	process.on('uncaughtException', fail);
	await serve().catch(fail);
} else {
	process.stderr.write('This is a part of absurd-top; start it with: absurd-top --demo\n');
	end(2);
}
