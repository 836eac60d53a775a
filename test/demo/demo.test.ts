import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import pg from 'pg';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {queues} from '../../source/demo/queues.ts';
import {type Demo, startDemo} from '../../source/demo/start.ts';
import {childrenOf, directoryOf} from './process.ts';

let demo: Demo;
let client: pg.Client;
/** When the database answered first. */
let started: number;

beforeAll(async () => {
	demo = await startDemo();
	client = new pg.Client({host: directoryOf(demo.database), user: 'postgres', database: 'postgres'});
	await client.connect();
	started = Date.now();
}, 90_000);

afterAll(async () => {
	await client.end();
	await demo.close();
});

/** Counts runs of all queues for which a condition holds. */
async function count(condition: string): Promise<number> {
	const selects = queues.map(({name}) => `select count(*) as n from absurd."r_${name}" where ${condition}`);
	const {rows} = await client.query(`select sum(n)::int as n from (${selects.join(' union all ')}) as counts`);
	return rows[0]?.n;
}

/** What a descriptor is of; nothing where it was closed while the list was read. */
function targetOf(link: string): string {
	try {
		return readlinkSync(link);
	} catch {
		return '';
	}
}

test('only this user may enter the directory of the socket, and no port is open', () => {
	const directory = directoryOf(demo.database);
	expect(statSync(directory).mode & 0o777).toBe(0o700);
	expect(readdirSync(directory)).toEqual(['.s.PGSQL.5432']);
	const [child] = childrenOf(process.pid).filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('demo'));
	const sockets = readdirSync(`/proc/${child}/fd`).flatMap(fd => {
		return /socket:\[(\d+)\]/.exec(targetOf(`/proc/${child}/fd/${fd}`))?.[1] ?? [];
	});
	expect(sockets.length).toBeGreaterThan(0);
	const tcp = ['tcp', 'tcp6'].flatMap(kind => readFileSync(`/proc/net/${kind}`, 'utf8').trim().split('\n').slice(1));
	expect(tcp.map(line => line.trim().split(/\s+/)[9]).filter(inode => sockets.includes(inode ?? ''))).toEqual([]);
});

test('the first answer has a past: every figure of the last five minutes is there', async () => {
	expect(await count("state = 'completed' and completed_at > now() - interval '5 min'")).toBeGreaterThan(100);
	expect(await count("state = 'failed' and failed_at > now() - interval '5 min'")).toBeGreaterThan(10);
	expect(await count("state = 'running' and claim_expires_at < now()")).toBeGreaterThan(0);
	const {rows} = await client.query(
		"select min(available_at) < now() - interval '30 s' as old from absurd.r_transcode where state = 'pending'",
	);
	expect(rows).toEqual([{old: true}]);
});

test.each([
	['running claims', "state = 'running' and claim_expires_at > now()", 3],
	['failures of real workers', 'failed_at > to_timestamp(:started)', 1],
	['completions of real workers', 'completed_at > to_timestamp(:started)', 5],
	['a backlog', "state = 'pending'", 10],
	['event waits', 'wake_event is not null and available_at > now()', 2],
	['timer sleeps', "state = 'sleeping' and wake_event is null and started_at is not null", 2],
	['back-off of retries', "state = 'sleeping' and started_at is null and attempt > 1 and available_at > now()", 1],
])('within 20 s there are %s', async (_what, condition, least) => {
	await vi.waitFor(
		async () =>
			expect(await count(condition.replace(':started', String(started / 1000)))).toBeGreaterThanOrEqual(least),
		{
			timeout: Math.max(1000, started + 20_000 - Date.now()),
			interval: 200,
		},
	);
});

test('events are emitted and wake who waits', {timeout: 70_000}, async () => {
	const woken = `select count(*)::int as n from absurd.c_approvals where checkpoint_name like '$awaitEvent:%'`;
	await vi.waitFor(async () => expect((await client.query(woken)).rows[0]?.n).toBeGreaterThan(0), {
		timeout: 60_000,
		interval: 500,
	});
});

test('when a worker dies another one goes on from the last checkpoint', {timeout: 130_000}, async () => {
	// A later attempt saved steps, while those that the lost attempt had saved were not done again.
	const taken = `
		select dead.claimed_by as lost, later.claimed_by as heir, dead.failed_at - dead.claim_expires_at < interval '10 s' as soon
		from absurd.r_agents dead
		join absurd.r_agents later on later.task_id = dead.task_id and later.attempt > dead.attempt
		where dead.failure_reason->>'name' = '$ClaimTimeout'
			and dead.claimed_by like 'w-3:%'
			and later.claimed_by <> dead.claimed_by
			and exists (select 1 from absurd.c_agents kept where kept.owner_run_id = dead.run_id)
			and exists (select 1 from absurd.c_agents added where added.owner_run_id = later.run_id
				and added.updated_at > dead.failed_at)`;
	const rows = await vi.waitFor(
		async () => {
			const found = (await client.query(taken)).rows;
			expect(found.length).toBeGreaterThan(0);
			return found;
		},
		{timeout: 120_000, interval: 500},
	);
	expect(rows[0]).toMatchObject({
		lost: expect.stringMatching(/^w-3:\d+$/),
		heir: expect.stringMatching(/^w-/),
		soon: true,
	});
});
