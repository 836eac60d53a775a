import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {startProgram} from '../support/program.ts';

const directory = mkdtempSync(join(tmpdir(), 'absurd-top-prompt-'));
afterAll(() => rmSync(directory, {recursive: true, force: true}));

const module_ = JSON.stringify(new URL('../../source/terminal/ask-password.ts', import.meta.url).href);
const script = join(directory, 'prompt.mjs');
writeFileSync(
	script,
	`import {askPassword, Interrupted} from ${module_};
const ask = () => askPassword('Password: ', process.stdin, process.stderr);
try {
	const typed = await ask();
	if (typed === undefined) process.exit(7);
	console.log('once');
	const again = await ask();
	console.log(JSON.stringify({length: [...typed].length, same: typed === again}));
} catch (error) {
	process.exit(error instanceof Interrupted ? 130 : 1);
}
`,
);

test('asks without echo, twice, and takes backspace and ctrl+u', async () => {
	const program = startProgram([], {script});
	await program.waitFor('Password:');
	await program.press('q', 'ctrl+u', 'x', 'ü', 'y', 'left', 'backspace', 'z', 'enter');
	await program.waitFor(/once\s+Password:/);
	program.write('xüz\r');
	await program.waitFor('{"length":3,"same":true}');
	expect(program.output()).not.toMatch(/[xyü]z/);
	expect((await program.exited).code).toBe(0);
});

test.each([
	['ctrl+c', 130],
	['ctrl+d', 7],
])('%s ends it', async (key, code) => {
	const program = startProgram([], {script});
	await program.waitFor('Password');
	await program.press(key);
	expect((await program.exited).code).toBe(code);
});
