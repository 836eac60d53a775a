import {compareReleases} from '../database/sql.ts';
import type {DoctorFacts} from '../monitor/doctor-facts.ts';
import {plural} from '../monitor/phrase.ts';
import type {SessionFacts, Snapshot} from '../monitor/snapshot.ts';

/** One line of a check-up. `note` is a fact that is neither good nor bad. */
export interface Checked {
	readonly check: string;
	readonly level: 'ok' | 'note' | 'warning' | 'critical';
	readonly sentence: string;
}

/** The release that this program was made for. */
export const knownRelease = '0.5.0';

/** Milliseconds of a round trip from which the screen feels slow, and from which ticks suffer. */
const slowTrip = 100;
const badTrip = 1000;

/** Names in a sentence; the rest is counted. */
const shownNames = 3;

const walls: Readonly<Record<NonNullable<SessionFacts['readOnly']>, string>> = {
	session: 'read-only in the server (default_transaction_read_only)',
	transaction: 'read-only by our own transactions',
	standby: 'a standby, which takes no writes',
};

export function checkConnection(facts: SessionFacts): readonly Checked[] {
	const {user, host, port, database, serverVersion, tls, pooled, embedded, readOnly} = facts;
	const local = host.startsWith('/');
	const parts = [
		`${user} at ${local ? host : `${host}:${port}`}, database ${database}`,
		embedded ? 'PGlite' : `Postgres ${serverVersion}`,
		tls ? 'with TLS' : local ? 'by unix socket' : 'without TLS',
		...(pooled ? ['through a pooler'] : []),
	];
	const access: Checked =
		readOnly === undefined
			? {check: 'access', level: 'note', sentence: 'reading and writing'}
			: {check: 'access', level: 'note', sentence: walls[readOnly]};
	return [{check: 'connection', level: 'ok', sentence: parts.join(', ')}, access];
}

/** Round trips of an empty tick, milliseconds. */
export function checkLatency(trips: readonly number[]): Checked {
	const sorted = [...trips].sort((a, b) => a - b);
	const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
	const figure = (value: number | undefined) => (value ?? 0).toFixed(1);
	const level = middle >= badTrip ? 'critical' : middle >= slowTrip ? 'warning' : 'ok';
	const range = `${figure(sorted[0])} to ${figure(sorted.at(-1))} ms`;
	return {check: 'latency', level, sentence: `${figure(middle)} ms a round trip (${range} in ${sorted.length})`};
}

export function checkSchema({schemaVersion}: SessionFacts): Checked {
	const release = /^\d+(?:\.\d+)*$/.test(schemaVersion) ? schemaVersion : undefined;
	const newer = release !== undefined && compareReleases(release, knownRelease) > 0;
	const sentence = `Absurd ${schemaVersion}${newer ? `, newer than ${knownRelease}, which this program knows` : ''}`;
	return {check: 'schema', level: newer ? 'warning' : 'ok', sentence};
}

function named(names: readonly string[]): string {
	const rest = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
	return `${names.slice(0, shownNames).join(', ')}${rest}`;
}

export function checkRights(
	queues: ReadonlyArray<{readonly name: string; readonly readable: boolean | undefined}>,
	{refusals}: Pick<DoctorFacts, 'refusals'>,
): readonly Checked[] {
	const hidden = queues.filter(({readable}) => readable !== true).map(({name}) => name);
	const reading: Checked =
		hidden.length === 0
			? {check: 'rights to look', level: 'ok', sentence: `${plural(queues.length, 'queue')}, all readable`}
			: {
					check: 'rights to look',
					level: hidden.length === queues.length ? 'critical' : 'warning',
					sentence: `cannot read ${named(hidden)} (no right, or tables missing)`,
				};
	const [first] = refusals;
	const acting: Checked = {
		check: 'rights to act',
		level: first === undefined ? 'ok' : 'note',
		sentence:
			first === undefined
				? 'retry, cancel, spawn and emit are allowed'
				: `${first.sentence}${refusals.length > 1 ? ` (and ${refusals.length - 1} more that cannot be done)` : ''}`,
	};
	return [reading, acting];
}

export function checkIndexes({indexes}: Pick<DoctorFacts, 'indexes'>): readonly Checked[] {
	const slow = indexes.filter(({byState}) => !byState).map(({queue}) => `r_${queue} (state, available_at)`);
	const tasks = indexes.filter(({byTask}) => !byTask).map(({queue}) => `r_${queue} (task_id)`);
	const invalid = indexes.flatMap(each => each.invalid);
	const faults: readonly Checked[] = [
		{check: 'indexes', level: 'critical', sentence: `claims scan: no usable index on ${named(slow)}`},
		{check: 'indexes', level: 'warning', sentence: `tasks are found by scanning: no usable index on ${named(tasks)}`},
		{check: 'indexes', level: 'warning', sentence: `invalid, drop and build anew: ${named(invalid)}`},
	];
	const found = faults.filter((_, index) => [slow, tasks, invalid][index]?.length !== 0);
	return found.length > 0
		? found
		: [{check: 'indexes', level: 'ok', sentence: `there and valid in ${plural(indexes.length, 'queue')}`}];
}

export function checkClock({clockSkew}: Snapshot): Checked {
	const skew = clockSkew ?? 0;
	const sentence =
		clockSkew === undefined
			? "this machine's clock and the database's agree as far as can be measured"
			: `this machine's clock is ${Math.abs(skew).toFixed(0)} ms ${skew > 0 ? 'ahead of' : 'behind'} the database's`;
	return {check: 'clock', level: Math.abs(skew) >= 2000 ? 'warning' : 'ok', sentence};
}

export function checkFindings({findings}: Snapshot): readonly Checked[] {
	if (findings.length === 0) return [{check: 'findings', level: 'ok', sentence: 'nothing is wrong in the queues'}];
	return findings
		.filter(({rule}) => rule !== 'clock-skew')
		.map(({severity, queue, sentence}) => ({
			check: 'finding',
			level: severity,
			sentence: queue === undefined ? sentence : `${queue}: ${sentence}`,
		}));
}

/** What stdout can show. `environment` says TERM and the locale. */
export function checkTerminal(
	stdout: {readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number},
	environment: Readonly<Record<string, string | undefined>>,
	can: {readonly ascii: boolean; readonly colour: boolean},
): Checked {
	const abilities = `${can.ascii ? 'ASCII only' : 'UTF-8'}, ${can.colour ? 'colours' : 'no colours'}`;
	if (stdout.isTTY !== true)
		return {check: 'terminal', level: 'note', sentence: `stdout is none: only headless; ${abilities}`};
	const {columns = 0, rows = 0} = stdout;
	const small = columns < 60 || rows < 15;
	const sentence = `${environment['TERM'] ?? 'TERM is not set'}, ${columns}x${rows}, ${abilities}`;
	return {
		check: 'terminal',
		level: small ? 'warning' : 'ok',
		sentence: small ? `${sentence}; the screen needs 60x15` : sentence,
	};
}
