import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {type CommandResult, runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

// Actions on many tasks without a screen: the same preview, cap, rate, record and exit codes as a bulk action there.

let database: TestDatabase;
let absurd: Absurd;
let directory: string;
let record: string;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-bulk-'));
});
beforeEach(async () => {
	await absurd.createQueue('mail');
	record = join(directory, `${Math.random()}.jsonl`);
});
afterEach(async () => {
	await endPrograms();
	await database.query(`select absurd.drop_queue('mail')`);
});
afterAll(async () => {
	await database.drop();
	rmSync(directory, {recursive: true});
});

/** Makes dead tasks; answers their ids. */
async function dead(count: number): Promise<readonly string[]> {
	const spawned = [];
	for (let index = 0; index < count; index++)
		spawned.push(await absurd.spawn('mail', 'send-invoice\u001B[31m', {}, {max_attempts: 1}));
	for (const run of await absurd.claim('mail', 'w-3:12', count)) await absurd.fail('mail', run, 'BounceError', 'no');
	return spawned.map(({taskId}) => taskId);
}

function onStdin(action: string, ids: readonly string[], ...flags: readonly string[]): Promise<CommandResult> {
	const line = [action, '-', '-d', database.url, '--audit', record, ...flags];
	return runCommand(line, {input: `${ids.join('\n')}\n`});
}

/** A deed as `--json` shows it, as far as the ids go. */
interface ShownDeed {
	readonly queue: string;
	readonly taskId: string;
	readonly runId: string | null;
	readonly newTaskId: string | null;
}

/** The newest run of each of these tasks. */
async function lastRuns(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
	const rows = await database.query<{task: string; run: string}>(
		'select task_id::text as task, last_attempt_run::text as run from absurd.t_mail where task_id = any($1)',
		[ids],
	);
	return new Map(rows.map(({task, run}) => [task, run]));
}

const statesOf = async () =>
	Object.fromEntries(
		(
			await database.query<{state: string; n: number}>(
				'select state, count(*)::int as n from absurd.t_mail group by state',
			)
		).map(({state, n}) => [state, n]),
	);

const recorded = () =>
	readFileSync(record, 'utf8')
		.trimEnd()
		.split('\n')
		.map((line): Readonly<Record<string, unknown>> => JSON.parse(line));

describe('ids on standard input', () => {
	it('a dry run counts, lists and says why not, and writes nothing', async () => {
		const ids = await dead(12);
		const waiting = await absurd.spawn('mail', 'later');
		const {code, stdout, stderr} = await onStdin('retry', [...ids, waiting.runId], '--dry-run');
		expect({code, stderr}).toEqual({code: 1, stderr: ''});
		expect(stdout).toMatch(/^retry 12 of 13 tasks$/m);
		expect(stdout).toMatch(/^ {2}12 send-invoice.* in mail$/m);
		expect(stdout).toMatch(/^ {2}1 skipped: not failed \(any more\): pending$/m);
		for (const id of ids) expect(stdout).toMatch(new RegExp(`^would    ${id} .*\\(failed, attempt 1\\)$`, 'm'));
		expect(stdout).toMatch(/^12 would be done · 1 skipped$/m);
		expect(stdout).not.toContain('\u001B');
		expect(await statesOf()).toEqual({failed: 12, pending: 1});
	});

	it('does what is not refused, each in the record with the reason; what is skipped makes 1', async () => {
		const ids = await dead(60);
		const waiting = await absurd.spawn('mail', 'later');
		const all = [...ids, waiting.taskId];
		const {code, stdout} = await onStdin('retry', all, '--yes', '--rate', '1000', '--reason', 'mail server is back');
		expect(code).toBe(1);
		expect(stdout).toMatch(/^60 done · 1 skipped$/m);
		expect(stdout.match(/^done +[\da-f-]{36} /gm)).toHaveLength(60);
		expect(await statesOf()).toEqual({pending: 61});
		const lines = recorded();
		expect(lines[0]).toMatchObject({type: 'intent', function: 'absurd.retry_task', reason: 'mail server is back'});
		expect(lines.filter(({type}) => type === 'intent')).toHaveLength(1);
		const results = lines.flatMap(({results: part}) => (Array.isArray(part) ? part : []));
		expect(results.map(({taskId}) => taskId).sort()).toEqual([...ids].sort());
		expect(lines.at(-1)).toMatchObject({type: 'outcome', final: true, outcome: 'done'});
	});

	it('prints JSON alone with --json', async () => {
		const ids = await dead(3);
		const dry = await onStdin('cancel', ids, '--dry-run', '--json');
		expect(dry.code).toBe(1);
		const asked = JSON.parse(dry.stdout);
		expect(asked).toMatchObject({version: 1, action: 'cancel', database: database.name, dryRun: true});
		expect(asked.counts).toEqual({would: 0, done: 0, skipped: 3, failed: 0, unknown: 0, unsent: 0});
		const retried = JSON.parse((await onStdin('retry', ids, '--yes', '--json')).stdout);
		expect(retried.counts).toMatchObject({done: 3, skipped: 0});
		expect(retried.deeds.map(({taskId}: {taskId: string}) => taskId).sort()).toEqual([...ids].sort());
		expect(await lastRuns(ids)).toEqual(new Map(retried.deeds.map((deed: ShownDeed) => [deed.taskId, deed.runId])));
		expect(retried.deeds[0]).toMatchObject({
			queue: 'mail',
			newTaskId: null,
			name: 'send-invoice\u001B[31m',
			fate: 'done',
			state: 'failed',
		});
		const [first = ''] = ids;
		const alone = await onStdin('cancel', [first], '--yes', '--json');
		expect(alone.code).toBe(0);
		expect(JSON.parse(alone.stdout).deeds).toEqual([
			expect.objectContaining({
				fate: 'done',
				taskId: first,
				runId: null,
				state: 'pending',
				sentence: expect.stringContaining('ancel'),
			}),
		]);
	});

	it('takes no more than --bulk-cap', async () => {
		const ids = await dead(3);
		const {code, stderr} = await onStdin('retry', ids, '--yes', '--bulk-cap', '2');
		expect([code, stderr]).toEqual([2, expect.stringContaining('at most 2')]);
		expect(await statesOf()).toEqual({failed: 3});
	});

	it('keeps to --rate', async () => {
		const ids = await dead(20);
		const began = performance.now();
		expect((await onStdin('retry', ids, '--yes', '--rate', '20')).code).toBe(0);
		// Five at once, four times a second: three pauses of a quarter of a second lie between.
		expect(performance.now() - began).toBeGreaterThan(700);
	});

	it('with further attempts or as new tasks, where that is asked for', async () => {
		const ids = await dead(4);
		expect((await onStdin('retry', ids.slice(0, 2), '--yes', '--extra-attempts', '3')).code).toBe(0);
		const inPlace = await database.query('select max_attempts from absurd.t_mail where task_id = any($1)', [
			ids.slice(0, 2),
		]);
		expect(inPlace).toEqual([{max_attempts: 4}, {max_attempts: 4}]);
		const anew = await onStdin('retry', ids.slice(2), '--yes', '--new', '--json');
		expect(anew.code).toBe(0);
		expect(await statesOf()).toEqual({failed: 2, pending: 4});
		expect(await absurd.count('t', 'mail')).toBe(6);
		expect(recorded().filter(({type}) => type === 'intent')[1]).toMatchObject({arguments: {spawnNew: true}});
		const deeds: readonly ShownDeed[] = JSON.parse(anew.stdout).deeds;
		expect(deeds.map(({taskId}) => taskId).sort()).toEqual(ids.slice(2).sort());
		const made = deeds.map(({newTaskId}) => newTaskId ?? '');
		expect(await lastRuns(made)).toEqual(new Map(deeds.map(({newTaskId, runId}) => [newTaskId, runId])));
		const inRecord = recorded().flatMap(({results}) => (Array.isArray(results) ? results : []));
		expect(inRecord.slice(-2).map(({made: run}) => run)).toEqual(
			deeds.map(({newTaskId, runId, queue}) => ({queue, taskId: newTaskId, runId})),
		);
	});

	it('names the new task of a retry as such, and the one that was retried', async () => {
		const ids = await dead(2);
		const [first = '', second = ''] = ids;
		const alone = await onStdin('retry', [first], '--yes', '--new', '--json');
		const [deed]: readonly ShownDeed[] = JSON.parse(alone.stdout).deeds;
		expect(deed).toMatchObject({taskId: first, fate: 'done'});
		expect(await lastRuns([deed?.newTaskId ?? ''])).toEqual(new Map([[deed?.newTaskId, deed?.runId]]));
		const {stdout} = await onStdin('retry', [first, second], '--yes', '--new');
		for (const id of ids)
			expect(stdout).toMatch(new RegExp(`^done +${id} .*\\(failed, attempt 1\\): as the new task [\\da-f-]{36}$`, 'm'));
	});

	it('stops all when an id is nowhere, before anything is done', async () => {
		const ids = await dead(2);
		const nowhere = '01999999-0000-7000-8000-000000000001';
		const {code, stderr} = await onStdin('retry', [...ids, nowhere], '--yes');
		expect([code, stderr]).toEqual([1, expect.stringContaining(nowhere)]);
		expect(await statesOf()).toEqual({failed: 2});
	});
});

describe('on a terminal', () => {
	it('from eleven tasks on the number has to be typed; Ctrl-C at the question is 130', async () => {
		const ids = await dead(11);
		const line = ['retry', ...ids, '-d', database.url, '--audit', record];
		const wrong = startProgram(line);
		await wrong.waitFor(/Do this to 11 tasks on .* Type the number:/);
		wrong.write('y\r');
		expect((await wrong.exited).code).toBe(1);
		const left = startProgram(line);
		await left.waitFor(/Type the number:/);
		left.write('\u0003');
		expect((await left.exited).code).toBe(130);
		expect(await statesOf()).toEqual({failed: 11});
		const right = startProgram(line);
		await right.waitFor(/Type the number:/);
		right.write('11\r');
		expect((await right.exited).code).toBe(0);
		expect(await statesOf()).toEqual({pending: 11});
	});

	it.each([
		['Ctrl-C', '\u0003', 130],
		['SIGTERM', undefined, 143],
	])('%s stops what runs, tells and records what was done', async (_name, key, code) => {
		const ids = await dead(40);
		const line = ['retry', ...ids, '-d', database.url, '--audit', record, '--yes', '--rate', '10'];
		const program = startProgram(line, {columns: 160, rows: 60});
		await program.waitFor(/^done/m);
		if (key === undefined) program.kill('SIGTERM');
		else program.write(key);
		expect((await program.exited).code).toBe(code);
		const done = await database.query(`select task_id from absurd.t_mail where state = 'pending'`);
		expect(done.length).toBeGreaterThan(0);
		expect(done.length).toBeLessThan(40);
		expect(program.screen()).not.toContain('Warning');
		expect(program.screen()).toContain(`${done.length} done · ${40 - done.length} not done`);
		const lines = recorded();
		expect(lines.at(-1)).toMatchObject({type: 'outcome', final: true, outcome: 'done'});
		expect(lines.flatMap(({results}) => (Array.isArray(results) ? results : []))).toHaveLength(40);
	});
});
