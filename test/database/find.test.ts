import {afterAll, beforeAll, expect, test} from 'vitest';
import {createSource} from '../../source/database/source.ts';
import type {Session} from '../../source/database/statement.ts';
import type {Source} from '../../source/monitor/source.ts';
import {type Absurd, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {sessionOn} from '../support/session.ts';

// Many ids are looked for in many queues in few round trips, and what cannot be searched is told.

const queues = ['first', 'hostile "q"', 'last'];
const nowhere = '01999999-0000-7000-8000-000000000001';

let database: TestDatabase;
let absurd: Absurd;
let source: Source;
let trips = 0;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	for (const queue of queues) await absurd.createQueue(queue);
	const session = await sessionOn(database.url);
	const counting: Session = {
		...session,
		read(...asked) {
			trips++;
			return session.read(...asked);
		},
	};
	source = createSource(counting, {queues: []});
	await source.catalogue(5000);
});
afterAll(async () => {
	await source.close();
	await database.drop();
});

async function spawnIn(queue: string, count: number): Promise<readonly Spawned[]> {
	const spawned = [];
	for (let index = 0; index < count; index++) spawned.push(await absurd.spawn(queue, 'task'));
	return spawned;
}

test('ids of tasks and runs are found in whichever queue', async () => {
	const first = await spawnIn('first', 150);
	const last = await spawnIn('last', 150);
	const hostile = await spawnIn('hostile "q"', 1);
	const ids = [
		...first.map(({taskId}) => taskId),
		...last.map(({runId}) => runId),
		...hostile.map(({taskId}) => taskId),
	];
	trips = 0;
	const found = await source.probe({kind: 'findAll', ids: [...ids, nowhere]}, 10_000);
	expect(found.size).toBe(301);
	expect(found.get(nowhere)).toBeUndefined();
	for (const {taskId, runId} of first) expect(found.get(taskId)).toEqual({queue: 'first', taskId, runId});
	for (const {taskId, runId} of last) expect(found.get(runId)).toEqual({queue: 'last', taskId, runId});
	for (const {taskId, runId} of hostile) expect(found.get(taskId)).toEqual({queue: 'hostile "q"', taskId, runId});
	// 302 looks into the first queue, at most 152 into each of the others: 200 a round trip.
	expect(trips).toBeLessThanOrEqual(4);
});

test('an id that was not found while a queue could not be searched is no answer', async () => {
	const [known] = await spawnIn('first', 1);
	await database.query('alter table absurd.t_last rename to t_gone');
	const ids = [known?.taskId ?? ''];
	expect((await source.probe({kind: 'findAll', ids}, 10_000)).size).toBe(1);
	await expect(source.probe({kind: 'findAll', ids: [...ids, nowhere]}, 10_000)).rejects.toThrow(
		`${nowhere} was not found, but last could not be searched.`,
	);
	await database.query('alter table absurd.t_gone rename to t_last');
});
