import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {createListMemory} from '../../components/list-memory.ts';
import type {TableSpec} from '../../components/table.ts';
import {rowTexts, rowValues} from '../../monitor/filter/rows.ts';
import type {Failure} from '../../monitor/snapshot.ts';
import {formatAge} from '../../terminal/duration.ts';
import type {Glyph, Tone} from '../../terminal/theme.ts';
import {queueColumn} from '../table/common-columns.ts';
import {attemptText} from './claims.ts';
import type {CellContext} from './context.ts';

type FailureColumn = Column<Failure, CellContext>;

const outcomes: Readonly<Record<Failure['outcome'], {readonly glyph: Glyph; readonly tone: Tone}>> = {
	dead: {glyph: 'failed', tone: 'error'},
	retried: {glyph: 'sleeping', tone: 'warning'},
	cancelled: {glyph: 'cancelled', tone: 'dim'},
};

const columns: readonly FailureColumn[] = [
	{
		id: 'when',
		title: 'when',
		width: 4,
		max: 6,
		grow: 1,
		align: 'right',
		text: (failure, {now}) => formatAge(Math.max(0, now - failure.failedAt)),
		sort: failure => failure.failedAt,
	},
	{
		id: 'task',
		title: 'task',
		width: 12,
		grow: 2,
		max: 40,
		align: 'left',
		text: failure => failure.taskName,
		sort: failure => failure.taskName,
	},
	{
		id: 'id',
		title: 'id',
		width: 7,
		align: 'left',
		leaves: 2,
		tone: () => 'dim',
		text: (failure, context) => context.short(failure.taskId),
		sort: undefined,
	},
	queueColumn(6, 20),
	{
		id: 'attempt',
		title: 'att',
		width: 4,
		align: 'left',
		text: (failure, {theme}, width) => attemptText(failure.attempt, failure.maxAttempts, theme, width),
		sort: failure => failure.attempt,
	},
	{
		id: 'outcome',
		title: 'then',
		width: 7,
		max: 9,
		grow: 1,
		align: 'left',
		leaves: 3,
		tone: failure => outcomes[failure.outcome].tone,
		text: failure => failure.outcome,
		sort: failure => failure.outcome,
	},
	{
		id: 'worker',
		title: 'worker',
		width: 8,
		grow: 1,
		max: 24,
		align: 'left',
		leaves: 1,
		truncate: 'start',
		text: failure => failure.worker ?? '–',
		sort: failure => failure.worker,
	},
	{
		id: 'error',
		title: 'error',
		width: 24,
		grow: 12,
		align: 'left',
		text: failure =>
			failure.errorMessage === '' ? failure.errorName : `${failure.errorName}: ${failure.errorMessage}`,
		sort: failure => failure.errorName,
	},
];

/** Recent failures: newest first by when they failed. */
export const failureTable: TableSpec<Failure, CellContext> & ListSpec<Failure, CellContext> = {
	columns,
	memory: createListMemory(({now}) => now),
	id: failure => `${failure.queue} ${failure.runId}`,
	compare: (first, second) => second.failedAt - first.failedAt || (first.runId < second.runId ? -1 : 1),
	texts: rowTexts.failures,
	values: (failure, {now}) => rowValues.failures(failure, now),
	gone: id => `run …${id.slice(-6)} has left the list`,
	marker: ({outcome}, _context, theme) => ({glyph: theme.glyph[outcomes[outcome].glyph], tone: outcomes[outcome].tone}),
};
