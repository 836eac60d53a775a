import {expect, test} from 'vitest';
import {type InkOutputClass, wholeLines} from '../../../source/terminal/ink/output.ts';
import {inkModule, numbers} from './original.ts';

const Stock = (await inkModule('output.js')) as InkOutputClass;
const Quick = wholeLines(Stock);
const size = {width: 30, height: 8};

interface Text {
	readonly x: number;
	readonly y: number;
	readonly text: string;
}

function draw(Output: InkOutputClass, texts: readonly Text[], clip = false): string {
	const output = new Output(size);
	if (clip) output.clip({x1: 2, x2: 20, y1: undefined, y2: undefined});
	for (const {x, y, text} of texts) {
		output.write(x, y, text, {
			transformers: [(line, index) => `${line}${index}`, line => `\u001B[1m${line}\u001B[22m`],
		});
	}
	if (clip) output.unclip();
	const {output: picture, height} = output.get();
	expect(height).toBe(size.height);
	return picture;
}

/** Ink's own class puts styles in an order of its own: what it makes of a picture is the same for the same looks. */
function looks(picture: string): string {
	const output = new Stock(size);
	output.write(0, 0, picture, {transformers: []});
	return output.get().output;
}

const words = ['ready', '表の名', '▁▂▃', '\u001B[31mfailed\u001B[39m', 'é', '👍', 'a b', ''];

test('pictures of texts beside, over and outside one another look like those of Ink', () => {
	const next = numbers(7);
	for (let round = 0; round < 400; round++) {
		const lines = () => Array.from({length: 1 + next(3)}, () => words[next(words.length)] ?? '').join('\n');
		const texts = Array.from({length: 1 + next(4)}, () => ({x: next(3) * next(8), y: next(9), text: lines()}));
		const clip = next(5) === 0;
		expect(looks(draw(Quick, texts, clip))).toBe(looks(draw(Stock, texts, clip)));
	}
});

test('a whole line is not taken apart', () => {
	class Refusing extends Stock {
		override get(): {output: string; height: number} {
			throw new Error('Ink was asked.');
		}
	}
	const output = new (wholeLines(Refusing))(size);
	output.write(0, 0, ' \n ', {transformers: [(_, index) => ['\u001B[31mone\u001B[39m', 'two  '][index] ?? '']});
	expect(output.get().output).toBe('\u001B[31mone\u001B[39m\ntwo\n\n\n\n\n\n');
});
