import {describe, expect, test} from 'vitest';
import type {Hands, Preview} from '../../source/monitor/hands.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import type {ActRequest} from '../../source/screens/screen.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const yes: Preview = {task: undefined, consequences: ['A task is made.'], refusal: undefined};

function form(request: ActRequest, rest: Partial<Hands> = {}) {
	const hands = recordedHands(rest);
	const popups = createPopupHost({
		hands: () => hands,
		snapshot: () => snapshot,
		label: undefined,
		say: () => {},
		open: () => {},
		begin: () => {},
		end: () => {},
		unmark: () => {},
		bulkCap: 1000,
		refresh: () => {},
		copy: () => {},
	});
	popups.open(request);
	const press = (name: string, alone = true) => popups.press({name, text: [...name].length === 1 ? name : '', alone});
	const answered = () => new Promise<void>(resolve => setImmediate(resolve));
	return {
		hands,
		popups,
		press,
		answered,
		keys: (...names: readonly string[]) => {
			for (const name of names) press(name);
		},
		typing: (text: string) => {
			for (const character of text) press(character);
		},
		/** From any field to the button. */
		toButton: () => {
			for (let index = 0; index < 20 && !/▸ \[/.test(plainText(popups.draw(drawContext(80, 24)))); index++)
				press('down');
		},
		text: (width = 80, height = 24) => plainText(popups.draw(drawContext(width, height))),
	};
}

const spawn: ActRequest = {kind: 'spawn-form', queue: 'mail', taskName: undefined};
const emit: ActRequest = {kind: 'emit-form', queue: 'mail', eventName: undefined};

describe('typing', () => {
	test('every printable key goes into the field, the ones that mean something elsewhere too', () => {
		const {typing, text, popups, hands} = form(spawn);
		const all = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index)).join('');
		typing(all.slice(0, 50));
		expect(popups.scope).toBe('form');
		expect(text()).toContain(all.slice(1, 50));
		const second = form(spawn);
		second.typing(all.slice(50));
		expect(second.text()).toContain(all.slice(50));
		expect(hands.performed).toEqual([]);
		expect(hands.previewed).toEqual([]);
	});

	test('editing: words, ends, deleting', () => {
		const {typing, keys, text} = form(spawn);
		typing('alpha beta gamma');
		keys('ctrl+w', 'home', 'ctrl+right', 'delete', 'end', 'backspace');
		typing('!');
		expect(text()).toMatch(/task name +alphabeta!/);
		keys('left', 'ctrl+u');
		expect(text()).toMatch(/task name +!/);
	});

	test('wide characters and emoji are one step of the caret each', () => {
		const {typing, keys, text} = form(spawn);
		typing('宽x');
		keys('left', 'left', 'delete');
		expect(text()).toMatch(/task name +x/);
		const family = form(spawn);
		family.popups.paste('a👩‍👩‍👧b');
		family.keys('left', 'backspace');
		family.keys('tab', 'tab');
		expect(family.text()).toMatch(/task name +ab /);
	});

	test('a paste goes into the field: as it is into JSON, on one line into a name', () => {
		const {popups, keys, text} = form(spawn);
		popups.paste(' send\n-it \r\n');
		expect(text()).toMatch(/task name +send -it/);
		keys('tab', 'ctrl+u');
		popups.paste('{"a":\n [1]}');
		expect(text()).toContain('{"a":↵ [1]}');
		expect(text()).toContain('valid JSON');
	});
});

test('a paste that is too long is cut and says so', () => {
	const {popups, keys, text} = form(spawn);
	keys('down', 'ctrl+u');
	popups.paste(`"${'x'.repeat(200_000)}"`);
	expect(text()).toContain('Only 100,000 characters fit');
});

describe('fields', () => {
	test('the queue is chosen with arrows or its first letter, and suggestions follow', async () => {
		const asked: string[] = [];
		const {keys, text, answered} = form(spawn, {
			suggest: async queue => {
				asked.push(queue);
				return {taskNames: [`${queue}-task`], eventNames: []};
			},
		});
		await answered();
		keys('up');
		expect(text()).toContain('‹ mail ›');
		keys('right');
		expect(text()).toContain('‹ search ›');
		keys('a');
		expect(text()).toContain('‹ agents ›');
		await answered();
		expect(asked).toEqual(['mail', 'search', 'agents']);
		keys('tab', 'a');
		expect(text()).toContain('agents-task');
	});

	test('Tab completes a name once, then goes on; a name not seen lately is remarked', async () => {
		const {typing, keys, text, answered} = form(spawn);
		await answered();
		typing('send-n');
		keys('tab');
		expect(text()).toMatch(/▸ task name +send-newsletter/);
		keys('tab');
		expect(text()).toMatch(/▸ params/);
		keys('shift+tab', 'ctrl+u');
		typing('nobody');
		expect(text()).toContain('no worker has run this here lately');
	});

	test('max attempts: 5, or what the task usually has, unless somebody typed; unlimited warns without back-off', async () => {
		const {typing, keys, text, answered} = form(spawn);
		await answered();
		expect(text()).toMatch(/max attempts +5/);
		typing('summarize');
		keys('tab');
		await answered();
		expect(text()).toMatch(/max attempts +7/);
		keys('tab', 'tab', 'ctrl+u');
		expect(text()).toContain('or the word unlimited');
		typing('u');
		keys('tab');
		expect(text()).toMatch(/max attempts +unlimited/);
		expect(text()).toContain('without back-off');
		keys('down', 'f', 'up');
		expect(text()).not.toContain('without back-off a task');
	});

	test('what usually is unlimited is not filled in', async () => {
		const {typing, keys, text, answered} = form(spawn, {usualMaxAttempts: async () => null});
		typing('summarize');
		keys('down');
		await answered();
		expect(text()).toMatch(/max attempts +5/);
	});

	test('base, factor and cap only stand there where they mean something', () => {
		const {keys, text} = form(spawn);
		expect(text()).not.toContain('factor');
		keys('down', 'down', 'down', 'down', 'e');
		expect(text()).toMatch(/retry after +‹ exponential ›/);
		expect(text()).toContain('factor');
		keys('left');
		expect(text()).toContain('base, s');
		expect(text()).not.toContain('factor');
	});

	test('the place of an error in JSON is told while it is typed', () => {
		const {keys, typing, text} = form(spawn);
		keys('tab', 'ctrl+u');
		typing('{"a": 1,');
		expect(text()).toContain('a key in double quotes expected at character 9, after {"a": 1,');
		typing('"b":2}');
		expect(text()).toContain('valid JSON');
	});
});

describe('the button', () => {
	test('opens the summary with exactly what was typed; y there spawns it', async () => {
		const {hands, typing, keys, toButton, press, text, popups, answered} = form(spawn);
		await answered();
		typing('send-invoice');
		keys('down', 'ctrl+u');
		typing('{"id": 90071992547409931.10}');
		keys('down', 'down', 'down', 'e', 'down');
		typing('30');
		await answered();
		toButton();
		press('enter');
		expect(popups.scope).toBe('dialog');
		const intent = {
			kind: 'spawn',
			queue: 'mail',
			taskName: 'send-invoice',
			params: '{"id": 90071992547409931.10}',
			headers: undefined,
			maxAttempts: 7,
			retryStrategy: '{"kind": "exponential", "base_seconds": 30}',
			cancellation: undefined,
			idempotencyKey: undefined,
		};
		expect(hands.previewed).toEqual([intent]);
		press('enter');
		await hands.answerPreview(yes);
		expect(text()).toContain('90071992547409931.10');
		press('enter');
		expect(hands.performed).toEqual([]);
		press('y');
		expect(hands.performed).toEqual([intent]);
	});

	test('does not open while something is wrong, and goes there', () => {
		const {hands, toButton, press, text} = form(spawn);
		toButton();
		expect(text()).toContain('task name: needed');
		press('enter');
		expect(text()).toMatch(/▸ task name/);
		expect(hands.previewed).toEqual([]);
	});

	test('Enter in a chunk with other keys does not open it', () => {
		const {typing, toButton, press, popups, text} = form(emit);
		typing('order.paid:42');
		toButton();
		press('enter', false);
		expect(popups.scope).toBe('form');
		expect(text()).toContain('press Enter alone');
		press('enter');
		expect(popups.scope).toBe('dialog');
	});

	test('Esc in the summary comes back to the form with all that was typed, so does a refusal of the database', async () => {
		const {hands, typing, toButton, press, popups, text} = form(emit);
		typing('order.paid:42');
		toButton();
		press('enter');
		press('escape');
		expect(popups.scope).toBe('form');
		expect(text()).toContain('order.paid:42');
		press('enter');
		await hands.answerPreview({...yes, consequences: ['The answer to the summary that was closed.']});
		expect(text()).toContain('Asking the database');
		press('y');
		expect(hands.performed).toEqual([]);
		await hands.answerPreview(yes);
		press('y');
		await hands.answerPerform({kind: 'failed', sentence: 'Queue does not exist.', sqlstate: '42P01'});
		press('escape');
		expect(text()).toContain('order.paid:42');
	});

	test('an emit asks for a payload that is JSON and sends null as null', async () => {
		const {hands, typing, keys, press, toButton, answered} = form(emit);
		await answered();
		typing('order');
		keys('tab');
		toButton();
		press('enter');
		expect(hands.previewed).toEqual([{kind: 'emit', queue: 'mail', eventName: 'order.paid:42', payload: 'null'}]);
	});
});

describe('leaving', () => {
	test('Esc closes an untouched form at once, a filled one after a second Esc', () => {
		const untouched = form(spawn);
		untouched.press('escape');
		expect(untouched.popups.scope).toBeUndefined();
		const {typing, press, popups, text} = form(spawn);
		typing('x');
		press('escape');
		expect(text()).toContain('Esc again throws away');
		press('y');
		press('escape');
		expect(popups.scope).toBe('form');
		press('escape');
		expect(popups.scope).toBeUndefined();
	});
});

test('in the smallest window the field with the keys is always in sight', () => {
	const {keys, text, popups} = form(spawn);
	for (let index = 0; index < 12; index++) {
		expect(text(60, 11)).toMatch(/▸ /);
		expect(popups.draw(drawContext(60, 11)).length).toBeLessThanOrEqual(11);
		keys('down');
	}
});
