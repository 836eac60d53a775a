import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, stage} from '../support/absurd.ts';
import {type CommandResult, runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {table} from '../support/queue-rows.ts';

// The roles that the README recommends: made from its own text, they are enough, and no more than that.

const queues = ['mail', 'reports "2"'] as const;

let database: TestDatabase;
let absurd: Absurd;
let roles: {readonly watch: string; readonly act: string};

/** The statements of the README, for roles of this test. */
function recipes(): readonly string[] {
	const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
	const [, section = ''] = /^### Roles\n([\s\S]*?)^## /m.exec(readme) ?? [];
	return [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, text = '']) =>
		text.replaceAll('absurd_watch', roles.watch).replaceAll('absurd_act', roles.act),
	);
}

function urlOf(role: string): string {
	const url = new URL(database.url);
	url.username = role;
	return url.href;
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	roles = {watch: `watch_${database.name}`, act: `act_${database.name}`};
	const [plain, partitioned] = queues;
	await absurd.createQueue(plain);
	await database.query(`select absurd.create_queue($1, 'partitioned')`, [partitioned]);
	const texts = recipes();
	expect(texts).toHaveLength(2);
	for (const text of texts) await database.query(text);
});
afterAll(async () => {
	for (const role of Object.values(roles)) await database.query(`drop owned by ${role}; drop role ${role}`);
	await database.drop();
});

describe('the role that may only look', () => {
	it('sees every queue, those that are made later too, and every check that is its to see', async () => {
		await absurd.createQueue('later');
		const once = await runCommand([urlOf(roles.watch), '--json']);
		expect(once).toMatchObject({code: 0, stderr: ''});
		const shown = JSON.parse(once.stdout);
		expect(shown.queues.map(({name}: {name: string}) => name).sort()).toEqual([...queues, 'later'].sort());
		expect(shown.queues.every(({trouble}: {trouble: unknown}) => trouble === null)).toBe(true);
		const doctor = JSON.parse((await runCommand(['doctor', urlOf(roles.watch), '--json'])).stdout);
		const unknown = doctor.checks.filter(({sentence}: {sentence: string}) => /permission|denied|42501/.test(sentence));
		expect(unknown).toEqual([]);
	});

	it('may not act, by either wall', async () => {
		const {taskId} = await absurd.spawn('mail', 'stays');
		const cancelled = await runCommand(['cancel', taskId, '-d', urlOf(roles.watch), '--yes', '--no-audit']);
		expect([cancelled.code, cancelled.stdout]).toEqual([1, expect.stringMatching(/Not done: .*(?:read-only|may not)/)]);
		const other = await database.connect();
		await other.query(`set role ${roles.watch}`);
		await expect(other.query(`select absurd.cancel_task('mail', $1)`, [taskId])).rejects.toMatchObject({code: '42501'});
		expect(await absurd.task('mail', taskId)).toMatchObject({state: 'pending'});
		await database.query(`select absurd.cancel_task('mail', $1)`, [taskId]);
	});
});

describe('the role that may act', () => {
	const perform = (...line: readonly string[]): Promise<CommandResult> =>
		runCommand([...line, '-d', urlOf(roles.act), '--yes', '--no-audit']);

	it.each(queues)('may spawn, retry, cancel and emit in %s', async queue => {
		const spawned = await perform('spawn', 'greet', '-q', queue, '--idempotency-key', 'once', '--max-attempts', '1');
		expect(spawned).toMatchObject({code: 0, stderr: ''});
		const [run = ''] = await absurd.claim(queue, 'w');
		await absurd.fail(queue, run, 'Boom', 'no');
		const [task] = await database.query<{task_id: string}>(
			`select task_id from ${table('r', queue)} where run_id = $1`,
			[run],
		);
		expect(await perform('retry', task?.task_id ?? '')).toMatchObject({code: 0, stderr: ''});
		expect(await perform('cancel', task?.task_id ?? '')).toMatchObject({code: 0, stderr: ''});
		const waiting = await absurd.spawn(queue, 'waits');
		const [held = ''] = await absurd.claim(queue, 'w');
		expect(held).toBe(waiting.runId);
		await absurd.awaitEvent(queue, waiting, 'step', 'go');
		expect(await absurd.task(queue, waiting.taskId)).toMatchObject({state: 'sleeping'});
		expect(await perform('emit', 'go', '-q', queue, '--payload', '1')).toMatchObject({code: 0, stderr: ''});
		expect(await absurd.task(queue, waiting.taskId)).toMatchObject({state: 'pending'});
	});

	it('may not make, empty or drop a queue', async () => {
		const role = await database.connect();
		await role.query(`set role ${roles.act}`);
		for (const text of [
			`select absurd.create_queue('mine')`,
			`select absurd.drop_queue('mail')`,
			`select absurd.cleanup_tasks('mail', 0)`,
			'delete from absurd.t_mail',
			`update absurd.queues set queue_name = 'x'`,
		])
			await expect(role.query(text), text).rejects.toMatchObject({code: '42501'});
	});
});
