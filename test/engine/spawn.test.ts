import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, refuses, useEngine} from './support.ts';

describeEngine('spawn_task', () => {
	const engine = useEngine();

	it('writes a pending task and its first run, due at once', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const options = {
			headers: {trace: 'x'},
			retry_strategy: {kind: 'fixed', base_seconds: 5},
			max_attempts: '3',
			cancellation: {max_delay: 10},
			idempotency_key: 7,
			unknown: true,
		};
		const [answer] = await engine.call('spawn_task', queue, ' job ', '{"n":1}', options);
		expect(answer).toMatchObject({attempt: 1, created: true});
		expect(await engine.row('t', queue, answer?.['task_id'])).toEqual({
			task_id: answer?.['task_id'],
			task_name: ' job ',
			params: {n: 1},
			headers: options.headers,
			retry_strategy: options.retry_strategy,
			max_attempts: 3,
			cancellation: options.cancellation,
			enqueue_at: at(0),
			first_started_at: null,
			state: 'pending',
			attempts: 1,
			last_attempt_run: answer?.['run_id'],
			completed_payload: null,
			cancelled_at: null,
			idempotency_key: '7',
		});
		expect(await engine.rows('r', queue)).toEqual([
			{
				run_id: answer?.['run_id'],
				task_id: answer?.['task_id'],
				attempt: 1,
				state: 'pending',
				claimed_by: null,
				claim_expires_at: null,
				available_at: at(0),
				wake_event: null,
				event_payload: null,
				started_at: null,
				completed_at: null,
				failed_at: null,
				result: null,
				failure_reason: null,
				created_at: at(0),
			},
		]);
	});

	it('takes NULL and odd options for none, NULL params for JSON null, and JSON nulls as they are', async () => {
		const queue = await engine.queue();
		for (const options of [null, 'null', '[]', '"x"', '5'])
			await engine.call('spawn_task', queue, 'job', null, options);
		const rows = await engine.sql(
			`select distinct params::text, max_attempts, headers is null as bare from absurd."t_${queue}"`,
		);
		expect(rows).toEqual([{params: 'null', max_attempts: null, bare: true}]);
		const {task} = await engine.spawn(queue, {
			headers: null,
			cancellation: [1],
			max_attempts: null,
			idempotency_key: null,
		});
		expect(
			await engine.sql(
				`select headers::text, cancellation::text, max_attempts, idempotency_key from absurd."t_${queue}" where task_id = $1`,
				task,
			),
		).toEqual([{headers: 'null', cancellation: '[1]', max_attempts: null, idempotency_key: null}]);
	});

	it('refuses blank names, and bad options before it looks at the key', async () => {
		const queue = await engine.queue();
		await engine.spawn(queue, {idempotency_key: 'k'});
		const spawn = (name: string | null, options: object) => engine.call('spawn_task', queue, name, '{}', options);
		for (const blank of [null, '', '   ']) await refuses(spawn(blank, {}), 'P0001', 'task_name must be provided');
		await engine.call('spawn_task', queue, '\t', '{}');
		const bad = {retry_strategy: null, max_attempts: 0, idempotency_key: 'k'};
		await refuses(spawn('', bad), 'P0001', 'task_name must be provided');
		await refuses(spawn('job', bad), 'AB003', 'retry_strategy must be a JSON object');
		await refuses(spawn('job', {...bad, retry_strategy: {}}), 'P0001', 'max_attempts must be >= 1');
		await refuses(spawn('job', {max_attempts: 1.5}), '22P02', /integer/);
		await refuses(spawn('job', {max_attempts: 'abc'}), '22P02', /integer/);
		await refuses(
			engine.call('spawn_task', 'nowhere', 'job', '{}'),
			'42P01',
			'relation "absurd.t_nowhere" does not exist',
		);
		await refuses(engine.call('spawn_task', null, 'job', '{}'), '22004', /null values cannot be formatted/);
	});

	it.each(['unpartitioned', 'partitioned'] as const)('answers the task that has the key: %s', async mode => {
		const queue = await engine.queue(mode);
		const first = await engine.spawn(queue, {idempotency_key: ''});
		const [again] = await engine.call('spawn_task', queue, 'other', '[2]', {idempotency_key: '', max_attempts: 9});
		expect(again).toEqual({task_id: first.task, run_id: first.run, attempt: 1, created: false});
		expect(await engine.row('t', queue, first.task)).toMatchObject({task_name: 'job', max_attempts: null});
		await engine.claim(queue);
		await engine.call('fail_run', queue, first.run, '{}');
		const retry = await engine.claim(queue);
		await engine.call('complete_run', queue, retry.run, '1');
		const [later] = await engine.call('spawn_task', queue, 'job', '{}', {idempotency_key: ''});
		expect(later).toEqual({task_id: first.task, run_id: retry.run, attempt: 2, created: false});
		await engine.call('cleanup_tasks', queue, 0);
		const fresh = await engine.call('spawn_task', queue, 'job', '{}', {idempotency_key: ''});
		expect(fresh).toMatchObject([{created: true, attempt: 1}]);
		expect(fresh[0]?.['task_id']).not.toBe(first.task);
	});

	it('says what is wrong with a key of a partitioned queue', async () => {
		const queue = await engine.queue('partitioned');
		await engine.sql(`insert into absurd."i_${queue}" values ('gone', $1)`, NOBODY);
		const refused = await refuses(
			engine.spawn(queue, {idempotency_key: 'gone'}),
			'40001',
			`Idempotency key "gone" in queue "${queue}" was concurrently cleaned up`,
		);
		expect(refused.hint).toBe('Retry spawn_task with the same idempotency key.');
		const {task} = await engine.spawn(queue, {idempotency_key: 'odd'});
		await engine.sql(`update absurd."t_${queue}" set last_attempt_run = null`);
		await refuses(
			engine.spawn(queue, {idempotency_key: 'odd'}),
			'P0001',
			`Idempotency key "odd" in queue "${queue}" resolved to task "${task}" without a run`,
		);
	});
});

describeEngine('retry_delay_seconds', () => {
	const engine = useEngine();
	const delay = (strategy: string | null, attempt: number | null = 1) =>
		engine.value('retry_delay_seconds', strategy, attempt);

	it.each<[string | null, number | null, number]>([
		[null, 1, 0],
		['{}', 1, 0],
		['{"kind":null,"base_seconds":"x"}', 1, 0],
		['{"kind":"none","base_seconds":-1}', 9, 0],
		['{"kind":"fixed"}', 7, 60],
		['{"kind":"fixed","base_seconds":null}', 7, 60],
		['{"kind":"fixed","base_seconds":"1.5","factor":"x","max_seconds":-1}', 7, 1.5],
		['{"kind":"fixed","base_seconds":86400}', 1, 86400],
		['{"kind":"exponential"}', 1, 30],
		['{"kind":"exponential"}', 4, 240],
		['{"kind":"exponential"}', null, 30],
		['{"kind":"exponential"}', -3, 30],
		['{"kind":"exponential"}', 2147483647, 86400],
		['{"kind":"exponential","base_seconds":2,"factor":3}', 3, 18],
		['{"kind":"exponential","base_seconds":50,"max_seconds":20}', 1, 20],
		['{"kind":"exponential","base_seconds":50,"max_seconds":0}', 5, 0],
		['{"kind":"exponential","base_seconds":0}', 5, 0],
		['{"kind":"exponential","base_seconds":7,"factor":0}', 1, 7],
		['{"kind":"exponential","base_seconds":7,"factor":0}', 2, 0],
		['{"kind":"exponential","base_seconds":8,"factor":0.5}', 4, 1],
		['{"kind":"exponential","base_seconds":8,"factor":0.5}', 2147483647, 0],
		['{"kind":"exponential","base_seconds":1e-310,"factor":1e300}', 3, 86400],
		['{"kind":"exponential","base_seconds":1e-310,"factor":1e105}', 4, 86400],
		['{"kind":"exponential","base_seconds":1e-310,"factor":0.1}', 3, 0],
		['{"kind":"exponential","base_seconds":1e-310}', 2, 0],
		['{"kind":"exponential","base_seconds":1,"factor":1e308}', 100, 86400],
	])('%s, attempt %s: %s', async (strategy, attempt, expected) => {
		expect(await delay(strategy, attempt)).toBe(expected);
	});

	const base = 'retry_strategy.base_seconds must be between 0 and 86400';
	const factor = 'retry_strategy.factor must be a finite non-negative number';
	const max = 'retry_strategy.max_seconds must be between 0 and 86400';
	const number = 'retry_strategy contains an invalid number';
	it.each([
		['null', 'retry_strategy must be a JSON object'],
		['[]', 'retry_strategy must be a JSON object'],
		['{"kind":"Fixed"}', 'Unsupported retry strategy kind "Fixed"'],
		['{"kind":""}', 'Unsupported retry strategy kind ""'],
		['{"kind":5}', 'Unsupported retry strategy kind "5"'],
		['{"kind":"fixed","base_seconds":-0.1}', base],
		['{"kind":"fixed","base_seconds":86401}', base],
		['{"kind":"fixed","base_seconds":"NaN"}', base],
		['{"kind":"exponential","base_seconds":"Infinity","factor":-1}', base],
		['{"kind":"exponential","factor":-1,"max_seconds":-1}', factor],
		['{"kind":"exponential","factor":"NaN"}', factor],
		['{"kind":"exponential","factor":"Infinity"}', factor],
		['{"kind":"exponential","max_seconds":-1,"base_seconds":0}', max],
		['{"kind":"exponential","max_seconds":"NaN"}', max],
		['{"kind":"exponential","max_seconds":1e6}', max],
		['{"kind":"fixed","base_seconds":"soon"}', number],
		['{"kind":"fixed","base_seconds":true}', number],
		['{"kind":"fixed","base_seconds":{}}', number],
		['{"kind":"fixed","base_seconds":1e400}', number],
		['{"kind":"exponential","factor":"x"}', number],
	])('refuses %s: %s', async (strategy, message) => {
		await refuses(delay(strategy), 'AB003', message);
	});
});
