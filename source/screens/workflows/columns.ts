import {bar} from '../../components/bar.ts';
import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {shortId} from '../../components/short-id.ts';
import type {TableSpec} from '../../components/table.ts';
import {compareWorkflows, openTasks, type WorkflowRow, workflowKey} from '../../monitor/workflows.ts';
import {formatAge, formatSpan} from '../../terminal/duration.ts';
import {formatNumber} from '../../terminal/figures.ts';
import {stateStyles} from '../run/state-style.ts';
import type {DrawContext} from '../screen.ts';
import {stateColumn} from '../table/common-columns.ts';

type WorkflowColumn = Column<WorkflowRow, DrawContext>;

const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Room for a whole uuid; in less it is short. */
const wholeId = 36;

function idText(workflow: string, width: number): string {
	return uuid.test(workflow) && width < wholeId ? shortId(workflow) : workflow;
}

function countAll({tasks}: WorkflowRow): number {
	return tasks.length;
}

/** From its first task to the end of its last one, or until now. */
function tookOf({startedAt, endedAt}: WorkflowRow, now: number): number {
	return Math.max(0, (endedAt ?? now) - startedAt);
}

function countColumn(
	id: string,
	title: string,
	value: (row: WorkflowRow) => number,
	rest: Partial<WorkflowColumn> = {},
): WorkflowColumn {
	return {
		id,
		title,
		width: 4,
		align: 'right',
		text: row => (value(row) === 0 ? '' : formatNumber(value(row))),
		sort: value,
		...rest,
	};
}

/** The table says that it has ended while tasks of it are open, or that it has not though none is. */
function disagrees({record, states}: WorkflowRow): boolean {
	return record !== undefined && ['pending', 'running'].includes(record.status) !== openTasks(states) > 0;
}

/**
 * Its name with its version, as the table of the early client has them, else what headers and tasks tell; and that
 * table's status where it is not what the tasks are.
 */
function nameText(row: WorkflowRow): string {
	const {name, record} = row;
	const version = record?.version === undefined ? '' : ` v${record.version}`;
	return `${record?.name ?? name}${version}${disagrees(row) ? `, recorded as ${record?.status ?? ''}` : ''}`;
}

const columns: readonly WorkflowColumn[] = [
	stateColumn(),
	{
		id: 'workflow',
		title: 'workflow',
		width: 14,
		grow: 3,
		max: 50,
		align: 'left',
		told: true,
		text: nameText,
		tone: row => (disagrees(row) ? 'warning' : 'plain'),
		sort: nameText,
	},
	{
		id: 'id',
		title: 'id',
		width: 8,
		grow: 2,
		max: wholeId,
		align: 'left',
		told: true,
		tone: () => 'dim',
		text: ({workflow}, _context, width) => idText(workflow, width),
		sort: ({workflow}) => workflow,
	},
	{
		id: 'queue',
		title: 'queue',
		width: 7,
		grow: 1,
		max: 24,
		align: 'left',
		leaves: 4,
		text: ({queues}) => (queues.length === 1 ? (queues[0] ?? '') : `${queues.length} queues`),
		sort: ({queues}) => queues.join(' '),
	},
	{
		id: 'tenant',
		title: 'tenant',
		width: 8,
		grow: 1,
		max: 24,
		align: 'left',
		leaves: 3,
		text: ({tenant}) => tenant ?? '–',
		sort: ({tenant}) => tenant,
	},
	{
		id: 'progress',
		title: 'ended',
		width: 8,
		align: 'left',
		leaves: 1,
		text: (row, {theme}, width) => bar(1 - openTasks(row.states) / countAll(row), width, theme),
		sort: undefined,
	},
	countColumn('tasks', 'tasks', countAll, {width: 5}),
	countColumn('running', 'run', ({states}) => states.running, {tone: () => 'running'}),
	countColumn('waiting', 'wait', ({states}) => states.pending + states.sleeping),
	countColumn('done', 'done', ({states}) => states.completed),
	countColumn('failed', 'fail', ({states}) => states.failed, {tone: () => 'error'}),
	countColumn('cancelled', 'canc', ({states}) => states.cancelled, {leaves: 2}),
	{
		id: 'took',
		title: 'took',
		width: 6,
		align: 'right',
		text: (row, {now}) => formatSpan(tookOf(row, now)),
		sort: (row, {now}) => tookOf(row, now),
	},
	{
		id: 'last',
		title: 'last',
		width: 5,
		align: 'right',
		text: ({lastAt}, {now}) => formatAge(Math.max(0, now - lastAt)),
		sort: ({lastAt}, {now}) => now - lastAt,
	},
];

/** Workflows: the open ones first, those with failed tasks before the others. */
export const workflowTable: TableSpec<WorkflowRow, DrawContext> & ListSpec<WorkflowRow, DrawContext> = {
	columns,
	id: workflowKey,
	compare: compareWorkflows,
	texts: ({name, workflow, queues, tenant, record}) => [
		name,
		workflow,
		...queues,
		tenant ?? '',
		record?.name ?? '',
		record?.status ?? '',
	],
	values: ({name, workflow, queues, state, startedAt, record}, {now}) => ({
		name: record?.name ?? name,
		queue: queues,
		state,
		id: workflow,
		age: now - startedAt,
	}),
	gone: key => `workflow ${key.slice(key.indexOf(' ') + 1)} is not among what was read any more`,
	marker: ({state, states}, _context, theme) => {
		const {glyph, tone} = states.failed > 0 ? stateStyles.failed : stateStyles[state];
		return {glyph: theme.glyph[glyph], tone};
	},
};
