import {afterAll, beforeAll, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {writingSessionOn} from '../support/session.ts';

const queue = 'odd "mail"';
let database: TestDatabase;
let absurd: Absurd;
let hands: Hands;

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue(queue);
	hands = createHands(
		() => writingSessionOn(database.url),
		() => undefined,
	);
});
afterAll(async () => {
	await hands.close();
	await database.drop();
});

test('what a task was spawned with, digit by digit', async () => {
	const rows = await database.query<{task_id: string}>(
		`select task_id from absurd.spawn_task($1, 'send', '{"order": 90071992547409931, "at": 0.10}', $2::text::jsonb)`,
		[
			queue,
			`{"headers": {"trace": 12345678901234567890}, "max_attempts": 7,
			  "retry_strategy": {"kind": "exponential", "base_seconds": 2.50, "factor": 3, "max_seconds": 600},
			  "cancellation": {"max_delay": 60, "max_duration": 3600}}`,
		],
	);
	expect(await hands.template({queue, taskId: rows[0]?.task_id ?? ''})).toEqual({
		taskName: 'send',
		params: '{"at": 0.10, "order": 90071992547409931}',
		headers: '{"trace": 12345678901234567890}',
		maxAttempts: 7,
		retry: {kind: 'exponential', base: '2.50', factor: '3', max: '600'},
		cancellation: {maxDelay: '60', maxDuration: '3600'},
	});
});

test('what was left out stays left out', async () => {
	const {taskId} = await absurd.spawn(queue, 'plain', null);
	const template = await hands.template({queue, taskId});
	expect(template).toMatchObject({params: 'null', headers: undefined, cancellation: {maxDelay: undefined}});
});

test('a document that no form takes is told, and so is a task that is not there', async () => {
	const {taskId} = await absurd.spawn(queue, 'large', {text: 'x'.repeat(100_000)});
	await expect(hands.template({queue, taskId})).rejects.toThrow(/too many for a form/);
	// Hardly compressible: it is large on disk as well, and is not read for its length.
	await database.query(
		`update absurd."t_odd ""mail""" set params = (select jsonb_agg(gen_random_uuid()) from generate_series(1, 20000)) where task_id = $1`,
		[taskId],
	);
	await expect(hands.template({queue, taskId})).rejects.toThrow(/too many for a form/);
	await expect(hands.template({queue, taskId: '00000000-0000-7000-8000-000000000000'})).rejects.toThrow(/no task/);
});
