import {runInNewContext} from 'node:vm';

/** Between two looks at the memory, milliseconds. */
const pace = 60_000;

/** Resident memory (bytes) from which garbage is worth collecting, and by how much it must have grown since last time. */
const worthIt = {from: 100e6, grown: 8e6};

type Collect = (options: {readonly type: 'major'; readonly execution: 'async'}) => unknown;

/**
 * Keeps the memory of a screen that stays open all day where it was in the first minutes: the engine lets garbage lie as
 * long as the machine has room, and other programs on that machine may want it. Answers what ends it.
 */
export function keepTidy(): () => void {
	let left = 0;
	let collect: Collect | undefined;
	const timer = setInterval(async () => {
		const {rss} = process.memoryUsage();
		if (rss < worthIt.from || rss < left + worthIt.grown) return;
		collect ??= await collector();
		await collect({type: 'major', execution: 'async'});
		left = process.memoryUsage().rss;
	}, pace);
	timer.unref();
	return () => clearInterval(timer);
}

async function collector(): Promise<Collect> {
	const {setFlagsFromString} = await import('node:v8');
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc');
}
