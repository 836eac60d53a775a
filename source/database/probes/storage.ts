import {createHash} from 'node:crypto';
import {type StorageFacts, storageAge} from '../../monitor/storage.ts';
import {tableName} from '../identifiers.ts';
import {flag, number, optionalNumber, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row} from '../statement.ts';
import {type Prober, rowsOf} from './probe.ts';

const prefixes = ['t', 'r', 'c', 'e', 'w', 'i'] as const;

function policyOf(row: Row | undefined): StorageFacts['policy'] {
	if (row === undefined) return [];
	const parsed: unknown = JSON.parse(text(row, 'policy'));
	if (typeof parsed !== 'object' || parsed === null) return [];
	return Object.entries(parsed).map(([name, value]) => ({name, value: String(value)}));
}

function tableOf(row: Row): StorageFacts['tables'][number] {
	return {
		name: text(row, 'relname'),
		parent: optionalText(row, 'parent'),
		bound: optionalText(row, 'bound'),
		rows: optionalNumber(row, 'row_estimate'),
		deadRows: number(row, 'dead_rows'),
		vacuumedAt: optionalNumber(row, 'vacuumed_at'),
		bytes: optionalNumber(row, 'bytes'),
	};
}

/** Reads how a queue is stored, at most every 30 seconds. */
export function createStorageProber(): Prober<'storage'> {
	let known: {readonly key: string; readonly at: number; readonly facts: StorageFacts} | undefined;
	return async ({queue, sizes}, {read}) => {
		const key = JSON.stringify([queue, sizes]);
		const now = performance.now();
		if (known?.key === key && now - known.at < storageAge) return known.facts;
		const names = prefixes.map(prefix => tableName(prefix, queue));
		const asked = [statement('queue-policy', {}, {queue}), statement('queue-tables', {}, {names, sizes}, queue)];
		const {outcomes} = await read(asked);
		const [policy] = rowsOf(outcomes[0]);
		const tables = rowsOf(outcomes[1]).map(tableOf);
		let jobs: StorageFacts['jobs'];
		if (policy !== undefined && flag(policy, 'has_cron')) {
			const suffix = createHash('md5').update(queue).digest('hex').slice(0, 12);
			const [outcome] = (await read([statement('cron-jobs', {}, {suffix})])).outcomes;
			jobs = outcome?.kind === 'rows' ? outcome.rows.map(jobOf) : undefined;
		}
		known = {key, at: now, facts: {policy: policyOf(policy), tables, jobs}};
		return known.facts;
	};
}

function jobOf(row: Row): {readonly name: string; readonly schedule: string; readonly active: boolean} {
	return {name: text(row, 'jobname'), schedule: text(row, 'schedule'), active: flag(row, 'active')};
}
