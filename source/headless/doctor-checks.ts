import type {Refusal} from '../monitor/refusal.ts';
import type {Check, SessionFacts} from '../monitor/snapshot.ts';

/** One line of a check-up. `note` is a fact that is neither good nor bad. */
export interface Checked {
	readonly check: string;
	readonly level: 'ok' | 'note' | 'warning' | 'critical';
	readonly sentence: string;
	/** What to do about it, as text to copy. */
	readonly remedy?: string;
}

/** Milliseconds of a round trip from which the screen feels slow, and from which ticks suffer. */
const slowTrip = 100;
const badTrip = 1000;

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

export function checkRights(refusals: readonly Refusal[]): Checked {
	const [first] = refusals;
	const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more that cannot be done)` : '';
	return first === undefined
		? {check: 'rights to act', level: 'ok', sentence: 'retry, cancel, spawn and emit are allowed'}
		: {check: 'rights to act', level: 'note', sentence: `${first.sentence}${more}`};
}

function ofQueue(queue: string | undefined, sentence: string): string {
	return queue === undefined || sentence.startsWith(queue) ? sentence : `${queue}: ${sentence}`;
}

/** What a rule of the monitor says: a line for each place where it holds, else one. */
export function checkRule({rule, title, findings, unknown, remedy}: Check): readonly Checked[] {
	if (findings.length > 0) {
		return findings.map(({severity, queue, sentence, remedy: own = remedy}) => ({
			check: rule,
			level: severity,
			sentence: ofQueue(queue, sentence),
			remedy: own,
		}));
	}
	const [first] = unknown;
	const sentence = first === undefined ? `not found: ${title}` : `not known: ${ofQueue(first.queue, first.reason)}`;
	return [{check: rule, level: first === undefined ? 'ok' : 'note', sentence}];
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
