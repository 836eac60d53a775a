import type {QueueSnapshot, SessionFacts, Severity, Snapshot} from '../monitor/snapshot.ts';
import {toAscii} from '../terminal/ascii.ts';
import {formatCount} from '../terminal/figures.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {type At, claimColumns, failureColumns, findingColumns, queueColumns} from './columns.ts';
import {iso8601} from './iso8601.ts';
import {type PlainColumn, plainTable} from './plain-table.ts';

export interface TextOptions {
	/** Nothing but ASCII. */
	readonly ascii: boolean;
	/** Rows of claims and of failures at most; what is left out is counted. */
	readonly rows: number;
}

/** Findings that are written out. */
const mostFindings = 100;

/**
 * The overview as plain text: what is wrong, queues, active claims and recent failures. Instants are ISO 8601 in UTC,
 * ids are whole, every text from the database is harmless. Ends with a line break.
 */
export function renderText(snapshot: Snapshot, options: TextOptions): string {
	const now = snapshot.at ?? 0;
	const {findings, queues, claims, claimCount, failures} = snapshot;
	const section = <Row>(
		title: string,
		columns: readonly PlainColumn<At<Row>>[],
		rows: readonly Row[],
		limit = rows.length,
	) => {
		const shown = rows.slice(0, limit).map(row => ({row, now}));
		return sectionLines(title, columns, shown, rows.length);
	};
	const unread = queues.filter(({readAt, trouble}) => readAt === undefined && trouble === undefined).length;
	const active = claimCount === undefined ? String(claims.length) : formatCount(claimCount);
	const lines = [
		headline(snapshot),
		...section(`Findings ${findings.length}`, findingColumns, findings, mostFindings),
		...section(
			`Queues ${queues.length}${unread === 0 ? '' : `, ${unread} of them not read in time`}`,
			queueColumns,
			[...queues].sort(byTrouble),
		),
		...section(`Active claims ${active}`, claimColumns, claims, options.rows),
		...section(`Recent failures ${failures.length}`, failureColumns, failures, options.rows),
	];
	return `${(options.ascii ? lines.map(toAscii) : lines).join('\n')}\n`;
}

const order: Readonly<Record<Severity, number>> = {critical: 0, warning: 1, ok: 2};

/** The trouble order of the screen: severity class, then name. */
function byTrouble(first: QueueSnapshot, second: QueueSnapshot): number {
	return order[first.severity] - order[second.severity] || (first.name < second.name ? -1 : 1);
}

function sectionLines<Row>(
	title: string,
	columns: readonly PlainColumn<Row>[],
	rows: readonly Row[],
	total: number,
): readonly string[] {
	const table = rows.length === 0 ? [] : plainTable(columns, rows);
	const rest = total > rows.length ? [`and ${total - rows.length} more, all of them with --json`] : [];
	return ['', title, ...table, ...rest];
}

function headline({session, at}: Snapshot): string {
	const parts = ['absurd-top', ...(session === undefined ? [] : sessionParts(session))];
	return sanitise([...parts, (at === undefined ? null : iso8601(at)) ?? ''].join('  ')).trimEnd();
}

function sessionParts(session: SessionFacts): readonly string[] {
	const {user, host, port, database, serverVersion, schemaVersion, readOnly} = session;
	return [
		`${user}@${host}:${port}/${database}`,
		`PG ${serverVersion}`,
		`absurd ${schemaVersion}`,
		...(readOnly === undefined ? [] : ['READ ONLY']),
	];
}
