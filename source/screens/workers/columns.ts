import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import {fewSamples} from '../../monitor/few-samples.ts';
import type {WorkerRow} from '../../monitor/worker-rows.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatCount, formatNumber, formatRate, formatShare} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';

type WorkerColumn = Column<WorkerRow, DrawContext>;

const windowSeconds = 300;

function counted(row: WorkerRow, value: number): string {
	return formatCount({value, exactness: row.capped && value > 0 ? 'atLeast' : 'exact'});
}

function failShare({completed, failed}: WorkerRow): number | undefined {
	return completed + failed === 0 ? undefined : failed / (completed + failed);
}

function leaseText({held, expired, unleased}: WorkerRow): string {
	if (expired > 0) return `${formatNumber(expired)} out`;
	if (unleased > 0) return `${formatNumber(unleased)} none`;
	return held > 0 ? 'fine' : '–';
}

const columns: readonly WorkerColumn[] = [
	{
		id: 'worker',
		title: 'worker',
		width: 16,
		grow: 2,
		max: 48,
		align: 'left',
		truncate: 'start',
		text: row => (row.worker === '' ? '(no name)' : row.worker) + (row.workers > 1 ? ` ×${row.workers}` : ''),
		sort: row => row.worker,
	},
	{
		id: 'queues',
		title: 'queues',
		width: 8,
		grow: 1,
		max: 40,
		align: 'left',
		told: true,
		leaves: 2,
		text: ({queues}) => queues.join(' '),
		sort: ({queues}) => queues.join(' '),
	},
	{
		id: 'held',
		title: 'holds',
		width: 5,
		align: 'right',
		text: row => counted(row, row.held),
		sort: row => row.held,
	},
	{
		id: 'lease',
		title: 'leases',
		width: 8,
		align: 'left',
		text: leaseText,
		tone: ({expired, unleased}) => (expired > 0 ? 'error' : unleased > 0 ? 'warning' : 'plain'),
		sort: row => row.expired,
	},
	{
		id: 'done',
		title: 'done 5m',
		width: 7,
		align: 'right',
		leaves: 3,
		text: row => counted(row, row.completed),
		sort: row => row.completed,
	},
	{
		id: 'rate',
		title: 'done/s',
		width: 6,
		align: 'right',
		leaves: 1,
		text: row => `${row.capped ? '≥' : ''}${formatRate(row.completed / windowSeconds)}`,
		sort: row => row.completed,
	},
	{
		id: 'fail',
		title: 'fail 5m',
		width: 7,
		align: 'right',
		text: row => {
			const share = failShare(row);
			const all = row.completed + row.failed;
			return share === undefined ? '–' : all < fewSamples ? `${row.failed}/${all}` : formatShare(share);
		},
		tone: row => ((failShare(row) ?? 0) >= 0.1 && row.completed + row.failed >= fewSamples ? 'warning' : 'plain'),
		sort: failShare,
	},
	{
		id: 'timeouts',
		title: 'timeouts',
		width: 8,
		align: 'right',
		leaves: 4,
		text: row => counted(row, row.timeouts),
		tone: row => (row.timeouts > 0 ? 'warning' : 'plain'),
		sort: row => row.timeouts,
	},
	{
		id: 'claim',
		title: 'last claim',
		width: 10,
		align: 'right',
		text: ({lastClaimAt}, {now}) => (lastClaimAt === undefined ? '–' : formatAge(Math.max(0, now - lastClaimAt))),
		sort: ({lastClaimAt}, {now}) => (lastClaimAt === undefined ? undefined : now - lastClaimAt),
	},
];

/** Workers or hosts: those whose leases have run out first, then those that hold most. */
export const workerTable: TableSpec<WorkerRow, DrawContext> & ListSpec<WorkerRow, DrawContext> = {
	columns,
	id: row => row.worker,
	compare: (a, b) => b.expired - a.expired || b.held - a.held || (a.worker < b.worker ? -1 : 1),
	texts: ({worker, queues}) => [worker, ...queues],
	values: ({worker, queues, lastClaimAt}, {now}) => ({
		worker,
		queue: queues,
		age: lastClaimAt === undefined ? undefined : now - lastClaimAt,
	}),
	gone: worker => `${worker} has done nothing for an hour`,
	marker: ({expired, held, unleased}, _context, theme) => {
		if (expired > 0) return {glyph: theme.glyph.critical, tone: 'error'};
		if (unleased > 0) return {glyph: theme.glyph.warning, tone: 'warning'};
		return held > 0 ? {glyph: theme.glyph.running, tone: 'running'} : {glyph: theme.glyph.pending, tone: 'dim'};
	},
};
