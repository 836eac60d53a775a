import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {type Absurd, type Spawned, stage} from '../support/absurd.ts';
import {runCommand} from '../support/command.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, startProgram} from '../support/program.ts';

const raw = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/;

/** Lines of the doctor that no rule makes. */
const facts = new Set(['connection', 'access', 'latency', 'schema', 'rights to act', 'terminal']);

/** Rules for what a doctor of connections looks at in the first place. */
const rules = ['missing-index', 'clock-skew', 'schema-version', 'queue-unreadable', 'tables-missing'];

let database: TestDatabase;
let absurd: Absurd;
let dead: Spawned;

/** A task of queue mail that has used up its attempts. */
async function makeDead(): Promise<Spawned> {
	const spawned = await absurd.spawn('mail', 'send-invoice\u001B[31m', {user: 1}, {max_attempts: 1});
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.checkpoint('mail', spawned, 'rendered', {digits: 1});
	await absurd.fail('mail', run ?? '', 'BounceError', 'no such\u001B]52;c;aGk=\u0007 mailbox');
	return spawned;
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	await absurd.createQueue('agents');
	dead = await makeDead();
});
afterEach(endPrograms);
afterAll(() => database.drop());

describe('show', () => {
	it('tells everything about the task of a task id or a run id', async () => {
		for (const id of [dead.taskId, dead.runId.toUpperCase()]) {
			const {code, stdout, stderr} = await runCommand(['show', id, '-d', database.url]);
			expect({code, stderr}).toEqual({code: 0, stderr: ''});
			expect(stdout).toContain(dead.taskId);
			expect(stdout).toMatch(/Dead: attempt 1 of 1 failed .* with BounceError/);
			expect(stdout).toMatch(/^Attempts 1$/m);
			expect(stdout).toMatch(/^rendered .*\{"digits": ?1\}$/m);
			expect(stdout).not.toMatch(raw);
		}
	});

	it('prints it as JSON with every digit', async () => {
		await database.query(`update absurd.t_mail set params = '{"id": 90071992547409931}' where task_id = $1`, [
			dead.taskId,
		]);
		const {code, stdout} = await runCommand(['show', dead.taskId, '-d', database.url, '--json']);
		expect(code).toBe(0);
		const shown = JSON.parse(stdout);
		expect(shown).toMatchObject({version: 1, queue: 'mail', taskId: dead.taskId, state: 'failed', runCount: 1});
		expect(shown.params.text).toContain('90071992547409931');
		expect(shown.runs[0].failure).toMatchObject({
			name: 'BounceError',
			message: 'no such\u001B]52;c;aGk=\u0007 mailbox',
		});
	});

	it('fails for an id that is nowhere', async () => {
		const id = '01999999-0000-7000-8000-000000000001';
		const {code, stdout, stderr} = await runCommand(['show', id, '-d', database.url]);
		expect({code, stdout}).toEqual({code: 1, stdout: ''});
		expect(stderr).toContain(id);
	});
});

describe('check', () => {
	it('is one line with performance data, and the plugins\u2019 exit code', async () => {
		const fine = await runCommand(['check', database.url, '--max-dead', '1,5', '--max-expired-leases', '0']);
		expect(fine.files).toEqual([]);
		expect(fine.code).toBe(0);
		expect(fine.stdout).toMatch(/^ABSURD OK - 2 queues, .* \| .*'mail\.dead'=1;1;5;0/);
		expect(fine.stdout.trim().split('\n')).toHaveLength(1);
		const warned = await runCommand(['check', database.url, '--max-dead=0']);
		expect(warned).toMatchObject({code: 1, stderr: ''});
		expect(warned.stdout).toMatch(/^ABSURD WARNING - mail: 1 task died within 1h \|/);
		const critical = await runCommand(['check', '-d', database.url, '--max-dead', '0,0', '-q', 'mail']);
		expect(critical.code).toBe(2);
		expect(critical.stdout).toMatch(/^ABSURD CRITICAL/);
		const other = await runCommand(['check', database.url, '--max-dead', '0,0', '-q', 'agents']);
		expect(other.code).toBe(0);
	});

	it('measures the age of the oldest ready run and expired leases', async () => {
		const {taskId} = await absurd.spawn('agents', 'plan');
		await database.query(`update absurd.r_agents set available_at = now() - interval '90 seconds' where task_id = $1`, [
			taskId,
		]);
		const ready = await runCommand(['check', database.url, '--max-ready-age', '60s,5m']);
		expect(ready.code).toBe(1);
		expect(ready.stdout).toMatch(
			/agents: the oldest ready run waits for 1m[345]\ds .*'agents\.ready_age'=(?:9\d|1[01]\d)\.\d+s;60;300;0/,
		);
		await absurd.claim('agents', 'w-1', 1, 60);
		await database.query(
			`update absurd.r_agents set claim_expires_at = now() - interval '1 second' where task_id = $1`,
			[taskId],
		);
		const expired = await runCommand(['check', database.url, '--max-expired-leases', '0,0']);
		expect([expired.code, expired.stdout.includes('agents: 1 lease has expired')]).toEqual([2, true]);
	});

	it('is UNKNOWN, 3, for what cannot be read and for wrong usage', async () => {
		const away = await runCommand(['check', 'postgresql://postgres@127.0.0.1:1/x']);
		const usage = await runCommand(['check', '--max-dead', 'many']);
		const empty = await createDatabase({empty: true});
		const none = await runCommand(['check', empty.url]);
		await empty.drop();
		for (const {code, stdout, stderr} of [away, usage, none]) {
			expect({code, stderr}).toEqual({code: 3, stderr: ''});
			expect(stdout).toMatch(/^ABSURD UNKNOWN - .+\n$/);
		}
	});
});

describe('doctor', () => {
	it('looks at everything and prints no secret', async () => {
		const url = new URL(database.url);
		url.password = 'hunter2-secret';
		const {code, stdout, stderr} = await runCommand(['doctor', url.href, '--json']);
		expect({code, stderr}).toEqual({code: 0, stderr: ''});
		expect(stdout).not.toContain('hunter2');
		const {checks} = JSON.parse(stdout);
		const levels = new Map(checks.map((each: {check: string; level: string}) => [each.check, each.level]));
		// Another schema may be of no release that is known: then its check says so.
		const apart = new Set([
			'access',
			'terminal',
			...(process.env['ABSURD_SQL'] === undefined ? [] : ['schema-version']),
		]);
		for (const check of [...facts, ...rules].filter(each => !apart.has(each)))
			expect([check, levels.get(check)]).toEqual([check, 'ok']);
		expect(levels.get('terminal')).toBe('note');
		const dead = checks.find(({check}: {check: string}) => check === 'dead-letters');
		expect(dead).toMatchObject({level: 'warning', sentence: expect.stringMatching(/^mail: /)});
		expect(dead.remedy).not.toBe('');
		// Every check of the screen's Doctor, and each was judged.
		const judged = new Set([...levels.keys()].filter(check => !facts.has(String(check))));
		const program = startProgram([database.url], {columns: 120, rows: 50});
		await program.waitFor(/mail/);
		await program.ask('8', `Doctor  ${judged.size} checks`);
		expect(stdout).not.toContain('not asked yet');
	});

	it('finds a missing index, missing rights, a database without Absurd, and no server', async () => {
		const broken = await createDatabase();
		await broken.query(`select absurd.create_queue('jobs')`);
		await broken.query('drop index absurd.r_jobs_sai');
		const index = await runCommand(['doctor', broken.url]);
		expect(index.code).toBe(1);
		expect(index.stdout).toMatch(
			/^critical +missing-index +jobs: every claim scans: no usable index on \(state, available_at\)/m,
		);
		const role = `looker_${broken.name}`;
		await broken.query(`create role ${role} login`);
		await broken.query(`grant usage on schema absurd to ${role}`);
		await broken.query(`grant select on all tables in schema absurd to ${role}`);
		const url = new URL(broken.url);
		url.username = role;
		const rights = await runCommand(['doctor', url.href]);
		expect(rights.stdout).toMatch(/^note +rights to act +.*may not retry .*lacks/m);
		await broken.query(`drop owned by ${role}`);
		await broken.query(`drop role ${role}`);
		await broken.query('drop schema absurd cascade');
		const bare = await runCommand(['doctor', broken.url]);
		expect([bare.code, /^critical +schema .*no schema absurd/m.test(bare.stdout)]).toEqual([1, true]);
		await broken.drop();
		const away = await runCommand(['doctor', 'postgresql://postgres@127.0.0.1:1/x']);
		expect([away.code, /^critical +connection /m.test(away.stdout)]).toEqual([1, true]);
	});
});

describe('init', () => {
	it('installs Absurd where there is none, and touches nothing where there is', async () => {
		const empty = await createDatabase({empty: true});
		const unasked = await runCommand(['init', empty.url]);
		expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
		const dry = await runCommand(['init', empty.url, '--dry-run']);
		expect(dry.code).toBe(0);
		expect(await empty.query(`select 1 from pg_namespace where nspname = 'absurd'`)).toEqual([]);
		const done = await runCommand(['init', empty.url, '--yes']);
		expect([done.code, done.stderr]).toEqual([0, '']);
		await empty.query(`select absurd.create_queue('first')`);
		expect((await runCommand([empty.url, '--once'])).stdout).toContain('first');
		const again = await runCommand(['init', empty.url, '--yes']);
		expect(again.code).toBe(1);
		expect(again.stderr).toMatch(/has a schema absurd already; nothing was changed/);
		await empty.drop();
	});

	it('keeps a schema of that name that is something else, and obeys read-only', async () => {
		const other = await createDatabase({empty: true});
		const walled = await runCommand(['init', other.url, '--yes'], {env: {ABSURD_TOP_READ_ONLY: '1'}});
		expect([walled.code, walled.stderr]).toEqual([1, expect.stringContaining('read-only')]);
		await other.query('create schema absurd');
		await other.query('create table absurd.mine (id int)');
		const {code, stderr} = await runCommand(['init', other.url, '--yes']);
		expect(code).toBe(1);
		expect(stderr).toMatch(/42P06/);
		expect(await other.query(`select relname from pg_class where relnamespace = 'absurd'::regnamespace`)).toEqual([
			{relname: 'mine'},
		]);
		await other.drop();
	});
});

describe('actions', () => {
	it('a dry run says what would happen and writes nothing', async () => {
		const {code, stdout} = await runCommand(['retry', dead.taskId, '-d', database.url, '--dry-run']);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^retry .* in queue mail .*\(failed, attempt 1 of 1/);
		expect(stdout).toMatch(/Attempt 2 follows at once/);
		expect(stdout).not.toMatch(raw);
		expect(await absurd.task('mail', dead.taskId)).toMatchObject({state: 'failed'});
	});

	it('asks on a terminal: only y does it', async () => {
		const program = startProgram(['retry', dead.taskId, '-d', database.url, '--label', 'prod-eu']);
		await program.waitFor(/Do this on prod-eu .*\[y\/N\]/);
		program.write('\r');
		expect((await program.exited).code).toBe(1);
		expect(await absurd.task('mail', dead.taskId)).toMatchObject({state: 'failed'});
		const again = startProgram(['retry', dead.taskId, '-d', database.url]);
		await again.waitFor(/\[y\/N\]/);
		again.write('y\r');
		expect((await again.exited).code).toBe(0);
		expect(await absurd.task('mail', dead.taskId)).toMatchObject({state: 'pending', attempts: 2});
	});

	it('takes ids from standard input; what is refused makes 1 and the rest is done', async () => {
		const ready = await absurd.spawn('mail', 'later');
		const gone = await absurd.spawn('mail', 'gone');
		await database.query('select absurd.cancel_task($1, $2)', ['mail', gone.taskId]);
		const input = `${ready.taskId}\n${gone.runId}\n${ready.taskId}\n`;
		const unasked = await runCommand(['cancel', '-', '-d', database.url], {input});
		expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')]);
		const {code, stdout} = await runCommand(['cancel', '-', '-d', database.url, '--yes'], {input});
		expect(code).toBe(1);
		expect(stdout).toMatch(/1 skipped: ended already: cancelled/);
		expect(await absurd.task('mail', ready.taskId)).toMatchObject({state: 'cancelled'});
	});

	it('an id that is nowhere stops all before anything is done', async () => {
		const ready = await absurd.spawn('mail', 'stays');
		const ids = [ready.taskId, '01999999-0000-7000-8000-000000000001'];
		const {code, stderr} = await runCommand(['cancel', ...ids, '-d', database.url, '--yes']);
		expect([code, stderr]).toEqual([1, expect.stringContaining('no task or run')]);
		expect(await absurd.task('mail', ready.taskId)).toMatchObject({state: 'pending'});
	});

	it('spawns and emits with JSON as it was typed', async () => {
		const params = '{"user":90071992547409931}';
		const line = [
			'spawn',
			'greet',
			'-q',
			'agents',
			'-d',
			database.url,
			'--params',
			params,
			'--max-attempts',
			'3',
			'--yes',
		];
		const done = await runCommand(line);
		expect(done).toMatchObject({code: 0, stderr: ''});
		expect(done.files).toContain('.local/state/absurd-top/audit.jsonl');
		const spawned = await database.query(
			`select params::text, max_attempts from absurd.t_agents where task_name = 'greet'`,
		);
		expect(spawned).toEqual([{params: expect.stringContaining('90071992547409931'), max_attempts: 3}]);
		const emit = ['emit', 'order.paid:42', '-q', 'agents', '-d', database.url, '--payload', '"hello"', '--yes'];
		expect((await runCommand(emit)).code).toBe(0);
		expect(
			await database.query(`select payload::text from absurd.e_agents where event_name = 'order.paid:42'`),
		).toEqual([{payload: '"hello"'}]);
		const again = await runCommand([...emit.slice(0, -1), '--dry-run']);
		expect(again.stdout).toMatch(/Already emitted .* ago: this changes nothing/);
	});

	it('reads params and payload from standard input, where no process list shows them', async () => {
		const spawn = ['spawn', 'piped', '-q', 'agents', '-d', database.url, '--params', '-', '--yes', '--no-audit'];
		expect(await runCommand(spawn, {input: '{"user": 90071992547409931}\n'})).toMatchObject({code: 0, stderr: ''});
		expect(await database.query(`select params::text from absurd.t_agents where task_name = 'piped'`)).toEqual([
			{params: expect.stringContaining('90071992547409931')},
		]);
		const wrong = await runCommand(spawn, {input: 'no json'});
		expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--params is not JSON')]);
		const emit = ['emit', 'piped', '-q', 'agents', '-d', database.url, '--payload', '-', '--yes', '--no-audit'];
		expect((await runCommand(emit, {input: '[1]'})).code).toBe(0);
		expect(await database.query(`select payload::text from absurd.e_agents where event_name = 'piped'`)).toEqual([
			{payload: '[1]'},
		]);
	});

	it('writes nothing with ABSURD_TOP_READ_ONLY', async () => {
		const before = await absurd.count('t', 'agents');
		const line = ['spawn', 'greet', '-q', 'agents', '-d', database.url, '--yes'];
		const {code, stderr} = await runCommand(line, {env: {ABSURD_TOP_READ_ONLY: '1'}});
		expect([code, stderr]).toEqual([1, expect.stringContaining('ABSURD_TOP_READ_ONLY')]);
		expect(await absurd.count('t', 'agents')).toBe(before);
	});
});

describe('several readings', () => {
	it('follow one another at the interval', async () => {
		const json = await runCommand([database.url, '--json', '-n', '3', '-i', '0.2']);
		expect(json.code).toBe(0);
		const documents = json.stdout.split(/^(?=\{)/m).map(each => JSON.parse(each));
		expect(documents).toHaveLength(3);
		const instants = documents.map(({at}) => Date.parse(at));
		expect([...new Set(instants)].sort((a, b) => a - b)).toEqual(instants);
	});

	it('as CSV narrowed by a filter of queues, and no filter of tasks', async () => {
		const {stdout} = await runCommand([database.url, '--csv', '--filter', 'queue:ma*']);
		expect(stdout.match(/^[^,]*,(mail|agents),/gm)).toEqual([expect.stringContaining(',mail,')]);
		const {code, stderr} = await runCommand([database.url, '--csv', '--filter', 'error:timeout']);
		expect([code, stderr]).toEqual([2, expect.stringContaining('--csv prints queues')]);
	});

	it('as CSV have one line of titles and a line a queue', async () => {
		const {code, stdout} = await runCommand([database.url, '--csv', '-n', '2', '-i', '0.2']);
		expect(code).toBe(0);
		const [titles, ...lines] = stdout.trimEnd().split('\r\n');
		expect(titles?.split(',').slice(0, 4)).toEqual(['at', 'queue', 'severity', 'ready']);
		expect(lines.map(line => line.split(',')[1]).sort()).toEqual(['agents', 'agents', 'mail', 'mail']);
	});
});
