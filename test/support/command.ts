import {spawn} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cacheDirectory} from './cache-directory.ts';

/** The built command. */
export const bundle = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'launch.cjs');

export interface CommandResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
	/** What it left in its home. */
	readonly files: readonly string[];
}

export interface CommandOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** Text on standard input; without it there is none. */
	readonly input?: string;
}

/** Runs the bundle without a terminal, in an environment that holds nothing of this machine's. */
export function runCommand(arguments_: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
	const home = mkdtempSync(join(tmpdir(), 'absurd-top-home-'));
	const child = spawn(process.execPath, [bundle, ...arguments_], {
		env: {PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: cacheDirectory(), ...options.env},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	child.stdin.on('error', () => {});
	child.stdin.end(options.input ?? '');
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', text => {
		stderr += text;
	});
	return new Promise(resolve =>
		child.on('close', code => {
			const files = readdirSync(home, {recursive: true}).map(String);
			rmSync(home, {recursive: true});
			resolve({code, stdout, stderr, files});
		}),
	);
}
