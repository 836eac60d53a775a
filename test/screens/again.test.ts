import {expect, test} from 'vitest';
import type {Hands, Preview, SpawnTemplate} from '../../source/monitor/hands.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import type {ActRequest} from '../../source/screens/screen.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {snapshot, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const task = {queue: 'mail', taskId: uuid(1001)};
const like: ActRequest = {kind: 'spawn-form', queue: 'mail', taskName: undefined, like: task};
const template: SpawnTemplate = {
	taskName: 'send-invoice',
	params: '{"order": 90071992547409931}',
	headers: undefined,
	maxAttempts: 7,
	retry: {kind: 'fixed', base: '2.50', factor: undefined, max: '600'},
	cancellation: {maxDelay: undefined, maxDuration: '3600'},
};
const made: Preview = {task: undefined, consequences: ['A new task is due at once.'], refusal: undefined};

function host(rest: Partial<Hands>, edit?: (text: string) => Promise<string>) {
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
		...(edit === undefined ? {} : {edit}),
	});
	const text = () => plainText(popups.draw(drawContext(100, 30)));
	async function press(...names: readonly string[]) {
		for (const name of names) popups.press({name, text: [...name].length === 1 ? name : '', alone: true});
		await new Promise<void>(resolve => setImmediate(resolve));
	}
	return {
		hands,
		popups,
		press,
		text,
		/** From any field to the button, and presses it. */
		async review() {
			for (let field = 0; field < 15 && !text().includes('▸ [ Review'); field++) await press('tab');
			await press('enter');
		},
	};
}

test('another task like one: everything but its key is filled in, and the summary still asks', async () => {
	const {popups, press, text, hands, review} = host({
		async template(asked) {
			expect(asked).toEqual(task);
			return template;
		},
	});
	popups.open(like);
	await press();
	for (const part of ['send-invoice', '{"order": 90071992547409931}', '7', 'fixed', '2.50', '3600'])
		expect(text()).toContain(part);
	expect(text()).toContain('its idempotency key is left out');
	// The usual number of attempts of that name does not take the place of this task's own.
	await review();
	await hands.answerPreview(made);
	await press('y');
	expect(hands.performed).toEqual([
		{
			kind: 'spawn',
			queue: 'mail',
			taskName: 'send-invoice',
			params: '{"order": 90071992547409931}',
			headers: undefined,
			maxAttempts: 7,
			retryStrategy: '{"kind": "fixed", "base_seconds": 2.50, "max_seconds": 600}',
			cancellation: '{"max_duration": 3600}',
			idempotencyKey: undefined,
		},
	]);
});

test('nothing can be sent before it is filled in, and unlimited attempts have to be chosen again', async () => {
	let answer: (value: SpawnTemplate) => void = () => {};
	const {popups, text, hands, review} = host({template: () => new Promise(resolve => (answer = resolve))});
	popups.open(like);
	await review();
	expect(hands.previewed).toEqual([]);
	answer({...template, maxAttempts: null});
	await review();
	expect(hands.previewed).toEqual([]);
	expect(text()).toContain('or the word unlimited');
});

test('what cannot be read is said, and params have to be given', async () => {
	const {popups, press, text, hands, review} = host({
		template: async () => {
			throw new Error('Its params have more than 100,000 characters.');
		},
	});
	popups.open(like);
	await press();
	expect(text()).toContain('more than 100,000 characters');
	await review();
	expect(hands.previewed).toEqual([]);
});

test('a retry as a new task may be edited first', async () => {
	const {popups, press, text, hands} = host({template: async () => template});
	popups.open({kind: 'dialog', intent: {kind: 'retry', ...task, spawnNew: false, extraAttempts: undefined}});
	await hands.answerPreview(made);
	await press('e');
	expect(text()).not.toContain('Spawn task');
	await press('s');
	await hands.answerPreview(made);
	expect(text()).toContain('e edits it first');
	await press('e');
	expect(text()).toContain('Spawn task');
	expect(text()).toContain('{"order": 90071992547409931}');
	expect(hands.performed).toEqual([]);
});

test('a long or pasted document is folded until somebody types into it', async () => {
	const {popups, press, text} = host({});
	popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
	// It takes the place of the `{}` that nobody has typed.
	popups.paste('{\n  "a": 1,\n  "b": [1, 2]\n}');
	expect(text()).toContain('{…} 2 members, 27 B on 4 lines');
	await press('right');
	expect(text()).not.toContain('{…}');
	expect(text()).toContain('"b": [1, 2]');
});

test('Ctrl-E hands a JSON field to the editor and takes back what was saved', async () => {
	const handed: string[] = [];
	const {popups, press, text} = host({}, async given => {
		handed.push(given);
		return '{"big": 12345678901234567890}';
	});
	popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
	await press('ctrl+e');
	expect(handed).toEqual(['{}']);
	expect(text()).toContain('{"big": 12345678901234567890}');
	expect(text()).toContain('valid JSON');
});

test('an editor that fails leaves the text as it was', async () => {
	const {popups, press, text} = host({}, () => Promise.reject(new Error('vi ended with exit code 1.')));
	popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
	await press('ctrl+e');
	expect(text()).toContain('vi ended with exit code 1.');
	expect(text()).toContain('{}');
});
