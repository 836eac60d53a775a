import {afterAll, beforeAll, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import type {BulkIntent} from '../../source/monitor/bulk.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {writingSessionOn} from '../support/session.ts';

// Everything that a filter matches, also what no list has loaded: against a full scan of the same rows.

const queues = ['mail', 'agents', 'other'];
let database: TestDatabase;
let absurd: Absurd;
let hands: Hands;
let now: number;

async function clock(): Promise<number> {
	const [row] = await database.query<{now: number}>(
		`select (extract(epoch from absurd.current_time()) * 1000)::float8 as now`,
	);
	return row?.now ?? 0;
}

/** Spawns tasks that a queue fails at once. */
async function failed(queue: string, name: string, count: number): Promise<void> {
	await database.query(
		`select absurd.spawn_task($1, $2, '{}', '{"max_attempts": 1}') from generate_series(1, $3::int)`,
		[queue, name, count],
	);
	await database.query(
		`select absurd.fail_run($1, run_id, '{"name": "Boom"}') from absurd.claim_task($1, 'w', 60, $2)`,
		[queue, count],
	);
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	for (const queue of queues) {
		await absurd.createQueue(queue);
		await failed(queue, 'send', 330);
		await failed(queue, 'summarize', 20);
		// Newer ones in other states, so that a search by time alone would have to pass them.
		await database.query(`select absurd.spawn_task($1, 'send', '{}') from generate_series(1, 60)`, [queue]);
	}
	hands = createHands(
		() => writingSessionOn(database.url),
		() => undefined,
	);
	now = await clock();
}, 60_000);
afterAll(async () => {
	await hands.close();
	await database.drop();
});

const intentOf = (kind: BulkIntent['kind'], filter: string, most = 1000, shown = queues): BulkIntent => ({
	kind,
	tasks: [],
	hidden: 0,
	search: {filter, queues: shown, until: now, most},
});

/** The ids by a scan of everything. */
async function scanned(where: string, shown = queues): Promise<readonly string[]> {
	const parts = shown.map(queue => `select task_id::text as id from absurd."t_${queue}" where ${where}`);
	const rows = await database.query<{id: string}>(parts.join(' union all '));
	return rows.map(({id}) => id).sort();
}

const idsOf = (tasks: readonly {readonly taskId: string}[]) => tasks.map(({taskId}) => taskId).sort();

test('finds what a full scan finds, in every queue that was shown', async () => {
	const {act, skipped, found} = await hands.previewBulk(intentOf('retry', 'name:send'));
	expect(idsOf(act)).toEqual(await scanned(`task_name = 'send' and state = 'failed'`));
	expect(act).toHaveLength(990);
	expect(skipped).toEqual([]);
	expect(found).toMatchObject({end: 'all', filter: 'state:failed name:send', unread: []});
	const one = await hands.previewBulk(intentOf('cancel', 'name:send', 1000, ['mail']));
	expect(idsOf(one.act)).toEqual(await scanned(`task_name = 'send' and state = 'pending'`, ['mail']));
});

test('a state in the filter is kept: what the action is not for is told apart', async () => {
	const {act, skipped, found} = await hands.previewBulk(intentOf('retry', 'state:failed,pending name:s* queue:other'));
	expect(idsOf(act)).toEqual(await scanned(`state = 'failed'`, ['other']));
	expect(skipped.map(({reason}) => reason)).toEqual(Array(60).fill('not failed (any more): pending'));
	expect(found?.filter).toBe('state:failed,pending name:s* queue:other');
});

test('takes the newest where more match than the cap', async () => {
	const {act, found} = await hands.previewBulk(intentOf('retry', 'name:summarize', 25));
	expect(found?.end).toBe('cap');
	expect(act).toHaveLength(25);
	const rows = await database.query<{id: string; claimed: number}>(
		queues
			.map(
				queue => `select t.task_id::text as id, extract(epoch from r.available_at)::float8 as claimed
				from absurd."t_${queue}" t join absurd."r_${queue}" r on r.run_id = t.last_attempt_run
				where t.task_name = 'summarize'`,
			)
			.join(' union all '),
	);
	// Many were claimed at the same instant: no task that was left out was claimed after one that was taken.
	const taken = new Set(idsOf(act));
	const oldest = Math.min(...rows.flatMap(({id, claimed}) => (taken.has(id) ? claimed : [])));
	expect(rows.filter(({id, claimed}) => !taken.has(id) && claimed > oldest)).toEqual([]);
	const exact = await hands.previewBulk(intentOf('retry', 'name:summarize', 60));
	expect([exact.act.length, exact.found?.end]).toEqual([60, 'all']);
});

test('what came after the dialog was opened is not meant', async () => {
	const before = await hands.previewBulk(intentOf('retry', 'queue:agents'));
	await failed('agents', 'late', 7);
	await database.query(`select absurd.spawn_task('agents', 'late', '{}') from generate_series(1, 5)`);
	const after = await hands.previewBulk(intentOf('retry', 'queue:agents'));
	expect(idsOf(after.act)).toEqual(idsOf(before.act));
	expect((await hands.previewBulk(intentOf('cancel', 'name:late'))).act).toEqual([]);
	const {act} = await hands.previewBulk(intentOf('cancel', 'queue:agents'));
	expect(act).toHaveLength(60);
});

test('a filter that cannot be read says so', async () => {
	await expect(hands.previewBulk(intentOf('retry', 'age=3'))).rejects.toThrow('The filter cannot be read');
});
