import {afterAll, beforeAll, expect, test} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor, type TestMonitor} from '../support/monitor.ts';
import {createQueue} from '../support/queue-rows.ts';

// The classic night: a hundred runs are claimed, all workers die, the workers return three hours later and notice the
// leases that ran out long ago. Every index by claim time puts these failures three hours back.

let database: TestDatabase;
const lost = 100;
const hours = '3 hours';

/** Failures of an ordinary day: claimed and failed within the last three hours, 2,500 of them, all by now retried. */
const ordinary = (queue: string) => `
	with runs as (
		insert into absurd.r_${queue} (run_id, task_id, attempt, state, claimed_by, available_at, started_at, failed_at,
			failure_reason, created_at)
		select gen_random_uuid(), gen_random_uuid(), 1, 'failed', 'w:1', at, at, at + interval '1 second',
			'{"name": "Ordinary", "message": "as ever"}', at
		from (select clock_timestamp() - interval '2 minutes' - n * interval '4 seconds' as at
			from generate_series(1, 2500) n) as x
		returning task_id, run_id
	)
	insert into absurd.t_${queue} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
	select task_id, 'work', '{}', 'completed', 2, 5, clock_timestamp(), gen_random_uuid() from runs`;

async function claimThreeHoursAgo(queue: string): Promise<void> {
	await database.query(
		`with runs as (
			insert into absurd.r_${queue} (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at,
				created_at)
			select gen_random_uuid(), gen_random_uuid(), 1, 'running', 'dead:7', at + interval '2 minutes', at, at, at
			from (select clock_timestamp() - interval '${hours}' as at from generate_series(1, ${lost})) as x
			returning task_id, run_id
		)
		insert into absurd.t_${queue} (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
		select task_id, 'agent', '{}', 'running', 1, 5, clock_timestamp() - interval '${hours}', run_id from runs`,
	);
}

/** What a claim does with leases that have run out. */
async function workersReturn(queue: string): Promise<void> {
	await database.query(
		`with failed as (
			update absurd.r_${queue} set state = 'failed', failed_at = clock_timestamp(),
				failure_reason = '{"name": "$ClaimTimeout", "message": "worker did not finish task within claim interval"}'
			where state = 'running' returning task_id
		), retried as (
			insert into absurd.r_${queue} (run_id, task_id, attempt, state, available_at, created_at)
			select gen_random_uuid(), task_id, 2, 'pending', clock_timestamp(), clock_timestamp()
			from failed returning run_id, task_id
		)
		update absurd.t_${queue} t set state = 'pending', attempts = 2, last_attempt_run = retried.run_id
		from retried where retried.task_id = t.task_id`,
	);
}

beforeAll(async () => {
	database = await createDatabase();
	for (const queue of ['night', 'morning']) {
		await createQueue(database, queue);
		await database.query(ordinary(queue));
		await claimThreeHoursAgo(queue);
	}
});
afterAll(() => database.drop());

function expectTheNightOnTop(monitor: TestMonitor, queue: string) {
	const failures = monitor.snapshot.failures.filter(failure => failure.queue === queue);
	const top = failures.slice(0, lost);
	expect(top.map(failure => failure.errorName)).toEqual(Array(lost).fill('$ClaimTimeout'));
	expect(new Set(top.map(failure => failure.outcome))).toEqual(new Set(['retried']));
	expect(failures[lost]?.errorName).toBe('Ordinary');
	const ended = Date.now() - 3 * 3_600_000 + 120_000;
	for (const failure of top) expect(Math.abs((failure.leaseEndedAt ?? 0) - ended)).toBeLessThan(120_000);
}

test('a program that was there all night sees them when they are noticed', async () => {
	const monitor = await startMonitor(database.url);
	expect(monitor.queue('night').expired).toEqual({value: lost, exactness: 'exact'});
	expect(monitor.snapshot.findings.map(finding => finding.rule)).toContain('stale-leases');
	expect(monitor.snapshot.failures.every(failure => failure.errorName === 'Ordinary')).toBe(true);
	await monitor.tick();
	await workersReturn('night');
	// Seen as a change, read, and looked up by key: three ticks at most.
	for (let ticks = 0; ticks < 3; ticks++) await monitor.tick();
	expectTheNightOnTop(monitor, 'night');
	await monitor.close();
});

test('a program that starts a minute after that sees them, too', async () => {
	await database.query(
		`update absurd.r_night set failed_at = failed_at - interval '1 minute' where claimed_by = 'dead:7'`,
	);
	const [row] = await database.query(
		`select count(*)::int as n from (select run_id, state, failed_at from absurd.r_night
		where state = 'failed' order by available_at desc limit 2000) x where failed_at > now() - interval '90 seconds'`,
	);
	// None of them is among the newest 2,000 by claim: only their successors lead to them.
	expect(row).toEqual({n: 0});
	const monitor = await startMonitor(database.url);
	expectTheNightOnTop(monitor, 'night');
	expect(monitor.snapshot.failures.filter(({queue}) => queue === 'night')).toHaveLength(200);
	await monitor.close();
});

test('nor does it matter that the retries have gone on meanwhile, whatever became of them', async () => {
	await workersReturn('morning');
	await database.query(
		`update absurd.r_morning set failed_at = failed_at - interval '1 minute' where claimed_by = 'dead:7'`,
	);
	// A quarter each: still running, asleep, completed, waiting for its turn.
	await database.query(
		`with retries as (
			select run_id, task_id, row_number() over (order by run_id) % 4 as part from absurd.r_morning where attempt = 2
		), tasks as (
			update absurd.t_morning t set state = (array['pending', 'running', 'sleeping', 'completed'])[retries.part + 1]
			from retries where retries.task_id = t.task_id
		)
		update absurd.r_morning r set
			state = (array['pending', 'running', 'sleeping', 'completed'])[retries.part + 1],
			started_at = case when retries.part > 0 then clock_timestamp() - interval '50 seconds' end,
			available_at = case retries.part when 2 then clock_timestamp() + interval '1 hour'
				else clock_timestamp() - interval '50 seconds' end,
			claim_expires_at = case retries.part when 1 then clock_timestamp() + interval '1 hour' end,
			claimed_by = case when retries.part in (1, 3) then 'w:1' end,
			completed_at = case retries.part when 3 then clock_timestamp() - interval '20 seconds' end
		from retries where retries.run_id = r.run_id`,
	);
	const monitor = await startMonitor(database.url);
	expectTheNightOnTop(monitor, 'morning');
	const states = monitor.snapshot.failures
		.filter(({errorName}) => errorName === '$ClaimTimeout')
		.filter(({queue}) => queue === 'morning')
		.map(({taskState}) => taskState);
	for (const state of ['pending', 'running', 'sleeping', 'completed'])
		expect([state, states.filter(each => each === state).length]).toEqual([state, lost / 4]);
	await monitor.close();
});

test('a failure that was retried by hand is dead no more', async () => {
	const [run] = await database.query<{run_id: string; task_id: string}>(
		`with run as (
			insert into absurd.r_night (run_id, task_id, attempt, state, available_at, started_at, failed_at, failure_reason,
				created_at)
			select gen_random_uuid(), gen_random_uuid(), 1, 'failed', now(), now(), now(), '{"message": "once"}', now()
			returning run_id, task_id
		), task as (
			insert into absurd.t_night (task_id, task_name, params, state, attempts, max_attempts, enqueue_at, last_attempt_run)
			select task_id, 'work', '{}', 'failed', 1, 1, now(), run_id from run
		) select run_id, task_id from run`,
	);
	const monitor = await startMonitor(database.url);
	const shown = () => monitor.snapshot.failures.find(failure => failure.runId === run?.run_id);
	expect(shown()).toMatchObject({outcome: 'dead', errorName: 'Error', errorMessage: 'once', taskName: 'work'});
	await database.query(
		`update absurd.t_night set state = 'pending', attempts = 2, last_attempt_run = gen_random_uuid() where task_id = $1`,
		[run?.task_id],
	);
	for (let ticks = 0; ticks < 8 && shown()?.outcome === 'dead'; ticks++) await monitor.tick();
	expect(shown()).toMatchObject({outcome: 'retried', taskState: 'pending'});
	await monitor.close();
});
