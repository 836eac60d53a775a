import type {ActionKind} from '../monitor/hands.ts';
import {isString} from './row.ts';
import {compareReleases, statement} from './sql.ts';
import type {Row, Statement, StatementOutcome} from './statement.ts';

type Right = 'select' | 'insert' | 'update' | 'delete';

/** What each action does to which table family, hence which rights it takes. */
const needs: Readonly<Record<ActionKind, ReadonlyArray<readonly [prefix: string, ...rights: Right[]]>>> = {
	retry: [
		['t', 'select', 'insert', 'update'],
		['r', 'select', 'insert'],
	],
	cancel: [
		['t', 'select', 'update'],
		['r', 'select', 'update'],
		['w', 'select', 'delete'],
	],
	spawn: [
		['t', 'select', 'insert'],
		['r', 'insert'],
	],
	emit: [
		['e', 'select', 'insert', 'update'],
		['w', 'select', 'delete'],
		['r', 'select', 'update'],
		['t', 'select', 'update'],
		['c', 'select', 'insert', 'update'],
	],
};

/** The release that brought the function of an action; older ones have it all. */
const since: Readonly<Partial<Record<ActionKind, readonly [name: string, release: string]>>> = {
	retry: ['retry_task', '0.2.0'],
	cancel: ['cancel_task', '0.0.5'],
};

/** What queue-rights.sql answered for one queue: rights by table family. */
export type QueueRights = ReadonlyMap<string, {readonly present: boolean; readonly rights: ReadonlySet<Right>}>;

const columns: ReadonlyArray<readonly [string, Right]> = [
	['may_select', 'select'],
	['may_insert', 'insert'],
	['may_update', 'update'],
	['may_delete', 'delete'],
];

/** Reads the rows of queue-rights.sql. */
export function readRights(rows: readonly Row[]): QueueRights {
	return new Map(
		rows.flatMap(row => {
			const prefix = row['prefix'];
			if (!isString(prefix)) return [];
			const rights = new Set(columns.flatMap(([column, right]) => (row[column] === true ? [right] : [])));
			return [[prefix, {present: row['present'] === true, rights}]];
		}),
	);
}

/** Queues whose rights are looked up beforehand; those of others are asked when a dialog needs them. */
const queuesBeforehand = 500;

/** What this session may do, by queue. */
export type Rights = ReadonlyMap<string, QueueRights>;

/** Asks what this session may do in each queue: once at the start and again with the registry. */
export function rightsQuestion(): Statement {
	return statement('all-rights', {}, {queues: queuesBeforehand});
}

/** Reads the answer to `rightsQuestion`; undefined where it could not be read. */
export function rightsIn(outcome: StatementOutcome | undefined): Rights | undefined {
	if (outcome?.kind !== 'rows') return undefined;
	const byQueue = new Map<string, Row[]>();
	for (const row of outcome.rows) {
		const queue = row['queue_name'];
		if (!isString(queue)) continue;
		const known = byQueue.get(queue);
		if (known === undefined) byQueue.set(queue, [row]);
		else known.push(row);
	}
	return new Map([...byQueue].map(([queue, rows]) => [queue, readRights(rows)]));
}

/** Why an action cannot work with these rights, undefined when it can. */
export function missingRights(kind: ActionKind, queue: string, user: string, have: QueueRights): string | undefined {
	const lacking: string[] = [];
	for (const [prefix, ...rights] of needs[kind]) {
		const table = have.get(prefix);
		if (!table?.present)
			return `The queue ${queue} has no table ${prefix}_${queue}: it was dropped, or is half dropped.`;
		const missing = rights.filter(right => !table.rights.has(right));
		if (missing.length > 0) lacking.push(`${missing.join(', ')} on ${prefix}_${queue}`);
	}
	return lacking.length === 0
		? undefined
		: `${user} may not ${kind} in the queue ${queue}: it lacks ${lacking.join('; ')}. Ask for these rights.`;
}

/** Why an action cannot work on this server, undefined when it can. `schemaVersion` is not a release on `main`. */
export function missingFunction(kind: ActionKind, schemaVersion: string): string | undefined {
	const [name, release] = since[kind] ?? ['', '0'];
	if (!/^\d+(?:\.\d+)*$/.test(schemaVersion) || compareReleases(schemaVersion, release) >= 0) return undefined;
	return `The schema here is Absurd ${schemaVersion}, which has no ${name}; it came with ${release}. Migrate the schema to ${kind}.`;
}
