import {Text, useInput, usePaste} from 'ink';
import {render} from 'ink-testing-library';
import {describe, expect, it} from 'vitest';
import {createInput, type Input, type Press} from '../../source/keys/input.ts';
import {createTestClock, type TestClock} from '../support/clock.ts';

interface Rig {
	readonly clock: TestClock;
	readonly presses: Press[];
	readonly pastes: string[];
	/** Bytes as one chunk, through Ink's own parser, and what Ink holds back of it. */
	send(bytes: string): Promise<void>;
	names(): string;
	typing: boolean;
	/** Called with every press, to play a prompt that ends. */
	onPress: (press: Press) => void;
}

function Listener({input}: {readonly input: Input}) {
	useInput(input.event);
	usePaste(input.paste);
	return <Text>listening</Text>;
}

function rig(): Rig {
	const clock = createTestClock();
	const presses: Press[] = [];
	const pastes: string[] = [];
	const input = createInput(
		{
			typing: () => self.typing,
			press(press) {
				presses.push(press);
				self.onPress(press);
			},
			paste: text => pastes.push(text),
		},
		clock,
	);
	const {stdin} = render(<Listener input={input} />);
	const self: Rig = {
		clock,
		presses,
		pastes,
		typing: false,
		onPress: () => {},
		async send(bytes) {
			stdin.write(bytes);
			// Ink itself holds an unfinished sequence for 20 ms of real time.
			await new Promise(resolve => setTimeout(resolve, bytes.includes('\u001b') ? 25 : 0));
		},
		names: () => presses.map(press => press.name).join(' '),
	};
	clock.pass(1000);
	return self;
}

describe('input', () => {
	it.each([
		['j', 'j'],
		['G', 'G'],
		['jjj', 'j j j'],
		['jj\r', 'j j enter'],
		['\r', 'enter'],
		['\t', 'tab'],
		['\u001b[Z', 'shift+tab'],
		['\u001b[A', 'up'],
		['\u001b[B\u001b[B', 'down down'],
		['\u001b[5~', 'pageup'],
		['\u001b[1;5C', 'ctrl+right'],
		['\u001b[H', 'home'],
		['\f', 'ctrl+l'],
		['\u0004', 'ctrl+d'],
		['\u001a', 'ctrl+z'],
		['\u0003', 'ctrl+c'],
		['\u007f', 'backspace'],
		[' ', ' '],
		['?', '?'],
		['é', 'é'],
		['漢', '漢'],
		['\u001bj', 'escape j'],
		['\u001b[200~j\u001b[201~', ''],
		['\u001b[I', ''],
		['\u001b[<0;10;10M', ''],
	])('%j is %j', async (bytes, names) => {
		const it_ = rig();
		await it_.send(bytes);
		expect(it_.names()).toBe(names);
	});

	it('says that a key was alone only when nothing came with it or just before it', async () => {
		const it_ = rig();
		await it_.send('R');
		it_.clock.pass(29);
		await it_.send('y');
		it_.clock.pass(30);
		await it_.send('y');
		it_.clock.pass(500);
		await it_.send('Ry');
		it_.clock.pass(500);
		await it_.send('R\u007f');
		it_.clock.pass(500);
		await it_.send('\u001b[AR');
		expect(it_.presses.map(press => [press.name, press.alone])).toEqual([
			['R', true],
			['y', false],
			['y', true],
			['R', false],
			['y', false],
			['R', false],
			['backspace', false],
			['up', false],
			['R', false],
		]);
	});

	it('takes a key after an Escape for alone, however slow the machine is to tell that nothing followed', async () => {
		const it_ = rig();
		await it_.send('\u001b');
		it_.clock.pass(50);
		await it_.send('R');
		expect(it_.presses).toEqual([
			{name: 'escape', text: '', alone: false},
			{name: 'R', text: 'R', alone: true},
		]);
	});

	it('waits 60 ms after a lone Escape', async () => {
		const it_ = rig();
		await it_.send('\u001b');
		expect(it_.names()).toBe('');
		it_.clock.pass(59);
		expect(it_.names()).toBe('');
		it_.clock.pass(1);
		expect(it_.names()).toBe('escape');
		expect(it_.clock.waiting()).toBe(0);
	});

	it.each([
		[['\u001b', '[B'], 'down'],
		[['\u001b', '[', 'C'], 'right'],
		[['\u001b', 'OA'], 'up'],
		[['\u001b[', 'D'], 'left'],
		[['\u001b[1;', '5C'], 'ctrl+right'],
		[['\u001b', '[Bjj'], 'down j j'],
		[['\u001b', '[15~'], ''],
		[['\u001b', 'j'], 'escape j'],
		[['\u001b', '\u001b[B'], 'escape down'],
	])('puts %j together again: %j', async (chunks, names) => {
		for (const typing of [false, true]) {
			const it_ = rig();
			// A sequence torn after its bracket cannot be told from typed text, where text is typed.
			if (typing && chunks[0] !== '\u001b') continue;
			it_.typing = typing;
			for (const chunk of chunks) {
				await it_.send(chunk);
				it_.clock.pass(40);
			}
			it_.clock.pass(100);
			expect(it_.names()).toBe(names);
		}
	});

	it('does not take the late end of a torn arrow for a key that acts', async () => {
		const it_ = rig();
		await it_.send('\u001b[');
		it_.clock.pass(300);
		await it_.send('C');
		expect(it_.presses).toEqual([{name: 'C', text: 'C', alone: false}]);
	});

	it('types brackets where text is typed', async () => {
		const it_ = rig();
		it_.typing = true;
		await it_.send('[');
		await it_.send('A');
		await it_.send('[1]');
		expect(it_.presses.map(press => press.text).join('')).toBe('[A[1]');
	});

	it('never takes a paste for commands, with brackets or without', async () => {
		const it_ = rig();
		const text = 'CRK c0ffee\ry';
		await it_.send(`\u001b[200~${text}\u001b[201~`);
		await it_.send(text);
		await it_.send('0198f3a2-7b7c-7e1f-8a55-3d1f24ab5cde');
		expect(it_.presses).toEqual([]);
		expect(it_.pastes).toEqual([text, text, '0198f3a2-7b7c-7e1f-8a55-3d1f24ab5cde']);
	});

	it('takes a held key for keys, however many arrive at once', async () => {
		const it_ = rig();
		await it_.send('jjjjjjjjjjjjkkkkG');
		expect(it_.presses).toHaveLength(17);
	});

	it('throws away what follows the end of a typed text in the same burst', async () => {
		const it_ = rig();
		it_.typing = true;
		it_.onPress = press => {
			if (press.name === 'enter') it_.typing = false;
		};
		await it_.send('mail\rRq');
		expect(it_.names()).toBe('m a i l enter');
	});
});
