import {execFileSync} from 'node:child_process';
import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startServer, type TestServer} from './server.ts';

/**
 * Makes a hot standby of a running server, which is stopped for a moment, and lets it follow; with further
 * `name=value` settings.
 */
export async function startStandby(primary: TestServer, more: readonly string[] = []): Promise<TestServer> {
	await primary.stop();
	const directory = mkdtempSync(join(tmpdir(), 'absurd-top-standby-'));
	const dataDirectory = join(directory, 'data');
	cpSync(primary.dataDirectory, dataDirectory, {recursive: true, preserveTimestamps: true});
	writeFileSync(join(dataDirectory, 'standby.signal'), '');
	if (process.getuid?.() === 0) execFileSync('chown', ['-R', 'postgres:', directory]);
	execFileSync('chmod', ['-R', 'go-rwx', directory]);
	await primary.start();
	const settings = [`primary_conninfo=host=127.0.0.1 port=${primary.port} user=postgres`, ...more];
	const standby = await startServer({dataDirectory, settings});
	return {
		...standby,
		async remove() {
			await standby.remove();
			rmSync(directory, {recursive: true, force: true});
		},
	};
}
