import {spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {CodeCache, cacheFolder} from '../../source/code-cache.ts';
import {bundle} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

let home: string;
let folder: string;
let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase();
	await database.query(`select absurd.create_queue('kept-queue')`);
});

afterAll(async () => {
	await endPrograms();
	await database.drop();
});

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'absurd-top-code-'));
	folder = join(home, 'absurd-top');
	return () => rmSync(home, {recursive: true, force: true});
});

function kept(): string[] {
	return readdirSync(home).includes('absurd-top') ? readdirSync(folder) : [];
}

describe('the code that is kept', () => {
	const code = Buffer.from('compiled');

	test('is read as it was written, by the same build after the same kind of run', () => {
		const cache = new CodeCache(folder, 'one');
		expect(cache.read('screen')).toBeUndefined();
		cache.write('screen', code);
		expect(cache.read('screen')).toEqual(code);
		expect(cache.read('once')).toBeUndefined();
		expect(new CodeCache(folder, 'two').read('screen')).toBeUndefined();
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(statSync(join(folder, kept()[0] ?? '')).mode & 0o777).toBe(0o600);
	});

	test('is not taken with a bit wrong, cut, empty, or where another could have written it', () => {
		const cache = new CodeCache(folder, 'one');
		cache.write('screen', code);
		const [name = ''] = kept();
		const path = join(folder, name);
		const whole = readFileSync(path);
		for (const wrong of [
			Buffer.concat([whole.subarray(0, -1), Buffer.from('x')]),
			whole.subarray(0, -1),
			Buffer.of(),
		]) {
			writeFileSync(path, wrong);
			expect(cache.read('screen')).toBeUndefined();
		}
		writeFileSync(path, whole);
		expect(cache.read('screen')).toEqual(code);
		chmodSync(path, 0o666);
		expect(cache.read('screen')).toBeUndefined();
	});

	test('of a build long out of use is removed', () => {
		new CodeCache(folder, 'old').write('screen', code);
		new CodeCache(folder, 'recent').write('screen', code);
		const [old = ''] = kept().filter(name => name.startsWith('old'));
		const then = Date.now() / 1000 - 31 * 86_400;
		utimesSync(join(folder, old), then, then);
		new CodeCache(folder, 'new').write('once', code);
		expect(kept().map(name => name.split('-')[0])).toEqual(['new', 'recent']);
	});

	test('nowhere to write is no error', () => {
		const nowhere = join(home, 'no', 'such', 'home');
		new CodeCache(nowhere, 'one').write('screen', code);
		expect(readdirSync(home)).toEqual([]);
	});

	test('lies where the user wants caches', () => {
		expect(cacheFolder({XDG_CACHE_HOME: '/c'})).toBe('/c/absurd-top');
		expect(cacheFolder({XDG_CACHE_HOME: ''})).toMatch(/\/\.cache\/absurd-top$/);
	});
});

interface Start {
	readonly environment?: Readonly<Record<string, string>>;
	/** Of Node itself. */
	readonly flags?: readonly string[];
}

describe('the command', () => {
	function once({environment = {}, flags = []}: Start = {}) {
		const {status, stdout, stderr} = spawnSync(process.execPath, [...flags, bundle, database.url, '--once'], {
			encoding: 'utf8',
			env: {PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: home, ...environment},
		});
		expect({status, stderr}).toEqual({status: 0, stderr: ''});
		expect(stdout).toContain('kept-queue');
	}

	test('keeps what it compiled, and leaves it alone when it serves', () => {
		once();
		const [name = '', ...others] = kept();
		expect(name).toMatch(/-once\.code$/);
		expect(others).toEqual([]);
		const before = statSync(join(folder, name)).mtimeMs;
		once();
		expect(kept()).toEqual([name]);
		expect(statSync(join(folder, name)).mtimeMs).toBe(before);
	});

	test('keeps it anew when it was made under other flags, or is damaged', () => {
		once({flags: ['--no-flush-bytecode']});
		const [name = ''] = kept();
		const path = join(folder, name);
		const other = readFileSync(path);
		once();
		const own = readFileSync(path);
		expect(own.equals(other)).toBe(false);
		const damaged = Buffer.from(own);
		damaged.fill(0, 5000, 6000);
		writeFileSync(path, damaged);
		once();
		expect(readFileSync(path).equals(damaged)).toBe(false);
	});

	test('keeps nothing where that is turned off', () => {
		once({environment: {NODE_DISABLE_COMPILE_CACHE: '1'}});
		expect(kept()).toEqual([]);
	});

	test('keeps what the screen took, also of a look that was short', async () => {
		const program = startProgram([database.url], {env: {XDG_CACHE_HOME: home}});
		await program.waitFor('kept-queue');
		await program.press('q');
		expect((await program.exited).code).toBe(0);
		expect(kept()).toEqual([expect.stringMatching(/-screen\.code$/)]);
	});
});
