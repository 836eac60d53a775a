import {createInterface} from 'node:readline';
import {sanitise} from '../terminal/sanitise.ts';

/** Asks on the terminal and answers the line that was typed; empty when the input ended, undefined on Ctrl-C. */
export function askLine(
	question: string,
	input: NodeJS.ReadStream,
	output: NodeJS.WritableStream,
): Promise<string | undefined> {
	return new Promise(resolve => {
		const lines = createInterface({input, output});
		lines.once('SIGINT', () => {
			resolve(undefined);
			lines.close();
		});
		lines.once('close', () => resolve(''));
		lines.question(sanitise(question), answer => {
			resolve(answer.trim());
			lines.close();
		});
	});
}

/** Everything on standard input, as text. */
export async function readAll(input: NodeJS.ReadStream): Promise<string> {
	input.setEncoding('utf8');
	let text = '';
	for await (const chunk of input) text += String(chunk);
	return text;
}
