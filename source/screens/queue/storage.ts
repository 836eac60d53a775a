import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import {boundText, type StorageFacts, type TableFacts} from '../../monitor/storage.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatBytes, formatNumber} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';
import {createTableScreen} from '../table/table-screen.ts';

/** A line: a setting, a table or a job. */
interface StorageRow {
	readonly kind: 'policy' | 'table' | 'partition' | 'job';
	readonly name: string;
	readonly value: string;
	readonly table: TableFacts | undefined;
}

type StorageColumn = Column<StorageRow, DrawContext>;

function standby({snapshot}: DrawContext): boolean {
	return snapshot.session?.standby === true;
}

const columns: readonly StorageColumn[] = [
	{
		id: 'kind',
		title: 'what',
		width: 9,
		align: 'left',
		tone: () => 'dim',
		text: ({kind}) => kind,
		sort: ({kind}) => kind,
	},
	{
		id: 'name',
		title: 'name',
		width: 18,
		grow: 1,
		max: 50,
		align: 'left',
		text: ({name}) => name,
		sort: ({name}) => name,
	},
	{id: 'value', title: 'value', width: 12, grow: 2, align: 'left', text: ({value}) => value, sort: undefined},
	{
		id: 'rows',
		title: 'rows',
		width: 6,
		align: 'right',
		text: ({table}) => (table === undefined ? '' : table.rows === undefined ? '?' : `~${formatNumber(table.rows)}`),
		sort: ({table}) => table?.rows,
	},
	{
		id: 'dead',
		title: 'dead',
		width: 6,
		align: 'right',
		text: ({table}, context) => (table === undefined ? '' : standby(context) ? '?' : formatNumber(table.deadRows)),
		sort: ({table}) => table?.deadRows,
	},
	{
		id: 'vacuumed',
		title: 'vacuum',
		width: 6,
		align: 'right',
		text: ({table}, {now}) => {
			if (table === undefined) return '';
			return table.vacuumedAt === undefined ? '–' : formatAge(Math.max(0, now - table.vacuumedAt));
		},
		sort: ({table}) => table?.vacuumedAt,
	},
	{
		id: 'size',
		title: 'size',
		width: 7,
		align: 'right',
		text: ({table}) => (table?.bytes === undefined ? '' : formatBytes(table.bytes)),
		sort: ({table}) => table?.bytes,
	},
];

const order: Readonly<Record<StorageRow['kind'], number>> = {policy: 0, table: 1, partition: 2, job: 3};

/** The policy, tables, partitions and jobs of a queue, in that order. */
export const storageTable: TableSpec<StorageRow, DrawContext> & ListSpec<StorageRow, DrawContext> = {
	columns,
	id: ({kind, name}) => `${kind} ${name}`,
	compare: (a, b) => order[a.kind] - order[b.kind] || (a.name < b.name ? -1 : 1),
	texts: ({kind, name, value}) => [kind, name, value],
	values: ({name}) => ({name}),
	gone: id => `${id} is gone`,
	marker: () => ({glyph: ' ', tone: 'plain'}),
};

function rowsOf({policy, tables, jobs}: StorageFacts): readonly StorageRow[] {
	return [
		...policy.map(({name, value}) => ({kind: 'policy' as const, name, value, table: undefined})),
		...tables.map(table => ({
			kind: table.parent === undefined ? ('table' as const) : ('partition' as const),
			name: table.name,
			value: table.bound === undefined ? '' : boundText(table.bound),
			table,
		})),
		...(jobs ?? []).map(({name, schedule, active}) => ({
			kind: 'job' as const,
			name,
			value: `${schedule}${active ? '' : ' (not active)'}`,
			table: undefined,
		})),
	];
}

/** Policy, tables, partitions and maintenance jobs of a queue. */
export const storageScreen = createTableScreen<
	StorageRow,
	StorageFacts,
	{readonly queue: string; readonly sizes: boolean}
>({
	id: 'storage',
	title: 'Storage',
	scopes: ['queue'],
	spec: storageTable,
	keys: new Set(['name']),
	open: request => ({queue: request.screen === 'storage' ? request.queue : '', sizes: false}),
	probe: ({queue, sizes}) => ({kind: 'storage', queue, sizes}),
	answer: ({answers}) => answers.storage,
	rows: rowsOf,
	surroundings: ({jobs}, {sizes}) => ({
		summary: jobs === undefined ? [{text: '  cron jobs: not visible in this database', tone: 'dim'}] : [],
		right: sizes ? [] : [{text: 's measures sizes', tone: 'dim'}],
		above: [],
		definitions:
			'Read every 30 s. rows: the planner’s estimate (? = never analysed). dead: rows that vacuum has yet to remove. size: with indexes and large values. Jobs may live in another database, an OS cron or a task: not visible is not missing.',
		empty: 'The registry knows nothing of this queue.',
	}),
	openRow: () => undefined,
	copied: ({name}) => [name, 'name'],
	subject: () => ({queue: undefined, target: undefined, taskName: undefined, eventName: undefined}),
	command: (command, wishes) => (command === 'queue.sizes' ? {...wishes, sizes: true} : undefined),
});
