import type pg from 'pg';
import {openReading} from '../../source/database/guest.ts';
import type {Statement} from '../../source/database/statement.ts';

/** What a statement really did, from EXPLAIN (ANALYZE, BUFFERS). */
export interface Measured {
	/** Pages touched while it ran, from memory or disk. */
	readonly buffers: number;
	/** Rows that scans of a queue's tables read, those thrown away included. */
	readonly entries: number;
	/** Scans of a queue's tables that an index did not lead: `Seq Scan on r_mail`. */
	readonly scans: readonly string[];
}

/** A node of a plan, as far as it matters here. */
type Node = Readonly<Record<string, unknown>>;

const queueTable = /^[trcwei]_/;

function isNode(value: unknown): value is Node {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodesOf(node: Node): Node[] {
	const children = node['Plans'];
	return [node, ...(Array.isArray(children) ? children.filter(isNode).flatMap(nodesOf) : [])];
}

function number(node: Node, ...keys: readonly string[]): number {
	return keys.reduce((sum, key) => sum + Number(node[key] ?? 0), 0);
}

/** Runs a statement under the settings of a tick and measures it. */
export async function measure(client: pg.Client, statement: Statement): Promise<Measured> {
	const guest = {serverVersion: 0, embedded: false, applicationName: 'absurd-top'};
	await client.query(openReading(guest, 60_000));
	try {
		const {rows} = await client.query<{'QUERY PLAN': readonly {Plan: Node}[]}>(
			`explain (analyze, buffers, format json) ${statement.text}`,
			[...statement.values],
		);
		const root = rows[0]?.['QUERY PLAN'][0]?.Plan;
		if (!root) throw new Error(`No plan for ${statement.name}.`);
		const scans = nodesOf(root).filter(
			// A node behind a condition that did not hold was never executed.
			node => queueTable.test(String(node['Relation Name'] ?? '')) && number(node, 'Actual Loops') > 0,
		);
		return {
			buffers: number(root, 'Shared Hit Blocks', 'Shared Read Blocks'),
			entries: scans.reduce((sum, scan) => {
				const each = number(scan, 'Actual Rows', 'Rows Removed by Filter', 'Rows Removed by Index Recheck');
				return sum + each * number(scan, 'Actual Loops');
			}, 0),
			scans: scans
				.filter(scan => !String(scan['Node Type']).startsWith('Index'))
				.map(scan => `${String(scan['Node Type'])} on ${String(scan['Relation Name'])}`),
		};
	} finally {
		await client.query('rollback');
	}
}
