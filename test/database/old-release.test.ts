import {afterAll, beforeAll, expect, test} from 'vitest';
import {emittedEvents} from '../../source/database/probes/events.ts';
import {createSource} from '../../source/database/source.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {startMonitor} from '../support/monitor.ts';
import {oldRelease} from '../support/old-release.ts';
import {measure} from '../support/plan.ts';
import {sessionOn} from '../support/session.ts';

const task = '01890000-0000-7000-8000-000000000001';
const run = '01890000-0000-7000-8000-000000000002';
let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase({empty: true});
	await database.query(oldRelease);
	await database.query(
		`insert into absurd.t_old (task_id, task_name, params, state, attempts, max_attempts, first_started_at, last_attempt_run)
		values ('${task}', 'research', '{"user": 90071992547409931234}', 'running', 1, 3, now() - interval '20 seconds', '${run}')`,
	);
	await database.query(
		`insert into absurd.r_old (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at)
		values ('${run}', '${task}', 1, 'running', 'w:1', now() - interval '5 seconds', now() - interval '20 seconds',
			now() - interval '20 seconds')`,
	);
	await database.query(
		`insert into absurd.c_old (task_id, checkpoint_name, state, owner_run_id, updated_at)
		values ('${task}', 'plan', to_jsonb((select string_agg(md5(n::text), '') from generate_series(1, 4000) n)),
			'${run}', now() - interval '12 seconds')`,
	);
	await database.query(
		`insert into absurd.w_old (task_id, run_id, step_name, event_name) values ('${task}', '${run}', 'wait', 'paid')`,
	);
});
afterAll(() => database.drop());

test('the oldest tables are read like the newest', async () => {
	const monitor = await startMonitor(database.url);
	const {queue, claims} = {queue: monitor.queue('old'), claims: monitor.snapshot.claims};
	expect(queue.trouble).toBeUndefined();
	expect([queue.storageMode, queue.running?.value, queue.expired?.value]).toEqual(['unpartitioned', 1, 1]);
	expect(claims).toMatchObject([{runId: run, taskName: 'research', worker: 'w:1', attempt: 1, maxAttempts: 3}]);

	// The newest checkpoint is read for claims on screen only.
	expect(claims[0]?.progress).toBeUndefined();
	monitor.show({queues: ['old'], claims: [{queue: 'old', taskId: task, runId: run}]});
	await monitor.tick();
	expect(monitor.snapshot.claims[0]?.progress).toMatchObject({checkpoint: 'plan'});

	const answered = new Promise<void>(resolve => {
		const end = monitor.subscribe(() => {
			if (monitor.answers.run?.kind === 'loading') return;
			end();
			resolve();
		});
	});
	monitor.look({kind: 'run', run: {queue: 'old', taskId: task, runId: run}});
	await answered;
	const detail = monitor.answers.run?.kind === 'ready' ? monitor.answers.run.value : undefined;
	expect(detail).toMatchObject({idempotencyKey: undefined, tenant: undefined, state: 'running', checkpointCount: 1});
	// All digits, and the step took from the claim to its checkpoint.
	expect(detail?.params).toMatchObject({text: '{"user": 90071992547409931234}', complete: true});
	const [row] = await database.query<{took: number}>(
		`select extract(epoch from c.updated_at - r.started_at)::float8 * 1000 as took
		from absurd.c_old c join absurd.r_old r on r.run_id = c.owner_run_id`,
	);
	expect(row?.took).toBeGreaterThanOrEqual(8000);
	expect(Math.abs((detail?.checkpoints[0]?.duration ?? 0) - (row?.took ?? Number.NaN))).toBeLessThan(10);
	// More than 64 kB: only the head, and the size.
	expect(detail?.checkpoints[0]?.state).toMatchObject({complete: false});
	expect(detail?.checkpoints[0]?.state?.bytes).toBeGreaterThan(65_536);
	expect(detail?.checkpoints[0]?.state?.text.length).toBe(16_384);
	expect(detail?.waits).toMatchObject([{eventName: 'paid', timeoutAt: undefined}]);
	expect(detail?.why).toMatch(/^Its lease ran out \d+s ago and w:1 may still be at work/);
	await monitor.close();
});

test('emitted events are never sorted as a whole: the newest of few, and none of many', async () => {
	const source = createSource(await sessionOn(database.url), {queues: []});
	await source.catalogue(5000);
	const emitted = async () => {
		const answer = await source.probe({kind: 'events', queue: 'old'}, 5000);
		expect(answer.unread).toEqual([]);
		return {names: answer.rows.flatMap(({name, emitted}) => (emitted ? [name] : [])), notes: answer.notes};
	};
	const emit = (from: number, until: number) =>
		database.query(`insert into absurd.e_old (event_name, payload, emitted_at)
			select 'event-' || n, '{"n": 1}', now() - n * interval '1 minute' from generate_series(${from}, ${until}) n`);
	await database.query(`insert into absurd.e_old (event_name, emitted_at) values ('awaited', 'epoch')`);
	await emit(1, 1999);
	const [first, last] = ['event-1', 'event-100'];
	expect((await emitted()).names).toHaveLength(100);
	expect([(await emitted()).names[0], (await emitted()).names.at(-1), (await emitted()).notes]).toEqual([
		first,
		last,
		[],
	]);
	await emit(2000, 60_000);
	expect(await emitted()).toEqual({
		names: [],
		notes: [{queue: 'old', sentence: 'more than 2000 events and no index by time: emitted ones are not listed'}],
	});
	// Of sixty thousand events two thousand and the awaited one are read, and nothing is sorted or scanned.
	const client = await database.connect();
	const {entries, scans} = await measure(client, emittedEvents('old'));
	expect(entries).toBeLessThanOrEqual(2001);
	expect(scans).toEqual([]);
	// The index of later releases, whatever the release calls itself.
	await database.query('create index on absurd.e_old (emitted_at)');
	expect(await emitted()).toMatchObject({names: {length: 100, 0: first, 99: last}, notes: []});
	expect((await measure(client, emittedEvents('old'))).entries).toBeLessThanOrEqual(200);
	await source.close();
});

test('columns of other clients are read where they are', async () => {
	await database.query('alter table absurd.t_old add column tenant_id text, add column idempotency_key text');
	await database.query(`update absurd.t_old set tenant_id = 'acme', idempotency_key = 'order-4711'`);
	const monitor = await startMonitor(database.url);
	const answered = new Promise<void>(resolve => {
		const end = monitor.subscribe(() => {
			if (monitor.answers.run?.kind !== 'ready') return;
			end();
			resolve();
		});
	});
	monitor.look({kind: 'run', run: {queue: 'old', taskId: task, runId: run}});
	await answered;
	const detail = monitor.answers.run?.kind === 'ready' ? monitor.answers.run.value : undefined;
	expect(detail).toMatchObject({tenant: 'acme', idempotencyKey: 'order-4711'});
	await monitor.close();
});
