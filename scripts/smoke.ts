/**
 * Installs the packed file into an empty directory and starts it under every supported Node: `--version`, `--help`, `--once` on a real server, and the screen
 * in a pseudo terminal up to live data and `q`. Prints a line for each; exits 1 when one of them is wrong.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import pg from 'pg';
import {installPackage} from '../test/support/package.ts';
import {endPrograms, startProgram} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';
import {root} from './install.js';

const installed = installPackage();

/** The `node` binary of a major version, installed below `.cache/` when first asked for. */
function nodeBinary(major: string): string {
	const prefix = join(root, '.cache', `node-${major}`);
	const binary = join(prefix, 'node_modules', 'node', 'bin', 'node');
	if (!existsSync(binary)) {
		mkdirSync(prefix, {recursive: true});
		execFileSync('npm', ['install', '--no-save', '--prefix', prefix, `node@${major}`], {stdio: ['ignore', 2, 2]});
	}
	return binary;
}

function run(node: string, ...arguments_: string[]): string {
	const {status, stdout, stderr} = spawnSync(node, [installed.script, ...arguments_], {
		encoding: 'utf8',
		timeout: 30_000,
	});
	if (status !== 0) throw new Error(`${arguments_.join(' ')} ended with ${status}: ${stderr}`);
	return stdout;
}

async function openScreen(node: string, url: string): Promise<void> {
	const program = startProgram([url], {node, script: installed.script});
	await program.waitFor('smoke-queue');
	await program.press('q');
	const {code} = await program.exited;
	if (code !== 0) throw new Error(`q ended with exit code ${code}`);
}

const server = await startServer();
const client = new pg.Client({connectionString: server.url()});
await client.connect();
await client.query(readFileSync(join(root, 'sql', 'absurd.sql'), 'utf8'));
await client.query("select absurd.create_queue('smoke-queue')");
await client.end();

let failed = 0;
for (const major of ['20', '22', '24', '26']) {
	const node = nodeBinary(major);
	const version = execFileSync(node, ['--version'], {encoding: 'utf8'}).trim();
	try {
		run(node, '--version');
		if (!run(node, '--help').includes('absurd-top')) throw new Error('--help does not name the program');
		if (!run(node, server.url(), '--once').includes('smoke-queue')) throw new Error('--once does not show the queue');
		JSON.parse(run(node, server.url(), '--once', '--json'));
		await openScreen(node, server.url());
		console.log(`${version}: starts, prints once, opens the screen, quits`);
	} catch (error) {
		failed++;
		console.error(`${version}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
await endPrograms();
await server.remove();
installed.remove();
process.exit(failed === 0 ? 0 : 1);
