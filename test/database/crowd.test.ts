import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {watchLocks} from '../support/lock-watch.ts';
import {startMonitor} from '../support/monitor.ts';
import {endPrograms, quit, startProgram} from '../support/program.ts';

// More queues than a tick can read: all of them turn up nevertheless, and keys are answered meanwhile.

const count = 400;
const live = {running: 4, pending: 3, sleeping: 3};
const each = live.running + live.pending + live.sleeping;

let database: TestDatabase;

/** Tables of a queue as far as a tick reads them, copied: making whole queues would take a minute. */
async function cloneQueues(from: number, until: number): Promise<void> {
	await database.query(`do $$
		declare
			n int;
			kind text;
		begin
			for n in ${from}..${until} loop
				foreach kind in array array['t', 'r', 'c'] loop
					execute format('create table absurd.%I (like absurd.%I including defaults)', kind || '_q-' || n, kind || '_model');
				end loop;
				execute format('create index on absurd.%I (state, available_at)', 'r_q-' || n);
				execute format('create index on absurd.%I (task_id)', 't_q-' || n);
				execute format('create index on absurd.%I (task_id)', 'c_q-' || n);
				execute format('
					insert into absurd.%I (run_id, task_id, attempt, state, claimed_by, claim_expires_at, available_at, started_at)
					select gen_random_uuid(), gen_random_uuid(), 1, state, ''w'', now() + interval ''1 hour'',
						now() + case when state = ''sleeping'' then interval ''1 hour'' else interval ''0'' end,
						case when state = ''running'' then now() end
					from (select case when k <= ${live.running} then ''running''
						when k <= ${live.running + live.pending} then ''pending'' else ''sleeping'' end as state
						from generate_series(1, ${each}) as k) as made', 'r_q-' || n);
			end loop;
		end $$`);
}

beforeAll(async () => {
	database = await createDatabase();
	await database.query(`select absurd.create_queue('model')`);
	for (let from = 1; from <= count; from += 100) await cloneQueues(from, from + 99);
	await database.query(`delete from absurd.queues`);
	await database.query(
		`insert into absurd.queues (queue_name) select 'q-' || n from generate_series(1, ${count}) as n`,
	);
}, 120_000);
afterEach(endPrograms);
afterAll(() => database.drop());

test('all turn up within the budget of the ticks, with their figures, and few locks are held meanwhile', async () => {
	const locks = await watchLocks(database);
	const monitor = await startMonitor(database.url, {tickBudget: 120, interval: 10_000});
	const missing = () => monitor.snapshot.queues.filter(({readAt}) => readAt === undefined);
	let ticks = 1;
	// Two of each tick at the least.
	for (; missing().length > 0 && ticks < count / 2; ticks++) await monitor.tick();
	const {most, looks} = await locks.end();
	expect(missing()).toEqual([]);
	const {queues, claimCount, findings} = monitor.snapshot;
	expect(queues).toHaveLength(count);
	for (const {running, ready, retrying} of queues) {
		expect([running?.value, ready?.value, retrying?.value]).toEqual([live.running, live.pending, live.sleeping]);
	}
	expect(claimCount).toEqual({value: count * live.running, exactness: 'exact'});
	expect(findings.filter(({rule}) => rule === 'tick-failed')).toEqual([]);
	expect(looks).toBeGreaterThan(10);
	expect(most).toBeLessThan(200);
	await monitor.close();
}, 120_000);

test('the program answers keys: to the last row, sorted, filtered to one queue that is read at once', async () => {
	const program = startProgram([database.url], {columns: 120, rows: 40});
	await program.waitFor(`Queues ${count}`, 30_000);
	await program.press('G');
	await program.waitFor(new RegExp(`rows \\d+–${count}`));
	await program.press('g', '>');
	await program.waitFor(/queue▴|ready▾/);
	await program.press('/');
	program.write('q-317');
	await program.press('enter');
	await program.waitFor(new RegExp(`Queues 1 of ${count}`));
	await program.waitFor(new RegExp(`q-317 .* ${live.pending} .* ${live.running} `), 20_000);
	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 120_000);
