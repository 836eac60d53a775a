/**
 * Whether it can still be used where other tools give up: ten thousand queues, two hundred partitioned ones watched by
 * two monitors with the server's default lock table, a million pending runs, a million dead index entries. Prints a
 * table. `npm run bench:scale [share, 1] [which]`; starts a server of its own, and wants a built bundle.
 */
import {withDatabase, withServer} from './poll/workbench.ts';
import {scales} from './scale/databases.ts';
import {type Felt, measureScale} from './scale/measure.ts';

const share = Number(process.argv[2] ?? 1);
const which = process.argv[3];

const columns: ReadonlyArray<readonly [title: string, text: (felt: Felt) => string]> = [
	['first ms', ({first}) => first.toFixed(0)],
	['tick ms', ({median}) => median.toFixed(1)],
	['worst', ({worst}) => worst.toFixed(0)],
	['queues read', ({read}) => String(read)],
	['locks', ({locks, looks}) => `${locks} (${looks} looks)`],
	['screen ms', ({screen}) => screen.toFixed(0)],
	['key ms', ({key}) => key.toFixed(0)],
	['own cpu of a tick', ({own}) => `${own.tick.toFixed(1)} (worst ${own.worstTick.toFixed(0)}) ms`],
	['of a key', ({own}) => `${own.key.toFixed(1)} (worst ${own.worstKey.toFixed(0)}) ms`],
];

/** More locks than this at once are a fault, and so is more processor time of our own (milliseconds) for a tick or a key. */
const mostLocks = 200;
const mostOwn = 50;

await withServer(async bench => {
	for (const {name, monitors, fill} of scales(share)) {
		if (which !== undefined && !name.includes(which)) continue;
		const started = performance.now();
		await withDatabase(bench, async database => {
			const end = await fill(database);
			const filled = ((performance.now() - started) / 1000).toFixed(0);
			const felt = await measureScale(database.url, monitors, name.includes('queues') ? 'q-' : 'big');
			await end();
			const cells = columns.map(([title, text]) => `${title} ${text(felt)}`);
			console.log(`${name} (filled in ${filled} s): ${cells.join(' · ')}`);
			for (const trouble of felt.troubles) console.log(`  ${trouble}`);
			const slow = Math.max(felt.own.tick, felt.own.key) > mostOwn;
			if (felt.locks > mostLocks || felt.troubles.length > 0 || slow) process.exitCode = 1;
		});
	}
});
