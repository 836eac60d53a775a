import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {flagGroups, flagName} from '../../source/flags.ts';
import {commands} from '../../source/headless/commands.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {type InstalledPackage, installPackage} from '../support/package.ts';
import {endPrograms, startProgram} from '../support/program.ts';

let database: TestDatabase;
let installed: InstalledPackage;

beforeAll(async () => {
	installed = installPackage();
	database = await createDatabase();
	await database.query(`select absurd.create_queue('packed-queue')`);
}, 120_000);
afterEach(endPrograms);
afterAll(async () => {
	installed.remove();
	await database.drop();
});

function read(...path: string[]): string {
	return readFileSync(join(installed.folder, ...path), 'utf8');
}

function run(...arguments_: string[]) {
	const {status, stdout, stderr} = spawnSync(process.execPath, [installed.script, ...arguments_], {
		encoding: 'utf8',
		env: {PATH: process.env['PATH'], HOME: '/nonexistent'},
	});
	return {status, stdout, stderr};
}

function bytes(path: string): number {
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.size;
	return readdirSync(path).reduce((sum, name) => sum + bytes(join(path, name)), 0);
}

describe('the packed file', () => {
	test('has all that users need, and nothing of ours alone', () => {
		for (const name of [
			'README.md',
			'LICENSE',
			'sql/absurd.sql',
			'dist/man/absurd-top.1',
			'dist/absurd-top.js',
			'dist/launch.cjs',
		])
			expect(existsSync(join(installed.folder, name)), name).toBe(true);
		expect(readdirSync(installed.folder).sort()).toEqual([
			'CHANGELOG.md',
			'CONTRIBUTING.md',
			'LICENSE',
			'README.md',
			'bench',
			'dist',
			'docs',
			'package.json',
			'sql',
		]);
		expect(readdirSync(join(installed.folder, 'bench'))).toEqual(['README.md']);
	});

	test('its pages lead to each other, and to the picture', () => {
		const pages = ['README.md', ...readdirSync(join(installed.folder, 'docs')).map(name => `docs/${name}`)];
		for (const page of pages.filter(name => name.endsWith('.md'))) {
			const links = [...read(page).matchAll(/\]\(([^)#:\s]+)(?:#[\w-]+)?\)/g)].map(([, link = '']) => link);
			expect([page, links.filter(link => !existsSync(join(installed.folder, dirname(page), link)))]).toEqual([
				page,
				[],
			]);
		}
		expect(read('README.md')).toContain('](docs/overview.svg)');
	});

	test('depends on nothing, and is small', () => {
		expect(JSON.parse(read('package.json')).dependencies).toBeUndefined();
		expect(readdirSync(dirname(installed.folder)).filter(name => !name.startsWith('.'))).toEqual(['absurd-top']);
		expect(statSync(installed.tarball).size).toBeLessThan(2_000_000);
		const dist = join(installed.folder, 'dist');
		const demo = readdirSync(dist).filter(name => name.startsWith('demo'));
		const ofDemo = demo.reduce((sum, name) => sum + bytes(join(dist, name)), 0);
		expect(bytes(installed.folder) - ofDemo).toBeLessThan(2_000_000);
	});
});

describe('installed in an empty directory', () => {
	test('it says its version and its help', () => {
		expect(run('--version')).toEqual({
			status: 0,
			stdout: `absurd-top ${JSON.parse(read('package.json')).version}\n`,
			stderr: '',
		});
		expect(run('--help').stdout).toContain('--read-only');
	});

	test('it prints once', () => {
		const {status, stdout, stderr} = run(database.url, '--once');
		expect({status, stderr}).toEqual({status: 0, stderr: ''});
		expect(stdout).toContain('packed-queue');
	});

	test('it opens the screen', async () => {
		const program = startProgram([database.url], {script: installed.script});
		await program.waitFor('packed-queue');
		expect(program.alternate()).toBe(true);
		await program.press('q');
		expect((await program.exited).code).toBe(0);
	});

	test('it installs Absurd from itself', async () => {
		const empty = await createDatabase({empty: true});
		expect(run('init', empty.url, '--yes').status).toBe(0);
		await empty.query(`select absurd.create_queue('first')`);
		await empty.drop();
	});
});

const flags = flagGroups.flatMap(group => group.flags.map(({key}) => flagName(key)));

describe('the manual page', () => {
	test('names every flag and every subcommand', () => {
		const page = read('dist', 'man', 'absurd-top.1').replaceAll('\\-', '-');
		for (const flag of flags) expect(page).toContain(`\\fB${flag}\\fR`);
		for (const {name, groups} of commands) {
			const section = page.split('.SS ').find(each => each.startsWith(`"absurd-top ${name}`)) ?? '';
			for (const {key} of groups.flatMap(group => group.flags)) expect(section).toContain(flagName(key));
		}
	});

	test('is roff without a fault', () => {
		if (spawnSync('groff', ['--version']).error) return;
		const {stderr, status} = spawnSync(
			'groff',
			['-man', '-ww', '-z', join(installed.folder, 'dist/man/absurd-top.1')],
			{
				encoding: 'utf8',
			},
		);
		expect({status, stderr}).toEqual({status: 0, stderr: ''});
	});
});

/** What bash would offer for the last of these words. */
function complete(...line: string[]): readonly string[] {
	const file = join(installed.folder, 'dist', 'completions', 'absurd-top.bash');
	const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _absurd_top; printf '%s\\n' "\${COMPREPLY[@]}"`;
	return execFileSync('bash', ['--norc', '-c', script, file, 'absurd-top', ...line], {encoding: 'utf8'})
		.split('\n')
		.filter(each => each !== '');
}

describe('completions', () => {
	test('bash offers commands, flags, and those of the command', () => {
		expect(complete('')).toEqual(commands.map(({name}) => name));
		expect(complete('--no-c')).toEqual(['--no-color']);
		expect(complete('--')).toEqual(expect.arrayContaining(flags));
		expect(complete('check', '--max-')).toEqual([
			'--max-ready-age',
			'--max-fail-rate',
			'--max-expired-leases',
			'--max-dead',
		]);
		expect(complete('retry', '--host', '--')).toEqual([]);
		for (const flag of ['--audit', '--debug-log']) expect(complete(flag, 'package.j')).toEqual(['package.json']);
	});

	test('zsh and fish name every flag', () => {
		const zsh = read('dist', 'completions', '_absurd-top');
		const fish = read('dist', 'completions', 'absurd-top.fish');
		expect(zsh.startsWith('#compdef absurd-top\n')).toBe(true);
		for (const flag of flags) {
			expect(zsh).toContain(`${flag}[`);
			expect(fish).toMatch(new RegExp(`-l ${flag.slice(2)}( |$)`, 'm'));
		}
		for (const shell of ['zsh', 'fish']) {
			const file = join(installed.folder, 'dist', 'completions', shell === 'zsh' ? '_absurd-top' : 'absurd-top.fish');
			const {error, status, stderr} = spawnSync(shell, ['-n', file], {encoding: 'utf8'});
			if (!error) expect({shell, status, stderr}).toEqual({shell, status: 0, stderr: ''});
		}
	});
});
