import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, refuses, useEngine} from './support.ts';

describeEngine('events', () => {
	const engine = useEngine();

	/** A claimed run at second 0. */
	async function claimed(): Promise<{queue: string; task: string; run: string}> {
		const queue = await engine.queue();
		await engine.clock(0);
		await engine.spawn(queue);
		const {task, run} = await engine.claim(queue);
		return {queue, task, run};
	}
	const wait = async (
		of: {queue: string; task: string; run: string},
		step: string | null,
		event: string | null,
		timeout?: number,
	) => (await engine.call('await_event', of.queue, of.task, of.run, step, event, timeout ?? null))[0];
	const SUSPEND = {should_suspend: true, payload: null};

	it('suspends a run until the event is emitted', async () => {
		const of = await claimed();
		const before = {task: await engine.row('t', of.queue, of.task), run: await engine.row('r', of.queue, of.run)};
		expect(await wait(of, 'step', 'order')).toEqual(SUSPEND);
		expect(await engine.rows('e', of.queue)).toEqual([
			{event_name: 'order', payload: null, emitted_at: '1970-01-01T00:00:00+00:00'},
		]);
		const row = {task_id: of.task, run_id: of.run, step_name: 'step', event_name: 'order'};
		expect(await engine.rows('w', of.queue)).toEqual([{...row, timeout_at: null, created_at: at(0)}]);
		expect(await engine.row('r', of.queue, of.run)).toEqual({
			...before.run,
			state: 'sleeping',
			claimed_by: null,
			claim_expires_at: null,
			available_at: 'infinity',
			wake_event: 'order',
		});
		expect(await engine.row('t', of.queue, of.task)).toEqual({...before.task, state: 'sleeping'});

		await engine.clock(30);
		await engine.call('emit_event', of.queue, 'order', {id: 7});
		expect(await engine.rows('e', of.queue)).toEqual([{event_name: 'order', payload: {id: 7}, emitted_at: at(30)}]);
		expect(await engine.rows('w', of.queue)).toEqual([]);
		expect(await engine.rows('c', of.queue)).toEqual([
			{
				task_id: of.task,
				checkpoint_name: 'step',
				state: {id: 7},
				status: 'committed',
				owner_run_id: of.run,
				updated_at: at(30),
			},
		]);
		expect(await engine.row('r', of.queue, of.run)).toEqual({
			...before.run,
			state: 'pending',
			claimed_by: null,
			claim_expires_at: null,
			available_at: at(30),
			event_payload: {id: 7},
		});
		expect(await engine.row('t', of.queue, of.task)).toEqual({...before.task, state: 'pending'});
		expect((await engine.claim(of.queue)).row).toMatchObject({attempt: 1, wake_event: null, event_payload: {id: 7}});
		expect(await wait(of, 'step', 'whatever')).toEqual({should_suspend: false, payload: {id: 7}});
		expect(await engine.rows('e', of.queue)).toHaveLength(1);
	});

	it('goes on at once where the event is there already', async () => {
		const of = await claimed();
		await engine.call('emit_event', of.queue, 'order', '[1]');
		await engine.sql(`update absurd."r_${of.queue}" set event_payload = '9', wake_event = 'x'`);
		expect(await wait(of, 'step', 'order')).toEqual({should_suspend: false, payload: [1]});
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({
			state: 'running',
			event_payload: null,
			wake_event: 'x',
		});
		expect(await engine.rows('c', of.queue)).toMatchObject([
			{checkpoint_name: 'step', state: [1], owner_run_id: of.run},
		]);
		expect(await engine.rows('w', of.queue)).toEqual([]);
	});

	it('keeps the first payload for ever; none is JSON null, not SQL NULL', async () => {
		const of = await claimed();
		await wait(of, 'step', 'order');
		await engine.clock(5);
		await engine.call('emit_event', of.queue, 'order');
		await engine.clock(9);
		await engine.call('emit_event', of.queue, 'order', '2');
		const [stored] = await engine.sql(
			`select e.payload::text, r.event_payload::text, c.state::text, extract(epoch from e.emitted_at - $1)::int as late
			from absurd."e_${of.queue}" e, absurd."r_${of.queue}" r, absurd."c_${of.queue}" c`,
			at(0),
		);
		expect(stored).toEqual({payload: 'null', event_payload: 'null', state: 'null', late: 5});
		await engine.claim(of.queue);
		expect(
			await engine.sql(
				'select should_suspend, payload::text from absurd.await_event($1, $2, $3, $4, $5)',
				of.queue,
				of.task,
				of.run,
				'step',
				'order',
			),
		).toEqual([{should_suspend: false, payload: 'null'}]);
	});

	it('says once that a wait has timed out', async () => {
		const of = await claimed();
		expect(await wait(of, 'step', 'order', 10)).toEqual(SUSPEND);
		expect(await engine.rows('w', of.queue)).toMatchObject([{timeout_at: at(10)}]);
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({available_at: at(10)});
		await engine.clock(9.999);
		expect(await engine.call('claim_task', of.queue, 'w')).toEqual([]);
		await engine.clock(10);
		expect((await engine.claim(of.queue)).row).toMatchObject({wake_event: 'order', event_payload: null});
		expect(await engine.rows('w', of.queue)).toEqual([]);
		expect(await wait(of, 'other step', 'order', 10)).toEqual({should_suspend: false, payload: null});
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({wake_event: null, state: 'running'});
		expect(await engine.rows('c', of.queue)).toEqual([]);
		expect(await wait(of, 'step', 'order', 10)).toEqual(SUSPEND);
		await engine.clock(20);
		await engine.claim(of.queue);
		expect(await wait(of, 'step', 'another event', 0)).toEqual(SUSPEND);
		expect(await engine.rows('w', of.queue)).toMatchObject([{event_name: 'another event', timeout_at: at(20)}]);
		expect((await engine.claim(of.queue)).row).toMatchObject({wake_event: 'another event'});
	});

	it('prefers an event that came to a wait that has timed out', async () => {
		const of = await claimed();
		await wait(of, 'step', 'order', 10);
		await engine.clock(10);
		await engine.call('emit_event', of.queue, 'order', '1');
		expect(await engine.rows('w', of.queue)).toEqual([]);
		expect(await engine.row('r', of.queue, of.run)).toMatchObject({state: 'sleeping', wake_event: 'order'});
		await engine.claim(of.queue);
		expect(await wait(of, 'step', 'order', 10)).toEqual({should_suspend: false, payload: 1});
	});

	it('wakes all who wait, each with its steps, and only those who sleep', async () => {
		const queue = await engine.queue();
		await engine.clock(0);
		const waiting: {queue: string; task: string; run: string}[] = [];
		for (let index = 0; index < 20; index += 1) {
			await engine.spawn(queue);
			const of = {queue, ...(await engine.claim(queue))};
			await wait(of, `step ${index % 2}`, index < 18 ? 'go' : 'stay');
			waiting.push(of);
		}
		const [first, awake] = waiting;
		if (!first || !awake) throw new Error('Nobody waits.');
		await engine.sql(`insert into absurd."w_${queue}" values ($1, $2, 'second step', 'go')`, first.task, first.run);
		await engine.sql(`update absurd."r_${queue}" set state = 'running' where run_id = $1`, awake.run);
		await engine.call('emit_event', queue, 'go', '1');
		const states = await engine.states(
			'r',
			queue,
			waiting.map(of => of.run),
		);
		expect(states).toEqual(['pending', 'running', ...Array<string>(16).fill('pending'), 'sleeping', 'sleeping']);
		expect((await engine.rows('w', queue)).map(row => row['run_id']).toSorted()).toEqual(
			[awake, ...waiting.slice(18)].map(of => of.run).toSorted(),
		);
		expect(await engine.rows('c', queue)).toHaveLength(18);
		expect((await engine.rows('c', queue, first.task)).map(row => row['checkpoint_name']).toSorted()).toEqual([
			'second step',
			'step 0',
		]);
	});

	it('writes a wait again for the same step', async () => {
		const of = await claimed();
		await wait(of, 'step', 'a', 5);
		await engine.sql(`update absurd."r_${of.queue}" set state = 'running', wake_event = null`);
		await engine.clock(1);
		await wait(of, 'step', 'b');
		expect(await engine.rows('w', of.queue)).toMatchObject([
			{step_name: 'step', event_name: 'b', timeout_at: null, created_at: at(1)},
		]);
	});

	it('survives the deletion of an event that is awaited', async () => {
		const of = await claimed();
		await wait(of, 'step', 'order');
		expect(await engine.value('cleanup_events', of.queue, 0)).toBe(1);
		await engine.call('emit_event', of.queue, 'order', '1');
		expect((await engine.claim(of.queue)).run).toBe(of.run);
	});

	it('answers from a checkpoint of any status, but not from one without a state', async () => {
		const of = await claimed();
		await engine.sql(`insert into absurd."c_${of.queue}" values ($1, 's', '5', 'odd')`, of.task);
		await engine.sql(`insert into absurd."c_${of.queue}" values ($1, 'n', null)`, of.task);
		expect(await wait({...of, run: NOBODY}, 's', 'order')).toEqual({should_suspend: false, payload: 5});
		expect(await engine.rows('e', of.queue)).toEqual([]);
		expect(await wait(of, 'n', 'order')).toEqual(SUSPEND);
	});

	it('refuses blank names and negative timeouts first', async () => {
		const of = await claimed();
		for (const blank of [null, '', '  ']) {
			await refuses(wait({...of, run: NOBODY}, 's', blank, -1), 'P0001', 'event_name must be provided');
			await refuses(engine.call('emit_event', of.queue, blank), 'P0001', 'event_name must be provided');
		}
		await refuses(wait({...of, run: NOBODY}, 's', 'e', -1), 'P0001', 'timeout must be non-negative');
		await refuses(wait(of, null, 'e'), '23502', /step_name/);
	});
});
