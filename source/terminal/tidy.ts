import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {keepCode} from '../keep-code.ts';

/** When the start is over, milliseconds: until then memory may grow as the engine likes. */
const started = 5000;

/**
 * What is done once the start is over. The code that it took is kept for the next one. What it left behind is given back,
 * and the memory of a screen that stays open all day is kept where it is then: by itself the engine lets a heap of twelve
 * megabytes grow to several times that before it looks for garbage, though a table drawn again makes little of it.
 * Answers what ends it.
 */
export function keepTidy(): () => void {
	let over = false;
	const timer = setTimeout(() => {
		over = true;
		// First: code that was kept under other flags would not be taken.
		keepCode('screen');
		setFlagsFromString('--semi-space-growth-factor=1');
		setFlagsFromString('--heap-growing-percent=25');
		spareThreads();
		collect();
	}, started);
	timer.unref();
	return () => {
		clearTimeout(timer);
		if (!over) keepCode('screen');
	};
}

/**
 * A table that is drawn again every two seconds is in no hurry. By itself the engine wakes threads to collect little
 * garbage and to compile, for minutes, what is then hardly called: a quarter of the processor's time that we take.
 */
function spareThreads(): void {
	// The engine of Node 20 does not know these, and would say so on the screen.
	if (Number.parseInt(process.versions.v8, 10) < 12) return;
	setFlagsFromString('--efficiency-mode');
	setFlagsFromString('--efficiency-mode-disable-turbofan');
}

/** One collection that shrinks the heap to what is used, some ten milliseconds: the limits above count from the last one. */
function collect(): void {
	setFlagsFromString('--expose-gc');
	const gc: (how: {type: 'major'; execution: 'sync'; flavor: 'last-resort'}) => void = runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	gc({type: 'major', execution: 'sync', flavor: 'last-resort'});
}
