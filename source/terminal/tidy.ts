import {keepCode} from '../keep-code.ts';

/** When the start is over, milliseconds: until then the young generation may grow. */
const started = 5000;

/**
 * What is done once the start is over. The code that it took is kept for the next one. The memory of a screen that stays
 * open all day is kept where it was in the first minute: the engine lets the young generation grow to tens of megabytes
 * though a table drawn again makes little garbage. Answers what ends it.
 */
export function keepTidy(): () => void {
	let over = false;
	const timer = setTimeout(async () => {
		over = true;
		// First: code that was kept under other flags would not be taken.
		keepCode('screen');
		const {setFlagsFromString} = await import('node:v8');
		setFlagsFromString('--semi-space-growth-factor=1');
	}, started);
	timer.unref();
	return () => {
		clearTimeout(timer);
		if (!over) keepCode('screen');
	};
}
