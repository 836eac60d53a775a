import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {afterAll, expect, test} from 'vitest';
import {createPasswordPrompt} from '../../source/ask-password.ts';
import {startProgram} from '../support/program.ts';

const directory = mkdtempSync(join(tmpdir(), 'absurd-top-prompt-'));
afterAll(() => rmSync(directory, {recursive: true, force: true}));

const module_ = JSON.stringify(new URL('../../source/ask-password.ts', import.meta.url).href);
const script = join(directory, 'prompt.mjs');
writeFileSync(
	script,
	`import {createPasswordPrompt} from ${module_};
const ask = createPasswordPrompt(process.stdin, text => process.stdout.write(text), () => process.exit(130));
const question = {user: 'me', host: 'db1', port: 5432, database: 'jobs', attempt: 1};
const typed = await ask(question);
if (typed === undefined) process.exit(7);
const again = await ask({...question, attempt: 2});
console.log(JSON.stringify({length: [...typed].length, same: typed === again}));
`,
);

test('asks without echo, twice, and takes backspace and ctrl+u', async () => {
	const program = startProgram([], {script});
	await program.waitFor('Password for user me on db1:5432:');
	await program.press('ctrl+u', 'x', 'ü', 'y', 'left', 'backspace', 'z', 'enter');
	await program.waitFor('That was not accepted. Password');
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

test('there is no prompt without a terminal', () => {
	expect(
		createPasswordPrompt(
			new PassThrough(),
			() => {},
			() => {},
		),
	).toBeUndefined();
});
