import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import type {Hands, Preview, SpawnTemplate} from '../../source/monitor/hands.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import type {ActRequest} from '../../source/screens/screen.ts';
import {measure} from '../../source/terminal/fit.ts';
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

describe('a long document', () => {
	const pasted = '{\r  "a": 1,\r  "b": [1, 2]\r}';
	/** The lines of the box without its borders. */
	const lines = (text: string) => text.split('\n').map(line => line.replace(/^│ ?/, '').replace(/ *│$/, ''));

	test('is folded when it is pasted, unfolds and folds by Ctrl-O, and Tab leaves it', async () => {
		const {popups, press, text} = host({});
		popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
		// It takes the place of the `{}` that nobody has typed.
		popups.paste(pasted);
		expect(text()).toContain('{…} 2 members, 27 B on 4 lines: a, b');
		expect(text()).toContain('Ctrl-O unfolds it');
		expect(text()).not.toContain('"b"');
		await press('ctrl+o');
		expect(lines(text()).slice(3, 8)).toEqual([
			'▸ params          2 members, 27 B on 4 lines',
			'    {',
			'      "a": 1,',
			'      "b": [1, 2]',
			'    }',
		]);
		expect(text()).toContain('Ctrl-O folds it');
		await press('ctrl+o');
		expect(text()).not.toContain('"b"');
		await press('right');
		expect(text()).toContain('"b": [1, 2]');
		await press('tab');
		expect(text()).toContain('▸ headers');
		expect(text()).toContain('  params          {…} 2 members');
	});

	test('is edited where the caret stands, which goes from line to line and out of it at the ends', async () => {
		const {popups, press, text, hands} = host({});
		popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
		popups.paste(pasted);
		await press('ctrl+o', 'down', 'down', ...Array.from({length: 8}, () => 'right'), '9');
		expect(text()).toContain('"b": [91, 2]');
		await press('down', 'down');
		expect(text()).toContain('▸ headers');
		await press('up', 'up', 'up', 'up', 'up');
		expect(text()).toContain('▸ task name');
		for (let index = 0; index < 20 && !text().includes('▸ ['); index++) await press('tab');
		await press('enter');
		expect(hands.previewed).toMatchObject([{params: '{\n  "a": 1,\n  "b": [91, 2]\n}'}]);
		// The summary has it without its line breaks, which say nothing in two lines.
		expect(text()).toContain('params     { "a": 1, "b": [91, 2] }');
	});

	test('that is no JSON says where, and unfolds there', async () => {
		const {popups, press, text} = host({});
		popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
		const many = Array.from({length: 60}, (_, index) => `  "key-${index}": ${index === 40 ? 'oops' : index}`);
		popups.paste(`{\n${many.join(',\n')}\n}`);
		expect(text()).toContain('on 62 lines, no valid JSON');
		expect(text()).toContain('a value expected at line 42, character 13, after');
		expect(text()).toContain('Ctrl-O goes there');
		await press('ctrl+o');
		expect(text()).toContain('"key-40": oops');
		expect(text()).not.toContain('"key-0"');
		await press('4', '0', 'delete', 'delete', 'delete', 'delete');
		expect(text()).toContain('"key-40": 40,');
		expect(text()).toContain('valid JSON · Ctrl-O folds it');
	});

	test('names its first keys, harmless, and never makes the box larger than its window', async () => {
		const {popups, press} = host({});
		popups.open({kind: 'spawn-form', queue: 'mail', taskName: 'send'});
		const odd = Array.from({length: 30}, (_, index) => `"\u202e漢字${index}\u009b2J": "${'語'.repeat(40)}"`);
		popups.paste(`{${odd.join(', ')}}`);
		for (const fold of [false, true]) {
			if (fold) await press('ctrl+o');
			for (const [width, height] of [
				[60, 15],
				[80, 24],
				[200, 50],
			] as const) {
				const drawn = popups.draw(drawContext(width, height));
				expect(drawn.length).toBeLessThanOrEqual(height);
				const widths = new Set(drawn.map(line => measure(stripVTControlCharacters(line))));
				expect([...widths]).toEqual([Math.min(90, width)]);
				for (const hostile of ['\u009b2J', '\u202e']) expect(drawn.join('')).not.toContain(hostile);
				expect(plainText(drawn)).toContain('30 members');
				if (fold) expect(plainText(drawn)).toContain('語語');
			}
		}
	});
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
