import type {WorkflowRecord, WorkflowReport, WorkflowRow} from '../../monitor/workflows.ts';
import {optionalNumber, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {ProbeTools} from './probe.ts';

/** Workflows that are looked up, the first of the list; and how often the table and its rows are read again, milliseconds. */
const mostRecords = 200;
const tableRest = 30_000;
const recordsRest = 5000;

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What is known of the table: where it stands, or why it is not read. */
type Table = {readonly schema: string} | {readonly sentence: string} | undefined;

function tableOf(row: Row | undefined): Table {
	if (row === undefined) return undefined;
	if (row['readable'] !== true) return {sentence: 'no right to read the table workflow_run'};
	if (row['known'] !== true) return {sentence: 'the table workflow_run has other columns'};
	if (row['indexed'] !== true) return {sentence: 'the table workflow_run has no index on workflow_run_id'};
	return {schema: text(row, 'schema')};
}

/** The statement that looks workflows up in that table. */
export function workflowRecords(schema: string, ids: readonly string[]): Statement {
	return statement('workflow-records', {schema}, {ids});
}

function recordOf(row: Row): WorkflowRecord {
	return {
		name: optionalText(row, 'workflow_name'),
		version: optionalText(row, 'workflow_version'),
		status: optionalText(row, 'status') ?? '',
		completedAt: optionalNumber(row, 'completed_at'),
	};
}

function idOf({header, workflow}: WorkflowRow): string | undefined {
	return header === 'workflow_run_id' && uuid.test(workflow) ? workflow.toLowerCase() : undefined;
}

/** Adds to a report what the table of the early Python client says of its workflows, where there is such a table. */
export class WorkflowRecords {
	#table: {readonly at: number; readonly found: Table} | undefined;
	#records:
		| {readonly at: number; readonly ids: string; readonly found: ReadonlyMap<string, WorkflowRecord>}
		| undefined;

	async addTo(report: WorkflowReport, {read}: ProbeTools): Promise<WorkflowReport> {
		const ids = report.workflows.flatMap(row => idOf(row) ?? []).slice(0, mostRecords);
		if (ids.length === 0) return report;
		const table = await this.#find(read);
		if (table === undefined) return report;
		if ('sentence' in table) return {...report, records: table};
		const records = await this.#look(table.schema, ids, read);
		if (typeof records === 'string') return {...report, records: {sentence: records}};
		const workflows = report.workflows.map(row => ({...row, record: records.get(idOf(row) ?? '')}));
		return {...report, workflows, records: {sentence: undefined}};
	}

	async #find(read: ProbeTools['read']): Promise<Table> {
		const now = performance.now();
		if (this.#table === undefined || now - this.#table.at > tableRest) {
			const {outcomes} = await read([statement('workflow-table', {}, {})]);
			const [outcome] = outcomes;
			this.#table = {at: now, found: outcome?.kind === 'rows' ? tableOf(outcome.rows[0]) : undefined};
		}
		return this.#table.found;
	}

	/** What it says of each id; a sentence when it cannot be asked. */
	async #look(
		schema: string,
		ids: readonly string[],
		read: ProbeTools['read'],
	): Promise<ReadonlyMap<string, WorkflowRecord> | string> {
		const now = performance.now();
		const known = this.#records;
		const key = ids.join();
		if (known?.ids === key && now - known.at < recordsRest) return known.found;
		const {outcomes} = await read([workflowRecords(schema, ids)]);
		const [outcome] = outcomes;
		if (outcome?.kind === 'error') return `the table workflow_run: ${outcome.error.sentence}`;
		if (outcome?.kind !== 'rows') return known?.found ?? new Map();
		const found = new Map(outcome.rows.map(row => [text(row, 'workflow_run_id').toLowerCase(), recordOf(row)]));
		this.#records = {at: now, ids: key, found};
		return found;
	}
}
