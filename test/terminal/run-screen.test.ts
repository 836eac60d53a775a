import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {endPrograms, isRestored, type Program, startProgram} from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'absurd-top-'));
const script = join(folder, 'screen.mjs');

beforeAll(async () => {
	await build({
		entryPoints: ['test/terminal/fixtures/screen.ts'],
		outfile: script,
		bundle: true,
		format: 'esm',
		platform: 'node',
		jsx: 'automatic',
		alias: {'react-devtools-core': 'node:events'},
		banner: {js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);"},
		logLevel: 'error',
	});
});

afterEach(endPrograms);
afterAll(() => rmSync(folder, {recursive: true, force: true}));

async function start(fault?: string): Promise<Program> {
	const program = startProgram(fault === undefined ? [] : [fault], {columns: 80, rows: 24, script});
	await program.waitFor(screen => screen.includes('Queues 6') && ownsKeyboard(program));
	return program;
}

/** Keys are read, and the terminal no longer makes signals of them. */
function ownsKeyboard(program: Program): boolean {
	return program.output().lastIndexOf('\u001b[?2004h') > program.output().lastIndexOf('\u001b[?2004l');
}

describe('the terminal', () => {
	it('is restored by q, exit code 0, and told nothing', async () => {
		const program = await start();
		expect(program.alternate()).toBe(true);
		await program.press('q');
		expect((await program.exited).code).toBe(0);
		expect(isRestored(program)).toBe(true);
		expect(program.screen()).toBe('the end');
	});

	it('is restored by ctrl+c', async () => {
		const program = await start();
		await program.press('ctrl+c');
		expect((await program.exited).code).toBe(130);
		expect(isRestored(program)).toBe(true);
	});

	it.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
		['SIGINT', 130],
	] as const)('is restored by %s, exit code %i', async (signal, code) => {
		const program = await start();
		program.kill(signal);
		expect((await program.exited).code).toBe(code);
		expect(isRestored(program)).toBe(true);
	});

	it.each([
		['snapshot', 'the snapshot broke'],
		['timer', 'a timer broke'],
		['rejection', 'a promise broke'],
	])('is restored when something breaks inside (%s); then the error is told, exit code 1', async (fault, message) => {
		const program = await start(fault);
		program.kill('SIGUSR2');
		expect((await program.exited).code).toBe(1);
		expect(isRestored(program)).toBe(true);
		expect(program.screen()).toBe(`absurd-top: ${message}\nthe end`);
	});

	it('is drawn anew after ctrl+z where nobody can stop us, and after ctrl+l', async () => {
		const program = await start();
		const takenBack = (times: number) => () => program.output().split('\u001b[?1049h').length === times + 1;
		await program.press('ctrl+z');
		await program.waitFor(takenBack(2));
		await program.waitFor(() => ownsKeyboard(program));
		await program.press('j');
		await program.waitFor(/▸.*mail/);
		program.kill('SIGTSTP');
		await program.waitFor(takenBack(3));
		await program.waitFor(screen => screen.includes('Queues 6') && ownsKeyboard(program));
		await program.press('k', 'j');
		await program.waitFor(/▸.*mail/);
		const before = program.bytes();
		await program.press('ctrl+l');
		await program.waitFor(screen => program.bytes() > before + 1000 && screen.includes('Queues 6'));
		await program.press('j');
		await program.waitFor(/▸.*billing/);
	});

	it('is lent to the shell by ctrl+z and taken back by fg', async () => {
		const program = startProgram(['--norc', '-i'], {columns: 80, rows: 24, node: 'bash', script: '--noprofile'});
		await program.waitFor(/[#$]/);
		program.write(`${process.execPath} ${script}\r`);
		await program.waitFor(screen => program.alternate() && screen.includes('Queues 6') && ownsKeyboard(program));
		await program.press('ctrl+z');
		await program.waitFor(screen => !program.alternate() && screen.includes('Stopped'));
		program.write('echo "in the $((40 + 2)) shell"\r');
		await program.waitFor('in the 42 shell');
		program.write('fg\r');
		await program.waitFor(screen => program.alternate() && screen.includes('Queues 6') && ownsKeyboard(program));
		await program.press('j');
		await program.waitFor(/▸.*mail/);
		await program.press('q');
		await program.waitFor(screen => !program.alternate() && screen.includes('the end'));
	});

	it('follows the size of the window', async () => {
		const program = await start();
		program.resize(60, 15);
		await program.waitFor(screen => screen.split('\n').every(row => row.length <= 60) && screen.includes('q quit'));
		program.resize(40, 5);
		await program.waitFor('absurd-top needs 60x15');
		program.resize(120, 40);
		await program.waitFor(screen => screen.includes('N spawn') && screen.split('\n').length >= 39);
	});
});
