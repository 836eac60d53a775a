import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import {queueRules} from '../../source/monitor/diagnosis.ts';
import type {Source} from '../../source/monitor/source.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {known, queueFacts} from '../support/checkup.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {evidence} from '../support/evidence.ts';
import {sessionOn} from '../support/session.ts';

// How long a run has been in the step that it runs now, beside what finished runs took from the same point.

let database: TestDatabase;
let absurd: Absurd;
let source: Source;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
});
afterAll(async () => {
	await source.close();
	await database.drop();
});

// Twelve finished runs of plan (1 s), rank (n s), and half a second to the end; the third checkpoint waits for a child.
async function finished(): Promise<void> {
	await database.query(`
		insert into absurd.t_mail (task_id, task_name, params, state, attempts, enqueue_at)
		select ('01890000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'agent', '{}', 'completed', 1, now() from generate_series(1, 12) n`);
	await database.query(`
		insert into absurd.r_mail (run_id, task_id, attempt, state, available_at, started_at, completed_at, created_at)
		select task_id, task_id, 1, 'completed', at, at, at + n * interval '1 second' + interval '2500 ms', at
		from (select task_id, right(task_id::text, 4)::int as n, now() - interval '1 hour' as at from absurd.t_mail) x`);
	await database.query(`
		insert into absurd.c_mail (task_id, checkpoint_name, state, owner_run_id, updated_at)
		select r.task_id, s.name, '{}'::jsonb, r.run_id, r.started_at + s.at + case when s.grows then right(r.task_id::text, 4)::int else 0 end * interval '1 second'
		from absurd.r_mail r cross join (values ('plan', interval '1 second', false), ('rank#2', interval '1 second', true)) s (name, at, grows)
		union all
		select r.task_id, '$awaitTaskResult:' || gen_random_uuid(), '{}', r.run_id, r.completed_at - interval '500 ms' from absurd.r_mail r`);
	// One gave up by itself 30 s after plan, and a later attempt went on; of one whose lease ran out nothing is learned.
	await database.query(`
		insert into absurd.t_mail (task_id, task_name, params, state, attempts, enqueue_at)
		select ('01890000-0000-7000-8000-00000000009' || n)::uuid, 'agent', '{}', 'failed', 1, now() from generate_series(1, 2) n`);
	await database.query(`
		insert into absurd.r_mail (run_id, task_id, attempt, state, available_at, started_at, failed_at, failure_reason, created_at)
		select task_id, task_id, 1, 'failed', at, at, at + interval '31 seconds',
			case when task_id::text like '%1' then '{"name": "TimeoutError"}'::jsonb else '{"name": "$ClaimTimeout"}' end, at
		from (select task_id, now() - interval '1 hour' as at from absurd.t_mail where state = 'failed') x`);
	await database.query(`
		insert into absurd.c_mail (task_id, checkpoint_name, state, owner_run_id, updated_at)
		select r.task_id, s.name, '{}'::jsonb, r.run_id, r.started_at + s.at
		from absurd.r_mail r cross join (values ('plan', interval '1 second'), ('rank', interval '2 minutes')) s (name, at)
		where r.state = 'failed'`);
}

/** A run claimed a minute ago, with a checkpoint written so many seconds ago. */
async function running(checkpoint: string | undefined, seconds: number, lease = '1 hour'): Promise<string> {
	const spawned = await absurd.spawn('mail', 'agent');
	await absurd.claim('mail', 'w-1:1');
	await database.query(
		`update absurd.r_mail set started_at = now() - interval '1 minute', available_at = now() - interval '1 minute',
			claim_expires_at = now() + $2::interval where run_id = $1`,
		[spawned.runId, lease],
	);
	if (checkpoint !== undefined)
		await database.query(
			`insert into absurd.c_mail (task_id, checkpoint_name, state, owner_run_id, updated_at)
			values ($1, $2, '{}', $3, now() - $4 * interval '1 second')`,
			[spawned.taskId, checkpoint, spawned.runId, seconds],
		);
	return spawned.runId;
}

test('how long since the last checkpoint, beside what finished runs took from there', async () => {
	await finished();
	const began = Date.now();
	const atStart = await running(undefined, 0);
	const afterPlan = await running('plan', 40);
	const afterRank = await running('rank#7', 20);
	const afterChild = await running('$awaitTaskResult:01890000-0000-7000-8000-000000000099', 10);
	// Nobody is in a step whose worker is gone, and what no finished run did cannot be compared.
	await running('plan', 50, '-1 second');
	await running('improvised', 30);
	const found = known((await queueFacts(source, 'mail')).running);
	const round = (value: number) => Math.round(value / 100) * 100;
	const rows = found.map(({runId, after, probable, since, usual, longest, samples}) => {
		const seconds = Math.round((Date.now() - since) / 1000);
		return [runId, after, probable, seconds, round(usual), round(longest), samples];
	});
	// From plan to rank 1 to 12 s, or 30 s to the end; from rank to the end of the wait 1 s; from there half a second.
	expect(rows.map(row => row.slice(0, 3))).toEqual([
		[atStart, undefined, 'plan'],
		[afterPlan, 'plan', 'rank'],
		[afterRank, 'rank', '$awaitTaskResult'],
		[afterChild, '$awaitTaskResult', undefined],
	]);
	expect(rows.map(row => row.slice(4))).toEqual([
		[1000, 1000, 13],
		[7000, 30_000, 13],
		[1000, 1000, 12],
		[500, 500, 12],
	]);
	for (const [index, seconds] of [60, 40, 20, 10].entries()) {
		// What the staging took comes on top.
		const more = Number(rows[index]?.[3]) - seconds;
		expect(more).toBeGreaterThanOrEqual(-1);
		expect(more).toBeLessThanOrEqual((Date.now() - began) / 1000 + 1);
	}
	// The rule takes the run that is furthest beyond what is usual: a minute for the first step.
	const rule = queueRules.find(({id}) => id === 'slow-running-step');
	const verdict = rule?.find({...evidence({}, {facts: {running: {kind: 'known', value: found}}}), now: Date.now()});
	expect(verdict).toMatchObject({
		sentence: expect.stringMatching(/^agent …[0-9a-f]{6} has probably been in plan for 1m, usual 1s, longest 1s of 13/),
		proof: {screen: 'run', run: {runId: atStart}},
	});
});
