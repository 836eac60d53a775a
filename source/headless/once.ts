import {troubleText} from '../components/status.ts';
import {parseFilter} from '../monitor/filter/parse.ts';
import {filterQueues, filterSnapshot} from '../monitor/filter/rows.ts';
import {noSuchQueue} from '../monitor/missing-queues.ts';
import type {Monitor} from '../monitor/monitor.ts';
import {notAsked} from '../monitor/rule.ts';
import type {Snapshot} from '../monitor/snapshot.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {csvTitles, renderCsv} from './csv.ts';
import {renderJson} from './json.ts';
import {renderText} from './text.ts';
import {writeAll} from './write.ts';

export interface OnceOptions {
	readonly once: 'text' | 'json' | 'csv';
	readonly ascii: boolean;
	/** Only the claims and failures (CSV: the queues) that pass this filter, which must be without errors. */
	readonly filter?: string | undefined;
	/** How many readings are printed; 1 unless told otherwise. */
	readonly count?: number;
}

/** Claims and failures that the text shows; JSON has them all. */
const shownRows = 30;

/** How long (milliseconds) a first tick may take, and how long queues that it left out are waited for. */
const patience = 30_000;
const completion = 10_000;

/** Where there are more queues, what is alive in each is read before what finished in any. */
const mostWhole = 200;

/** One complete reading, and why there is nothing in it where that is so. */
export interface Reading {
	readonly snapshot: Snapshot;
	/** A sentence. */
	readonly problem: string | undefined;
}

/**
 * Reads everything once: the first tick, then what it left out; with `checkup` until every rule was judged. The caller
 * closes the monitor.
 */
export async function readCompletely(monitor: Monitor, checkup = false): Promise<Reading> {
	await within(monitor.ready, patience);
	await complete(monitor, checkup);
	return readingOf(monitor);
}

function readingOf({snapshot}: Monitor): Reading {
	return {snapshot, problem: problemOf(snapshot)};
}

/**
 * Prints the overview once, or so many readings of it. Answers the exit code: 0 when the database was read (also when
 * single queues could not be, or are not there), 1 when nothing could be read, none of the queues that were asked for
 * included; a sentence on stderr then says why, and no further reading follows. JSON is printed in either case. The
 * caller closes the monitor.
 */
export async function runOnce(
	monitor: Monitor,
	options: OnceOptions,
	stdout: NodeJS.WritableStream,
	stderr: NodeJS.WritableStream = process.stderr,
): Promise<number> {
	const {count = 1} = options;
	const complain = (sentence: string) => writeAll(stderr, `absurd-top: ${sanitise(sentence)}\n`);
	const narrow = narrowing(options);
	let reading = await readCompletely(monitor);
	const missing = missingSentence(reading.snapshot);
	if (reading.problem === undefined && missing !== undefined) await complain(missing);
	if (options.once === 'csv' && reading.problem === undefined) await writeAll(stdout, csvTitles);
	for (let printed = 1; ; printed++) {
		const {problem} = reading;
		const snapshot = narrow(reading.snapshot);
		if (problem === undefined || options.once === 'json')
			await writeAll(stdout, `${printed > 1 && options.once === 'text' ? '\n' : ''}${render(snapshot, options)}`);
		if (problem !== undefined) {
			await complain(problem);
			return 1;
		}
		if (printed >= count) return 0;
		await nextReading(monitor);
		reading = readingOf(monitor);
	}
}

/** What the filter leaves of a Snapshot. */
function narrowing({once, filter: text}: OnceOptions): (snapshot: Snapshot) => Snapshot {
	if (text === undefined) return snapshot => snapshot;
	const filter = parseFilter(text);
	return snapshot => (once === 'csv' ? filterQueues : filterSnapshot)(snapshot, filter);
}

function render(snapshot: Snapshot, {once, ascii}: OnceOptions): string {
	if (once === 'json') return renderJson(snapshot);
	return once === 'csv' ? renderCsv(snapshot) : renderText(snapshot, {ascii, rows: shownRows});
}

/** The next tick that the monitor makes by itself, or the end of the connection. */
function nextReading(monitor: Monitor): Promise<void> {
	const {at} = monitor.snapshot;
	return new Promise(resolve => {
		const end = monitor.subscribe(() => {
			if (monitor.snapshot.at === at && monitor.snapshot.connection.kind === 'live') return;
			end();
			resolve();
		});
	});
}

/** Asks again for what the first tick left out: checkpoints of the claims, and queues beyond its budget. */
async function complete(monitor: Monitor, checkup: boolean): Promise<void> {
	const {queues, claims} = monitor.snapshot;
	const watched = queues.length <= mostWhole ? queues.map(({name}) => name) : [];
	monitor.show({queues: watched, claims, checkup});
	const end = Date.now() + completion;
	do {
		if (monitor.snapshot.connection.kind !== 'live') return;
		await within(nextSnapshot(monitor), end - Date.now());
	} while (Date.now() < end && (monitor.snapshot.queues.some(isMissing) || (checkup && isUnjudged(monitor.snapshot))));
}

function isMissing({readAt, trouble}: Snapshot['queues'][number]): boolean {
	return readAt === undefined && trouble === undefined;
}

function isUnjudged({checks}: Snapshot): boolean {
	return checks.some(({unknown}) => unknown.some(({reason}) => reason === notAsked));
}

function nextSnapshot(monitor: Monitor): Promise<void> {
	const {serial} = monitor.snapshot;
	return new Promise(resolve => {
		const end = monitor.subscribe(() => {
			if (monitor.snapshot.serial === serial) return;
			end();
			resolve();
		});
		monitor.catchUp();
	});
}

/** Resolves with the promise or after so many milliseconds, whichever comes first. */
async function within(promise: Promise<void>, milliseconds: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<void>(resolve => {
		timer = setTimeout(resolve, milliseconds);
	});
	await Promise.race([promise, limit]);
	clearTimeout(timer);
}

function missingSentence({missing = [], session}: Snapshot): string | undefined {
	return missing.length === 0 ? undefined : noSuchQueue(missing, session?.database ?? 'this database');
}

/** Why there is nothing to print, as a sentence. */
function problemOf(snapshot: Snapshot): string | undefined {
	const {connection, session, at, queues} = snapshot;
	const database = session === undefined ? 'This database' : `The database ${session.database}`;
	switch (connection.kind) {
		case 'no-schema':
			return `${database} has no schema absurd: Absurd is not installed there. Name another database with -d, or install it with absurd-top init.`;
		case 'no-rights':
			return troubleText(connection.trouble);
		case 'lost':
			return troubleText(connection.trouble);
		case 'connecting':
			return 'The database did not answer in time.';
		case 'live': {
			const trouble = queues.map(queue => (queue.readAt === undefined ? queue.trouble : undefined));
			const first = trouble[0];
			if (first !== undefined && !trouble.includes(undefined)) return troubleText(first);
			if (at === undefined) return 'The database did not answer in time.';
			return queues.length === 0 ? missingSentence(snapshot) : undefined;
		}
	}
}
