import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {type Absurd, eventually, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram, toButton} from '../support/program.ts';

let database: TestDatabase;
let absurd: Absurd;
let directory: string;

beforeEach(async () => {
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-editor-'));
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await database.query(
		`select absurd.spawn_task('mail', 'send-invoice', '{"order": 90071992547409931}', '{"max_attempts": 1, "idempotency_key": "order-1"}')`,
	);
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'BounceError', 'no such mailbox');
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
	rmSync(directory, {recursive: true});
});

/** An editor that shows that it has the terminal, waits for a key, and writes. */
function editor(writes: string): string {
	const path = join(directory, 'editor');
	writeFileSync(
		path,
		`#!/bin/sh\necho "the editor has $(cat "$1")"\nread -r answer\nprintf '%s\\n' '${writes}' > "$1"\n`,
	);
	chmodSync(path, 0o755);
	return path;
}

async function onFailure(env: Record<string, string> = {}): Promise<Program> {
	const program = startProgram([database.url, '-i', '0.3'], {columns: 120, rows: 40, env});
	await program.waitFor('BounceError');
	await program.press('tab', 'tab');
	return program;
}

const newest = async () => {
	const [row] = await database.query<{params: string; idempotency_key: string | null; max_attempts: number}>(
		'select params::text, idempotency_key, max_attempts from absurd."t_mail" order by task_id desc limit 1',
	);
	return row;
};

it('A spawns another task like this one, its params edited in $EDITOR', async () => {
	const program = await onFailure({EDITOR: editor('{"order": 12345678901234567890}'), VISUAL: ''});
	await program.ask('A', 'its idempotency key is left out');
	expect(program.screen()).toContain('{"order": 90071992547409931}');
	await program.press('\u0005');
	await program.waitFor('the editor has {"order": 90071992547409931}');
	expect(program.alternate()).toBe(false);
	await program.press('enter');
	await program.waitFor('{"order": 12345678901234567890}');
	expect(program.alternate()).toBe(true);
	await toButton(program);
	await program.ask('enter', /y spawn/);
	expect(await absurd.count('t', 'mail')).toBe(1);
	await program.ask('y', 'was made');
	await eventually('the task is there', async () => (await absurd.count('t', 'mail')) === 2);
	expect(await newest()).toEqual({
		params: '{"order": 12345678901234567890}',
		idempotency_key: null,
		max_attempts: 1,
	});
}, 40_000);

it('an idempotency key that is taken already is told before and after, and leads to that task', async () => {
	const program = await onFailure();
	await program.ask('A', 'its idempotency key is left out');
	await toButton(program);
	await program.press('shift+tab', ...'order-1', 'tab');
	const summary = await program.ask('enter', /y spawn/);
	expect(summary.replaceAll(/[│\s]+/g, ' ')).toContain('has this idempotency key: nothing new is made');
	await program.ask('y', /nothing new was made/);
	expect(await absurd.count('t', 'mail')).toBe(1);
	await program.press('enter');
	await program.waitFor('key order-1');
}, 40_000);
