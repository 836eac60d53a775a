import {expect, it} from 'vitest';
import {at, describeEngine, NOBODY, refuses, useEngine} from './support.ts';

const CANCELLED = 'Task has been cancelled';

/** What a call says about a run in each state: SQLSTATE and message. */
const REFUSALS: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
	complete_run: {
		missing: ['P0001', 'Run "R" not found in queue "Q"'],
		pending: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		sleeping: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		completed: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		failed: ['AB002', 'Run "R" has already failed in queue "Q"'],
		cancelled: ['AB001', CANCELLED],
		'failed, then cancelled': ['AB002', 'Run "R" has already failed in queue "Q"'],
	},
	fail_run: {
		missing: ['P0001', 'Run "R" cannot be failed in queue "Q"'],
		pending: ['P0001', 'Run "R" cannot be failed in queue "Q"'],
		completed: ['P0001', 'Run "R" cannot be failed in queue "Q"'],
		failed: ['AB002', 'Run "R" has already failed in queue "Q"'],
		cancelled: ['AB001', CANCELLED],
		'failed, then cancelled': ['AB002', 'Run "R" has already failed in queue "Q"'],
	},
	schedule_run: {
		missing: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		pending: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		failed: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		cancelled: ['P0001', 'Run "R" is not currently running in queue "Q"'],
	},
	extend_claim: {
		missing: ['P0001', 'Run "R" not found in queue "Q"'],
		pending: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		sleeping: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		completed: ['P0001', 'Run "R" is not currently running in queue "Q"'],
		failed: ['AB002', 'Run "R" has already failed in queue "Q"'],
		cancelled: ['AB001', CANCELLED],
		'failed, then cancelled': ['AB001', CANCELLED],
	},
	set_task_checkpoint_state: {
		missing: ['P0001', 'Run "R" not found for checkpoint'],
		failed: ['AB002', 'Run "R" has already failed in queue "Q"'],
		cancelled: ['AB001', CANCELLED],
		'failed, then cancelled': ['AB001', CANCELLED],
	},
	await_event: {
		missing: ['P0001', 'Run "R" not found while awaiting event'],
		pending: ['P0001', 'Run "R" must be running to await events'],
		sleeping: ['P0001', 'Run "R" must be running to await events'],
		completed: ['P0001', 'Run "R" must be running to await events'],
		failed: ['P0001', 'Run "R" must be running to await events'],
		cancelled: ['AB001', CANCELLED],
		'failed, then cancelled': ['AB001', CANCELLED],
	},
};

describeEngine('what a run in another state is refused with', () => {
	const engine = useEngine();
	const cases = Object.entries(REFUSALS).flatMap(([name, states]) =>
		Object.entries(states).map(([state, [code, message]]) => [name, state, code, message] as const),
	);

	/** A run of a new queue, brought into a state by the calls that lead there. */
	async function bring(state: string): Promise<{queue: string; task: string; run: string}> {
		const queue = await engine.queue();
		if (state === 'missing') return {queue, task: NOBODY, run: NOBODY};
		const {task, run} = await engine.spawn(queue);
		if (state === 'pending') return {queue, task, run};
		await engine.claim(queue);
		if (state === 'sleeping') await engine.call('schedule_run', queue, run, 'infinity');
		else if (state === 'completed') await engine.call('complete_run', queue, run, '1');
		else if (state.startsWith('failed')) await engine.call('fail_run', queue, run, '{}');
		if (state.endsWith('cancelled')) await engine.call('cancel_task', queue, task);
		return {queue, task, run};
	}

	it.each(cases)('%s, %s: %s', async (name, state, code, message) => {
		const {queue, task, run} = await bring(state);
		const rest: Readonly<Record<string, unknown[]>> = {
			complete_run: [run, '1'],
			fail_run: [run, '{}'],
			schedule_run: [run, at(0)],
			extend_claim: [run, 5],
			set_task_checkpoint_state: [task, 'step', '1', run],
			await_event: [task, run, 'step', 'event', null],
		};
		const text = message.replace('"R"', `"${run}"`).replace('"Q"', `"${queue}"`);
		await refuses(engine.call(name, queue, ...(rest[name] ?? [])), code, text);
		expect(await engine.rows('e', queue)).toEqual([]);
		expect(await engine.rows('c', queue)).toEqual([]);
	});

	it.each([
		['complete_run', [NOBODY], 'r'],
		['fail_run', [NOBODY, '{}'], 'r'],
		['schedule_run', [NOBODY, at(0)], 'r'],
		['extend_claim', [NOBODY, 5], 'r'],
		['cancel_task', [NOBODY], 'r'],
		['set_task_checkpoint_state', [NOBODY, 's', '1', NOBODY], 'r'],
		['get_task_checkpoint_states', [NOBODY, NOBODY], 'r'],
		['get_task_checkpoint_state', [NOBODY, 's'], 'c'],
		['await_event', [NOBODY, NOBODY, 's', 'e'], 'c'],
		['emit_event', ['e'], 'e'],
		['cleanup_events', [0], 'e'],
		['cleanup_tasks', [0], 't'],
		['retry_task', [NOBODY], 't'],
		['get_task_result', [NOBODY], 't'],
	] as const)('%s on an unknown queue names the table it missed', async (name, rest, prefix) => {
		await refuses(engine.call(name, 'nowhere', ...rest), '42P01', `relation "absurd.${prefix}_nowhere" does not exist`);
		if (name !== 'get_task_result') {
			await refuses(engine.call(name, null, ...rest), '22004', 'null values cannot be formatted as an SQL identifier');
		}
	});
});
