/**
 * Makes a clone runnable: installs the dependencies when they are missing or older than the lock file. Runs on the
 * machine's own Node (20 or later) before anything is installed, so it uses nothing but Node itself.
 */
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.absurd-top-installed');

/** The pinned Node that runs every script and test, whatever Node the machine has. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

/** Installs from the lock file unless that very lock file was installed before. */
export function installIfStale() {
	const lock = createHash('sha256')
		.update(readFileSync(join(root, 'package-lock.json')))
		.digest('hex');
	if (existsSync(stamp) && existsSync(pinnedNode) && readFileSync(stamp, 'utf8') === lock) return;
	process.stderr.write('Installing dependencies (first start only)…\n');
	const {status} = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		// npm's own output goes to stderr: stdout belongs to the program that is started afterwards.
		stdio: ['ignore', 2, 2],
	});
	if (status !== 0) {
		process.stderr.write('npm ci failed; see its messages above.\n');
		process.exit(1);
	}
	writeFileSync(stamp, lock);
}

/**
 * Runs a command of node_modules with the pinned Node in front of the path, and ends with its exit code.
 * @param {string[]} arguments_
 */
export function runNode(arguments_, environment = process.env) {
	const {status, signal} = spawnSync(pinnedNode, arguments_, {
		cwd: root,
		stdio: 'inherit',
		env: {
			...environment,
			PATH: `${join(root, 'node_modules', '.bin')}:${dirname(pinnedNode)}:${process.env['PATH'] ?? ''}`,
		},
	});
	if (signal) process.kill(process.pid, signal);
	return status ?? 1;
}
