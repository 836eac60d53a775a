import type {AskPassword} from './database/passwords.ts';

/** The part of a terminal's input that a prompt needs; `process.stdin` is one. */
export interface PromptInput {
	readonly isTTY?: boolean;
	setRawMode?(on: boolean): unknown;
	on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
	off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
	resume(): unknown;
	pause(): unknown;
}

/** What a key does to the line that is typed: `undefined` = nothing to show for it. */
type Step = 'more' | 'done' | 'leave' | 'interrupt';

/** The line so far; kept as characters so that backspace takes a whole one. */
function typeInto(line: string[], character: string): Step {
	switch (character) {
		case '\r':
		case '\n':
			return 'done';
		case '\u0003':
			return 'interrupt';
		case '\u0004':
			return line.length === 0 ? 'leave' : 'done';
		case '\u0008':
		case '\u007F':
			line.pop();
			return 'more';
		case '\u0015':
			line.length = 0;
			return 'more';
		default:
			// Nothing below a space is part of a password that somebody types; arrows begin with an escape.
			if (character >= ' ') line.push(character);
			return 'more';
	}
}

function readLine(input: PromptInput): Promise<{readonly step: Step; readonly text: string}> {
	const line: string[] = [];
	return new Promise(resolve => {
		const onData = (chunk: Buffer | string): void => {
			const text = String(chunk);
			if (text.startsWith('\u001B')) return;
			for (const character of text) {
				const step = typeInto(line, character);
				if (step === 'more') continue;
				input.off('data', onData);
				resolve({step, text: line.join('')});
				return;
			}
		};
		input.on('data', onData);
		input.resume();
	});
}

/**
 * A prompt for the password on the terminal, without echo: to be used before the alternate screen opens. Undefined when
 * `input` is no terminal. Ctrl-C calls `interrupt`, once the terminal is as it was.
 */
export function createPasswordPrompt(
	input: PromptInput,
	write: (text: string) => void,
	interrupt: () => void,
): AskPassword | undefined {
	if (!input.isTTY || input.setRawMode === undefined) return undefined;
	return async ({user, host, port, attempt}) => {
		const again = attempt > 1 ? 'That was not accepted. ' : '';
		write(`${again}Password for user ${user} on ${host}:${port}: `);
		input.setRawMode?.(true);
		const {step, text} = await readLine(input);
		input.setRawMode?.(false);
		input.pause();
		write('\n');
		if (step === 'interrupt') interrupt();
		return step === 'done' ? text : undefined;
	};
}
