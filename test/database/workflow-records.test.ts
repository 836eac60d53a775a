import {afterAll, beforeAll, expect, test} from 'vitest';
import {workflowRecords} from '../../source/database/probes/workflow-records.ts';
import {createSource} from '../../source/database/source.ts';
import {searchReach} from '../../source/monitor/task-search.ts';
import type {WorkflowReport} from '../../source/monitor/workflows.ts';
import {workflowTable} from '../../source/screens/workflows/columns.ts';
import {type Absurd, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {drawContext} from '../support/draw.ts';
import {createQueue} from '../support/queue-rows.ts';
import {sessionOn} from '../support/session.ts';

// The table that the early Python client keeps beside Absurd, as absurd.md C has it.

const ids = [1, 2, 3].map(digit => `00000000-0000-4000-8000-00000000000${digit}`);
const [ended = '', open = '', unknown = ''] = ids;
let database: TestDatabase;
let absurd: Absurd;

async function read(): Promise<WorkflowReport> {
	// Each with eyes of its own: what was found about the table is remembered for a while.
	const source = createSource(await sessionOn(database.url), {queues: []});
	try {
		await source.catalogue(5000);
		for (let asks = 0; asks < 50; asks++) {
			const report = await source.probe({kind: 'workflows', limit: searchReach}, 20_000);
			if (report.progress !== 'reading') return report;
		}
		throw new Error('The reading does not end.');
	} finally {
		await source.close();
	}
}

const columns = `workflow_run_id uuid %KEY%, workflow_name text, workflow_version text, workflow_hash text, status text,
	absurd_run_id uuid, absurd_queue text, inputs jsonb, created_by text, tags jsonb, result jsonb, error jsonb,
	started_at timestamptz, completed_at timestamptz, task_count int`;

async function createTable(key: string): Promise<void> {
	await database.query('drop table if exists public.workflow_run');
	await database.query(`create table public.workflow_run (${columns.replace('%KEY%', key)})`);
	await database.query(
		`insert into public.workflow_run (workflow_run_id, workflow_name, workflow_version, status, completed_at) values
		($1, 'ship-order', '3', 'running', null), ($2, E'evil\\u001b[2J', '1', 'running', null)`,
		[ended, open],
	);
}

function nameOf(report: WorkflowReport, id: string): string | undefined {
	const row = report.workflows.find(({workflow}) => workflow === id);
	const column = workflowTable.columns.find(each => each.id === 'workflow');
	return row && column?.text(row, drawContext(200, 40), 50);
}

beforeAll(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await createQueue(database, 'jobs');
	for (const id of [...ids, 'order-7'])
		await absurd.spawn('jobs', 'ship__3__pack', {}, {headers: {workflow_run_id: id}});
	const [first] = await absurd.claim('jobs', 'w:1', 1);
	await absurd.complete('jobs', first ?? '');
});
afterAll(() => database.drop());

test('without such a table nothing is asked of it', async () => {
	const report = await read();
	expect(report.records).toBeUndefined();
	expect(report.workflows.map(({record}) => record)).toEqual([undefined, undefined, undefined, undefined]);
	expect(nameOf(report, ended)).toBe('ship');
});

test('its name and version are shown, and its status where the tasks are otherwise', async () => {
	await createTable('primary key');
	const report = await read();
	expect(report.records).toEqual({sentence: undefined});
	// All its tasks have ended; the table has it running still.
	expect(nameOf(report, ended)).toBe('ship-order v3, recorded as running');
	expect(nameOf(report, open)).toBe('evil\u001b[2J v1');
	expect(nameOf(report, unknown)).toBe('ship');
	expect(nameOf(report, 'order-7')).toBe('ship');
	const rows = await database.query<{id: string; status: string}>(
		'select workflow_run_id::text as id, status from public.workflow_run order by 1',
	);
	expect(
		report.workflows
			.flatMap(({workflow, record}) => (record === undefined ? [] : [{id: workflow, status: record.status}]))
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
	).toEqual(rows);
});

test('a table that no index leads into, or of another shape, or that may not be read, is left alone and named', async () => {
	await createTable('');
	expect((await read()).records).toEqual({sentence: 'the table workflow_run has no index on workflow_run_id'});
	await database.query('drop table public.workflow_run');
	await database.query('create table public.workflow_run (workflow_run_id text primary key, status text)');
	const report = await read();
	expect(report.records).toEqual({sentence: 'the table workflow_run has other columns'});
	expect(report.workflows).toHaveLength(4);
});

test('it is read by its key, however many rows it has', async () => {
	await createTable('primary key');
	await database.query(`insert into public.workflow_run (workflow_run_id, workflow_name, status)
		select gen_random_uuid(), 'other', 'completed' from generate_series(1, 50000)`);
	const {text, values} = workflowRecords('public', ids);
	const [plan] = await database.query<{'QUERY PLAN': unknown}>(`explain (format json) ${text}`, [...values]);
	expect(JSON.stringify(plan)).toContain('workflow_run_pkey');
	expect(JSON.stringify(plan)).not.toContain('Seq Scan');
});
