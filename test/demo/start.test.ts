import {type ChildProcess, spawn} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, expect, test, vi} from 'vitest';
import {startDemo} from '../../source/demo/start.ts';
import {childrenOf, directoryOf, isAlive} from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'absurd-top-test-'));
const parents: ChildProcess[] = [];

afterAll(() => rmSync(folder, {recursive: true, force: true}));

afterEach(() => {
	for (const parent of parents.splice(0)) parent.kill('SIGKILL');
});

function script(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

/** A process of its own that starts the demo. */
async function startParent(): Promise<{parent: ChildProcess; child: number; directory: string}> {
	const start = new URL('../../source/demo/start.ts', import.meta.url).href;
	const text = `const {startDemo} = await import('${start}'); const demo = await startDemo(); console.log(demo.database); setInterval(() => {}, 1000);`;
	const parent = spawn(process.execPath, ['--input-type=module', '-e', text], {stdio: ['ignore', 'pipe', 'inherit']});
	parents.push(parent);
	const database = await new Promise<string>(resolve => parent.stdout?.once('data', data => resolve(String(data))));
	const [child] = childrenOf(parent.pid ?? 0);
	if (child === undefined) throw new Error('The demo has no process.');
	return {parent, child, directory: directoryOf(database)};
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
	'ends with a parent that is ended by %s',
	{timeout: 90_000},
	async signal => {
		const {parent, child, directory} = await startParent();
		expect([isAlive(child), existsSync(directory)]).toEqual([true, true]);
		parent.kill(signal);
		await vi.waitFor(() => expect([isAlive(child), existsSync(directory)]).toEqual([false, false]), {
			timeout: 20_000,
			interval: 50,
		});
	},
);

test('Ctrl-C of the terminal, which reaches the whole group, leaves it to the parent', {timeout: 90_000}, async () => {
	const {parent, child, directory} = await startParent();
	process.kill(child, 'SIGINT');
	process.kill(child, 'SIGHUP');
	// Signals are delivered in order: after this one was refused the two above have been, too.
	await expect(vi.waitFor(() => expect(isAlive(child)).toBe(false), {timeout: 1000})).rejects.toThrow();
	parent.kill('SIGKILL');
	await vi.waitFor(() => expect(existsSync(directory)).toBe(false), {timeout: 20_000});
});

test('closing ends the child and removes the directory; a lost child is told in a sentence', {
	timeout: 120_000,
}, async () => {
	const before = childrenOf(process.pid);
	const first = await startDemo();
	const [child] = childrenOf(process.pid).filter(pid => !before.includes(pid));
	await first.close();
	expect(isAlive(child ?? 0)).toBe(false);
	expect(existsSync(directoryOf(first.database))).toBe(false);

	const second = await startDemo();
	const [victim] = childrenOf(process.pid).filter(pid => !before.includes(pid));
	process.kill(victim ?? 0, 'SIGKILL');
	expect(await second.ended).toBe("The demo's process ended by SIGKILL.");
	await second.close();
	expect(existsSync(directoryOf(second.database))).toBe(false);
});

test('names the packages to install when they are missing', async () => {
	const copy = join(folder, 'copy');
	for (const path of ['source/demo', 'source/database/sql-files.ts', 'sql/absurd.sql']) {
		mkdirSync(join(copy, path, '..'), {recursive: true});
		cpSync(path, join(copy, path), {recursive: true});
	}
	writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
	await expect(startDemo(join(copy, 'source/demo/main.ts'))).rejects.toThrow(
		/optional packages @electric-sql\/pglite and absurd-sdk.*npm install @electric-sql\/pglite absurd-sdk$/,
	);
});

test('a child that cannot start tells why', async () => {
	await expect(startDemo(script('throws.mjs', "throw new TypeError('No memory left.');"))).rejects.toThrow(
		"The demo's process ended with code 1: TypeError: No memory left.",
	);
	await expect(startDemo(script('silent.mjs', 'process.exit(3)'))).rejects.toThrow(
		"The demo's process ended with code 3.",
	);
	const failed =
		"process.send({kind: 'failed', sentence: 'The demo cannot run: the disk is full'}, () => process.exit(1));";
	await expect(startDemo(script('fails.mjs', failed))).rejects.toThrow('The demo cannot run: the disk is full');
});

test('a process that has nothing else to do waits for the end of a child that is slow to end', async () => {
	const start = new URL('../../source/demo/start.ts', import.meta.url).href;
	const slow = script(
		'slow.mjs',
		`process.on('disconnect', () => {}); setInterval(() => {}, 1000); process.send({kind: 'ready', directory: ${JSON.stringify(join(folder, 'slow'))}});`,
	);
	const text = `const {startDemo} = await import('${start}'); const demo = await startDemo(${JSON.stringify(slow)}); await demo.close(); console.log('closed');`;
	const parent = spawn(process.execPath, ['--input-type=module', '-e', text], {stdio: ['ignore', 'pipe', 'inherit']});
	parents.push(parent);
	let output = '';
	parent.stdout?.on('data', data => {
		output += String(data);
	});
	const code = await new Promise(resolve => parent.once('close', resolve));
	expect([code, output]).toEqual([0, 'closed\n']);
});
