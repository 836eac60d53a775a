import {describe, expect, test} from 'vitest';
import type {Hands, Outcome, Preview, RetryIntent} from '../../source/monitor/hands.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import type {ActRequest, ScreenRequest} from '../../source/screens/screen.ts';
import {measure} from '../../source/terminal/fit.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {snapshot, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const taskId = uuid(1001);
const intent: RetryIntent = {kind: 'retry', queue: 'mail', taskId, spawnNew: false, extraAttempts: undefined};
const retry: ActRequest = {kind: 'dialog', intent};

const preview: Preview = {
	task: {queue: 'mail', taskId, name: 'send-invoice', state: 'failed', attempts: 5, maxAttempts: 5, ageMs: 312_000},
	consequences: ['A new run (attempt 6) is made at once.', 'Its 3 checkpoints are kept.'],
	refusal: undefined,
};

const done: Outcome = {
	kind: 'done',
	sentence: 'Retried: attempt 6 is pending.',
	task: {queue: 'mail', taskId, runId: uuid(5)},
};

function host(options: {readonly hands?: Partial<Hands>; readonly without?: boolean} = {}) {
	const hands = recordedHands(options.hands);
	const said: string[] = [];
	const opened: ScreenRequest[] = [];
	let refreshes = 0;
	const popups = createPopupHost({
		hands: () => (options.without ? undefined : hands),
		snapshot: () => snapshot,
		label: 'prod-eu',
		say: text => said.push(text),
		open: request => opened.push(request),
		begin: () => {},
		end: () => {},
		unmark: () => {},
		bulkCap: 1000,
		refresh: () => {
			refreshes++;
		},
		copy: () => {},
	});
	return {
		popups,
		hands,
		said,
		opened,
		refreshes: () => refreshes,
		press: (name: string, alone = true) => popups.press({name, text: name.length === 1 ? name : '', alone}),
		text: (width = 80, height = 20) => plainText(popups.draw(drawContext(width, height))),
	};
}

/** A dialog whose preview has arrived. */
async function asking(options?: Parameters<typeof host>[0]) {
	const made = host(options);
	made.popups.open(retry);
	await made.hands.answerPreview(preview);
	return made;
}

describe('what it names', () => {
	test('database, label, task, queue, full id, state, age, and what will happen', async () => {
		const {text} = await asking();
		for (const part of [
			'prod-eu',
			'jobs on db1:5432 as absurd',
			'send-invoice in queue mail',
			taskId,
			'✗ failed, attempt 5 of 5, 5m12s old',
			...preview.consequences,
		]) {
			expect(text()).toContain(part);
		}

		expect(text()).toContain('y retry it');
	});

	test('in the smallest window id, state and keys are still there', async () => {
		const {text, popups} = await asking();
		for (const part of [taskId, 'prod-eu', '✗ failed', 'y retry it', 'n Esc']) {
			expect(text(60, 11)).toContain(part);
		}

		expect(popups.draw(drawContext(60, 11)).length).toBeLessThanOrEqual(11);
	});

	test('it stays on its ids whatever else is asked for, until it is closed', async () => {
		const {hands, popups, text, press} = await asking();
		press('y');
		popups.open({kind: 'dialog', intent: {...intent, taskId: uuid(7)}});
		expect(text()).toContain(taskId);
		expect(hands.performed).toEqual([intent]);
	});
});

describe('a reason', () => {
	test('may be given with r: every key is text, none confirms, Enter keeps it, and y sends it along', async () => {
		const {hands, press, popups, text} = await asking();
		press('r');
		expect(popups.scope).toBe('prompt');
		for (const key of 'why not, yes') press(key);
		popups.paste('\ny: ticket\n4711');
		expect(text()).toContain('reason     why not, yes y: ticket 4711▏');
		press('enter');
		expect(popups.scope).toBe('dialog');
		expect(hands.performed).toEqual([]);
		press('y');
		expect(hands.performed).toEqual([intent]);
		expect(hands.reasons).toEqual(['why not, yes y: ticket 4711']);
	});

	test('is cleared by Esc, which leaves the dialog open; nobody has to give one', async () => {
		const {hands, press, text} = await asking();
		press('r');
		press('x');
		press('escape');
		expect(text()).not.toContain('reason     ');
		press('y');
		expect(hands.reasons).toEqual([undefined]);
	});

	test('a name with line breaks makes no line of its own, which could pass for one of ours', async () => {
		const {popups, hands, text} = host();
		popups.open(retry);
		const name = 'send\n\n y does nothing\r\nid  4711';
		const sentence = 'It waits for paid\u2028 n Esc nothing';
		const {task} = preview;
		await hands.answerPreview({...preview, task: task && {...task, name}, consequences: [sentence]});
		for (const [width, height] of [
			[80, 20],
			[60, 11],
		] as const) {
			expect(text(width, height)).toContain('send↵↵ y does nothing↵id  4711');
			expect(text(width, height)).toContain('paid↵ n Esc nothing');
			const begins = text(width, height).split('\n');
			expect(begins.filter(line => /^│ *(?:y does|id +4711|n Esc)/.test(line))).toEqual([]);
		}
	});

	test('cannot break the box, however long or hostile', async () => {
		const {press, popups, text} = await asking();
		press('r');
		popups.paste(`\u001b[31m\u202e${'漢字 and more '.repeat(60)}`);
		for (const line of popups.draw(drawContext(60, 11))) expect(measure(line)).toBe(60);
		expect(text()).not.toMatch(/[\u001b\u202e]/);
	});
});

describe('what confirms', () => {
	test('only y: Enter and every other key do nothing', async () => {
		const {hands, press, popups, text} = await asking();
		for (const key of ['enter', 'Y', 'R', 'C', 'E', 'N', ' ', 'tab', 'down', 'q', 'x', '1', 'ctrl+m', 'meta+y']) {
			press(key);
		}

		popups.paste('y');
		expect(hands.performed).toEqual([]);
		expect(text()).toContain('y retry it');
		press('y');
		expect(hands.performed).toEqual([intent]);
	});

	test('y in a chunk with other keys does nothing and says so', async () => {
		const {hands, press, text} = await asking();
		press('y', false);
		expect(hands.performed).toEqual([]);
		expect(text()).toContain('press y alone');
	});

	test.each(['n', 'escape'])('%s closes without doing anything', async key => {
		const {hands, press, popups} = await asking();
		press(key);
		expect(popups.scope).toBeUndefined();
		expect(hands.performed).toEqual([]);
		expect(popups.draw(drawContext(80, 20))).toEqual([]);
	});

	test('y before the preview has come does nothing', async () => {
		const {hands, popups, press, text} = host();
		popups.open(retry);
		press('y');
		expect(text()).toContain('Asking the database');
		expect(text()).not.toContain('y retry');
		await hands.answerPreview(preview);
		expect(hands.performed).toEqual([]);
	});

	test('a refusal is shown and there is no y', async () => {
		const {hands, popups, press, text} = host();
		popups.open(retry);
		await hands.answerPreview({...preview, consequences: [], refusal: 'It has completed meanwhile: nothing to retry.'});
		expect(text()).toContain('It has completed meanwhile');
		expect(text()).not.toContain('y retry');
		press('y');
		expect(hands.performed).toEqual([]);
	});

	test('no right: refused without asking the database', async () => {
		const {hands, popups, text} = host({hands: {refusal: () => 'No right to call absurd.retry_task.'}});
		popups.open(retry);
		await new Promise(resolve => setImmediate(resolve));
		expect(text()).toContain('No right to call absurd.retry_task.');
		expect(hands.previewed).toEqual([]);
	});

	test('without hands, and when the preview fails, it only says so', async () => {
		const without = host({without: true});
		without.popups.open(retry);
		await new Promise(resolve => setImmediate(resolve));
		expect(without.text()).toContain('Nothing can be written now');
		const {hands, popups, press, text} = host();
		popups.open(retry);
		await hands.answerPreview(new Error('The connection broke.'));
		expect(text()).toContain('The connection broke.');
		press('y');
		expect(hands.performed).toEqual([]);
	});
});

test('an answer that comes after the dialog was closed belongs to nobody', async () => {
	const {hands, popups, press, text} = host();
	popups.open(retry);
	press('escape');
	await hands.answerPreview(preview);
	expect(popups.scope).toBeUndefined();
	popups.open({kind: 'dialog', intent: {...intent, taskId: uuid(2)}});
	popups.open(retry);
	await hands.answerPreview({...preview, consequences: ['About another task.']});
	expect(text()).toContain('Asking the database');
});

describe('while it is done, and after', () => {
	test('never twice, and Esc does not hide what is under way', async () => {
		const {hands, press, popups, text} = await asking();
		press('y');
		press('y');
		press('escape');
		press('n');
		popups.open(retry);
		press('y');
		expect(text()).toContain('Retrying…');
		expect(hands.performed).toHaveLength(1);
		await hands.answerPerform(done);
		press('y');
		expect(hands.performed).toHaveLength(1);
	});

	test('the outcome is shown and said, the screen is read again, Enter shows the task', async () => {
		const {hands, press, text, said, refreshes, opened, popups} = await asking();
		press('y');
		await hands.answerPerform(done);
		expect(text()).toContain('Retried: attempt 6 is pending.');
		expect(said).toEqual([done.sentence]);
		expect(refreshes()).toBe(1);
		press('enter');
		expect(opened).toEqual([{screen: 'run', run: {queue: 'mail', taskId, runId: uuid(5)}}]);
		expect(popups.scope).toBeUndefined();
	});

	test('a failure keeps its code', async () => {
		const {hands, press, text} = await asking();
		press('y');
		await hands.answerPerform({kind: 'failed', sentence: 'Task is not currently failed.', sqlstate: 'P0001'});
		expect(text()).toContain('Task is not currently failed. (SQLSTATE P0001)');
		press('escape');
	});
});

describe('how a retry is done', () => {
	test('s and + - change it, each change is previewed anew, an answer to an older question is not shown', async () => {
		const {hands, press, text} = await asking();
		press('+');
		press('+');
		expect(hands.previewed.slice(1)).toEqual([
			{...intent, extraAttempts: 2},
			{...intent, extraAttempts: 3},
		]);
		await hands.answerPreview({...preview, consequences: ['An older answer.']});
		expect(text()).toContain('Asking the database');
		press('y');
		expect(hands.performed).toEqual([]);
		await hands.answerPreview(preview);
		press('-');
		press('s');
		expect(hands.previewed[hands.previewed.length - 1]).toEqual({...intent, spawnNew: true});
		expect(text()).toContain('as a new task');
	});

	test('a cancel has nothing to choose', async () => {
		const {hands, popups, press} = host();
		popups.open({kind: 'dialog', intent: {kind: 'cancel', queue: 'mail', taskId}});
		await hands.answerPreview(preview);
		press('s');
		press('+');
		expect(hands.previewed).toHaveLength(1);
	});
});
