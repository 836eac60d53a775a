import {expect, test} from 'vitest';
import type {BulkIntent, BulkResult, BulkTask} from '../../source/monitor/bulk.ts';
import {drawBulk} from '../../source/screens/action/bulk-draw.ts';
import {type BulkState, openBulk, pressBulk, receiveBulk} from '../../source/screens/action/bulk-model.ts';
import type {Effect} from '../../source/screens/action/messages.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {now, uuid} from '../support/fixture.ts';

const tasks = (count: number) => Array.from({length: count}, (_, index) => ({queue: 'mail', taskId: uuid(index)}));

/** The dialog when the database has counted. */
function counted(intent: BulkIntent, cap = 1000): BulkState {
	const {state} = openBulk(intent, cap);
	const act = state.intent.tasks.map((task): BulkTask => ({...task, name: 'send', state: 'failed', attempts: 5}));
	return receiveBulk(state, {kind: 'counted', intent: state.intent, preview: {at: now, act, skipped: []}});
}

function press(state: BulkState, ...names: readonly string[]): {state: BulkState; effects: readonly Effect[]} {
	let current = state;
	let effects: readonly Effect[] = [];
	for (const name of names) {
		const step = pressBulk(current, {name, text: name.length === 1 ? name : '', alone: true});
		if (step.state === undefined) throw new Error('The dialog has closed.');
		current = step.state;
		effects = step.effects;
	}
	return {state: current, effects};
}

const text = (state: BulkState, width = 80) => plainText(drawBulk(state, drawContext(width, 20), 'prod-eu'));
const retry = (count: number): BulkIntent => ({kind: 'retry', tasks: tasks(count), hidden: 0, newestFirst: true});

test('Tab chooses between going on in place and new tasks, and says what that means', () => {
	const state = counted(retry(3));
	expect(text(state)).toContain('in place: each goes on from its checkpoints, one more attempt');
	expect(text(state)).toContain('Tab as new');
	const other = press(state, 'tab').state;
	expect(text(other)).toContain('as new tasks, from the beginning: no checkpoints and no key; the');
	expect(text(other)).toContain('Tab in place');
	const effect = press(other, 'y').effects[0];
	expect(effect).toMatchObject({kind: 'perform-all', job: {manner: {spawnNew: true, extraAttempts: undefined}}});
	const again = press(other, 'tab', 'y').effects[0];
	expect(again?.kind === 'perform-all' && again.job.manner).toBeUndefined();
	expect(again?.kind).toBe('perform-all');
});

test('a cancel has no such choice', () => {
	const state = counted({kind: 'cancel', tasks: tasks(3), hidden: 0});
	expect(text(state)).not.toContain('Tab');
	expect(press(state, 'tab').state).toEqual(state);
});

test('of more tasks than the cap the newest are taken, and the rest is told', () => {
	const state = counted(retry(1200), 1000);
	expect(state.intent.tasks).toEqual(tasks(1000));
	expect(text(state)).toMatch(/1000 will be retried/);
	expect(text(state).replaceAll(/\s*│\n│\s*/g, ' ')).toContain(
		'These are the newest: 200 more than 1,000, the cap (--bulk-cap), are left. Do it again for the rest.',
	);
	expect(text(counted(retry(1000), 1000))).not.toContain('are left');
});

test('reasons are told whole, with how many share one, where behind an id there is no room', () => {
	const running = press(counted(retry(9)), 'y').state;
	const {job} = running;
	if (job === undefined) throw new Error('Nothing was started.');
	const locked =
		'canceling statement due to lock timeout. Somebody else holds a lock on it just now; try again. (55P03)';
	const results = job.tasks.map((task, index): BulkResult => {
		if (index < 4) return {task, fate: {kind: 'failed', reason: locked, sqlstate: '55P03'}};
		if (index < 6) return {task, fate: {kind: 'skipped', reason: 'pending by now: somebody else was quicker'}};
		return {task, fate: {kind: 'done'}};
	});
	const done = receiveBulk(running, {kind: 'performed-all', job, report: {results, trouble: undefined}, at: 10});
	const shown = text(done).replaceAll(/\s*│\n│\s*/g, ' ');
	expect(shown).toContain(`4 failed: ${locked}`);
	expect(shown).toContain('2 skipped: pending by now: somebody else was quicker');
	expect(drawBulk(done, drawContext(60, 9), undefined).length).toBeLessThanOrEqual(9);
});
