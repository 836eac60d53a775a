import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import pg from 'pg';

/** A PgBouncer in transaction mode with one server connection, in front of one database. */
export interface PgBouncer {
	/** URL of the pooled database. */
	readonly url: string;
	close(): Promise<void>;
}

/** Whether PgBouncer is installed here. */
export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0;

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
	const address = probe.address();
	await new Promise(resolve => probe.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('No free port.');
	return address.port;
}

async function waitFor(url: string, running: () => boolean): Promise<void> {
	for (;;) {
		const client = new pg.Client({connectionString: url});
		try {
			await client.connect();
			await client.end();
			return;
		} catch (error) {
			if (!running()) throw error;
			await new Promise(resolve => setTimeout(resolve, 30));
		}
	}
}

/** Starts PgBouncer for the database of a URL: transaction mode, a pool of one. */
export async function startPgBouncer(database: string): Promise<PgBouncer> {
	const target = new URL(database);
	const directory = mkdtempSync(join(tmpdir(), 'absurd-top-pgbouncer-'));
	const port = await freePort();
	const name = target.pathname.slice(1);
	writeFileSync(
		join(directory, 'pgbouncer.ini'),
		`[databases]
${name} = host=127.0.0.1 port=${target.port} dbname=${name} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
max_client_conn = 50
logfile =
`,
	);
	// It refuses to run as root.
	const root = process.getuid?.() === 0;
	const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], {encoding: 'utf8'}));
	const user = root ? {uid: id('-u'), gid: id('-g')} : {};
	chmodSync(directory, 0o755);
	if (root) chownSync(directory, id('-u'), id('-g'));
	const child = spawn('pgbouncer', [join(directory, 'pgbouncer.ini')], {stdio: 'ignore', ...user});
	const url = new URL(database);
	url.port = String(port);
	await waitFor(url.href, () => child.exitCode === null);
	return {
		url: url.href,
		async close() {
			const ended = new Promise(resolve => child.once('exit', resolve));
			child.kill('SIGKILL');
			await ended;
			rmSync(directory, {recursive: true, force: true});
		},
	};
}
