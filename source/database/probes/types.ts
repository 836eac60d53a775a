import {bucketOf} from '../../monitor/histogram.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import {type NamedFinish, TypeTally} from '../../monitor/type-tally.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {instantText, number, optionalNumber, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import {type Prober, type ProbeTools, rowsOf} from './probe.ts';

const rows = 2000;
const settle = 1500;

/** The statement that tells which runs finished until an instant, the newest by claim. */
export function finishedNames(queue: string, finishedUntil: Instant): Statement {
	const values = {finished_until: instantText(finishedUntil), settle, rows};
	return statement('finished-names', tableIdentifiers(queue, ['r', 't']), values, queue);
}

function namedFinish(row: Row): NamedFinish[] {
	const taskName = optionalText(row, 'task_name');
	if (taskName === undefined) return [];
	const waited = optionalNumber(row, 'picked_up');
	return [
		{
			taskName,
			failed: text(row, 'state') === 'failed',
			bucket: bucketOf(number(row, 'ran')),
			waited: waited === undefined ? undefined : bucketOf(waited),
			runs: 1,
		},
	];
}

/** What had finished until an instant. */
interface Seed {
	readonly queue: string;
	readonly until: Instant;
	readonly tally: TypeTally;
	readonly from: Instant;
	readonly settledUntil: Instant;
}

async function readSeed(queue: string, until: Instant, {read}: ProbeTools): Promise<Seed> {
	const {outcomes} = await read([finishedNames(queue, until)]);
	const found = rowsOf(outcomes[0]);
	const tally = new TypeTally();
	for (const finish of found.flatMap(namedFinish)) tally.add(finish);
	const [first] = found;
	const from = (first && optionalNumber(first, 'oldest_claim')) ?? Number.NEGATIVE_INFINITY;
	return {queue, until, tally, from, settledUntil: first === undefined ? until : number(first, 'settled_until')};
}

/**
 * What the ticks saw finish, and while that is not half an hour yet the newest runs that had finished before. Those are
 * read once; where no tick has seen anything they are all there is.
 */
export function createTypesProber(): Prober<'types'> {
	let seed: Seed | undefined;
	return async ({queue, seen}, tools) => {
		const tally = new TypeTally();
		if (seen !== undefined) tally.merge(seen.tally);
		const forgotten = seen !== undefined && seen.since > seen.liveFrom;
		if (forgotten) {
			return {types: tally.rows(), since: seen.since, seedFrom: undefined, until: seen.until, sampled: seen.sampled};
		}
		const until = seen?.liveFrom ?? Number.POSITIVE_INFINITY;
		// Read once, but not so early that something may still appear in it.
		const known = seed?.queue === queue && seed.until === until && seed.settledUntil >= until ? seed : undefined;
		seed = known ?? (await readSeed(queue, until, tools));
		tally.merge(seed.tally);
		return {
			types: tally.rows(),
			since: seen?.since,
			seedFrom: seed.from,
			until: seen?.until ?? seed.settledUntil,
			sampled: seen?.sampled ?? false,
		};
	};
}
