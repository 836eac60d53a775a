import type {ReadStream} from 'node:tty';

/** Ends the question and the program: Ctrl-C at the prompt. */
export class Interrupted extends Error {}

/** An arrow or a function key; its letters are no part of a password. */
const sequences = /\u001B(?:\[[\d;]*[A-Za-z~]|O[A-Za-z])?/g;

/** What one character does to the text typed so far. */
function edited(typed: string, character: string): string {
	if (character === '\u007F' || character === '\b') return [...typed].slice(0, -1).join('');
	if (character === '\u0015') return '';
	return character >= ' ' ? typed + character : typed;
}

/**
 * Asks for a password on the terminal, without echo, before the screen opens. Answers undefined when nothing was typed
 * (Enter or Ctrl-D at once). Rejects with Interrupted on Ctrl-C.
 */
export function askPassword(
	prompt: string,
	input: ReadStream,
	output: NodeJS.WritableStream,
): Promise<string | undefined> {
	return new Promise((resolve, reject) => {
		let typed = '';
		// Before the prompt, which people and scripts answer at once: until then the terminal would echo.
		input.setRawMode(true);
		input.setEncoding('utf8');
		const endings: Readonly<Record<string, () => void>> = {
			'\r': () => resolve(typed === '' ? undefined : typed),
			'\n': () => resolve(typed === '' ? undefined : typed),
			'\u0004': () => resolve(typed === '' ? undefined : typed),
			'\u0003': () => reject(new Interrupted()),
		};
		const take = (chunk: string | Buffer) => {
			// On a busy machine, or a bad line, several keys arrive as one chunk.
			for (const character of String(chunk).replaceAll(sequences, '')) {
				const finish = endings[character];
				if (finish) {
					input.off('data', take);
					input.setRawMode(false);
					input.pause();
					output.write('\n');
					finish();
					return;
				}
				typed = edited(typed, character);
			}
		};
		input.on('data', take);
		input.once('end', () => resolve(undefined));
		input.resume();
		output.write(prompt);
	});
}
