import {afterEach, beforeEach, expect, it} from 'vitest';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {oldRelease} from '../support/old-release.ts';
import {endPrograms, startProgram} from '../support/program.ts';

let database: TestDatabase;

beforeEach(async () => {
	database = await createDatabase({empty: true});
	await database.query(oldRelease);
	// What tells this release from no schema at all.
	await database.query(
		`create function absurd.spawn_task(text, text, jsonb, jsonb) returns void language sql as 'select'`,
	);
	await database.query(
		`with made as (
			insert into absurd.t_old (task_id, task_name, params, state, attempts, max_attempts, last_attempt_run)
			values (gen_random_uuid(), 'research', '{}', 'failed', 1, 1, gen_random_uuid()) returning task_id, last_attempt_run
		)
		insert into absurd.r_old (run_id, task_id, attempt, state, available_at, started_at, failed_at, failure_reason)
		select last_attempt_run, task_id, 1, 'failed', now(), now(), now(), '{"name": "OldError"}' from made`,
	);
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

it('what a schema is too old for is greyed with the release that brings it, alone and for what is marked', async () => {
	const program = startProgram([database.url, '-i', '0.3'], {columns: 160, rows: 60});
	await program.waitFor('OldError');
	await program.press('tab', 'tab');
	await program.ask('R', /Cannot retry: .*has no retry_task; it came with 0\.2\.0/);
	const help = await program.ask('?', /R +retry the task/);
	expect(help).toMatch(/R +retry the task .*: The schema here is Absurd 0\.0\.4/);
	await program.press('escape', 'space');
	await program.waitFor('1 marked');
	await program.ask('R', /Cannot retry: .*has no retry_task; it came with 0\.2\.0/);
	await program.ask('C', /Cannot cancel: .*has no cancel_task; it came with 0\.0\.5/);
	expect(program.screen()).not.toMatch(/Retry task|Cancel task/);
}, 40_000);
