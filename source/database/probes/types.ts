import type {Instant} from '../../monitor/snapshot.ts';
import {type FinishedRun, TypeTally} from '../../monitor/type-tally.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {instantText, number, optionalNumber, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import {type Prober, rowsOf} from './probe.ts';

const rows = 2000;
const settle = 1500;

/** A run that finishes now may have been claimed so long ago, milliseconds. */
const reach = 3_600_000;

/** The statement that tells which runs finished after an instant. */
export function finishedNames(queue: string, claimedFrom: Instant, finishedAfter: Instant): Statement {
	const bounds = {claimed_from: instantText(claimedFrom), finished_after: instantText(finishedAfter)};
	return statement('finished-names', tableIdentifiers(queue, ['r', 't']), {...bounds, settle, rows}, queue);
}

function finishedRun(row: Row): FinishedRun[] {
	const taskName = optionalText(row, 'task_name');
	if (taskName === undefined) return [];
	return [
		{
			taskName,
			failed: text(row, 'state') === 'failed',
			ran: number(row, 'ran'),
			pickedUp: optionalNumber(row, 'picked_up'),
		},
	];
}

/** Counts what finishes while somebody looks, beginning with the most recently claimed runs. */
export function createTypesProber(): Prober<'types'> {
	let counting: {readonly queue: string; readonly tally: TypeTally} | undefined;
	let until = Number.NEGATIVE_INFINITY;
	let knownFrom = Number.NEGATIVE_INFINITY;
	let capped = false;
	return async ({queue}, {read}) => {
		const first = counting?.queue !== queue;
		const current = counting?.queue === queue ? counting : {queue, tally: new TypeTally()};
		const after = first ? Number.NEGATIVE_INFINITY : until;
		const {outcomes} = await read([finishedNames(queue, after - reach, after)]);
		const found = rowsOf(outcomes[0]);
		for (const run of found.flatMap(finishedRun)) current.tally.add(run);
		const [row] = found;
		if (row !== undefined) {
			until = number(row, 'settled_until');
			const oldest = optionalNumber(row, 'oldest_claim') ?? Number.NEGATIVE_INFINITY;
			// What was claimed and finished since the last question, but lies beyond the rows read, was missed.
			capped = !first && (capped || oldest > after);
			if (first) knownFrom = oldest;
		}
		counting = current;
		return current.tally.report(knownFrom, until, capped);
	};
}
