import {slotSeconds} from '../monitor/finish-history.ts';
import {histogramBase} from '../monitor/histogram.ts';
import type {Ask} from '../monitor/source.ts';
import {type TablePrefix, tableName} from './identifiers.ts';
import {instantText} from './rows.ts';
import {statement} from './sql.ts';
import type {SqlValue, Statement} from './statement.ts';

/** Which tables of the queue a question reads. */
const tables: Readonly<Record<Ask['kind'], readonly TablePrefix[]>> = {
	live: ['r'],
	claims: ['r', 't'],
	finished: ['r', 't'],
	seed: ['r'],
	failures: ['r', 't'],
	predecessors: ['r', 't'],
	ended: ['r', 't'],
	outcomes: ['t'],
	checkpoints: ['c'],
	'deep-count': ['r'],
};

function valuesOf(ask: Ask): Record<string, SqlValue> {
	switch (ask.kind) {
		case 'live':
			return {
				pending_from: instantText(ask.pendingFrom),
				running_from: instantText(ask.runningFrom),
				sleeping_from: instantText(ask.sleepingFrom),
				rows: ask.rows,
			};
		case 'claims':
			return {running_from: instantText(ask.runningFrom), rows: ask.rows};
		case 'finished':
			return {
				claimed_from: instantText(ask.claimedFrom),
				finished_after: instantText(ask.finishedAfter),
				fine_from: instantText(ask.fineFrom),
				slot: slotSeconds,
				settle: ask.settle,
				named: ask.named,
				base: histogramBase,
				rows: ask.rows,
			};
		case 'seed':
			return {base: histogramBase, rows: ask.rows};
		case 'failures':
			return {
				claimed_from: instantText(ask.claimedFrom),
				failed_after: instantText(ask.finishedAfter),
				rows: ask.rows,
				kept: ask.kept,
			};
		case 'predecessors':
			return {rows: ask.rows, ended: ask.ended, kept: ask.kept};
		case 'ended':
			return {runs: ask.runs};
		case 'outcomes':
			return {tasks: ask.tasks};
		case 'checkpoints':
			return {tasks: ask.tasks, rows: ask.rows};
		case 'deep-count':
			return {state: ask.state, from: instantText(ask.from), until: instantText(ask.until), rows: ask.rows};
	}
}

/** The tables of a queue as identifiers of its query files: `r_table` is `r_<queue>`. */
export function tableIdentifiers(queue: string, prefixes: readonly TablePrefix[]): Record<string, string> {
	return Object.fromEntries(prefixes.map(prefix => [`${prefix}_table`, tableName(prefix, queue)]));
}

/** The statement that answers a question about a queue: `sql/queue-<kind>.sql`. */
export function askStatement(ask: Ask): Statement {
	const identifiers = tableIdentifiers(ask.queue, tables[ask.kind]);
	return statement(`queue-${ask.kind}`, identifiers, valuesOf(ask), ask.queue);
}
