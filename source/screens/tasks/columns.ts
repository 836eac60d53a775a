import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {State} from '../../monitor/snapshot.ts';
import type {TaskRow} from '../../monitor/task-search.ts';
import {formatAge, formatDuration} from '../../terminal/duration.ts';
import {attemptText} from '../overview/claims.ts';
import {stateStyles} from '../run/state-style.ts';
import {queueColumn, stateColumn, taskColumn} from '../table/common-columns.ts';
import type {TaskCells} from './context.ts';

type TaskColumn = Column<TaskRow, TaskCells>;

const none = '–';

function isExpired({state, leaseExpiresAt}: TaskRow, now: number): boolean {
	return state === 'running' && leaseExpiresAt !== undefined && leaseExpiresAt <= now;
}

function since(instant: number, now: number): string {
	return formatAge(Math.max(0, now - instant));
}

/** What a task does at the moment, or how it ended, in a few words. */
const whatTexts: Readonly<Record<State, (row: TaskRow, now: number) => string>> = {
	pending: ({availableAt = 0}, now) =>
		availableAt <= now ? `ready ${since(availableAt, now)}` : `due in ${formatAge(availableAt - now)}`,
	running(row, now) {
		const lease = isExpired(row, now) ? ', lease ran out' : '';
		return row.startedAt === undefined ? 'claimed' : `claimed ${since(row.startedAt, now)} ago${lease}`;
	},
	sleeping: sleepText,
	completed: ({startedAt, finishedAt}) =>
		startedAt === undefined || finishedAt === undefined
			? 'completed'
			: `took ${formatDuration(Math.max(0, finishedAt - startedAt))}`,
	failed: ({errorName, errorMessage}) =>
		errorMessage === undefined ? (errorName ?? 'no reason given') : `${errorName ?? 'Error'}: ${errorMessage}`,
	cancelled: ({wakeEvent}) => (wakeEvent === undefined ? 'cancelled' : `cancelled while it waited for ${wakeEvent}`),
};

function sleepText({availableAt = 0, startedAt, wakeEvent, attempts}: TaskRow, now: number): string {
	const when = availableAt <= now ? `due ${since(availableAt, now)}` : `in ${formatAge(availableAt - now)}`;
	if (wakeEvent !== undefined) {
		return availableAt === Number.POSITIVE_INFINITY
			? `waits for ${wakeEvent}`
			: `waits for ${wakeEvent}, times out ${when}`;
	}

	return startedAt === undefined && attempts > 1 ? `retry ${when}` : `wakes ${when}`;
}

const columns: readonly TaskColumn[] = [
	stateColumn({leaves: 5}),
	taskColumn(3),
	{
		id: 'id',
		title: 'id',
		width: 7,
		max: 13,
		align: 'left',
		tone: () => 'dim',
		text: ({taskId}, {short}) => short(taskId),
		sort: undefined,
	},
	queueColumn(7, 24),
	{
		id: 'attempts',
		title: 'att',
		width: 4,
		align: 'left',
		text: ({attempts, maxAttempts}, {theme}, width) => attemptText(attempts, maxAttempts, theme, width),
		tone: ({attempts, maxAttempts}) => (attempts > 1 && attempts === maxAttempts ? 'warning' : 'plain'),
		sort: ({attempts}) => attempts,
	},
	{
		id: 'worker',
		title: 'worker',
		width: 9,
		grow: 1,
		max: 28,
		align: 'left',
		leaves: 2,
		truncate: 'start',
		text: ({worker}) => worker ?? none,
		sort: ({worker}) => worker,
	},
	{
		id: 'key',
		title: 'key',
		width: 12,
		grow: 1,
		max: 30,
		align: 'left',
		leaves: 1,
		text: ({key}) => key ?? none,
		sort: ({key}) => key,
	},
	{
		id: 'what',
		title: 'what',
		width: 18,
		grow: 8,
		align: 'left',
		text: (row, {now}) => whatTexts[row.state](row, now),
		tone: (row, {now}) => (isExpired(row, now) ? 'error' : 'plain'),
		sort: undefined,
	},
	{
		id: 'age',
		title: 'age',
		width: 6,
		align: 'right',
		text: ({enqueuedAt}, {now}) => since(enqueuedAt, now),
		sort: ({enqueuedAt}, {now}) => now - enqueuedAt,
	},
];

/** Tasks in the order that the search gives, unless a person sorts what was read. */
export const taskTable: TableSpec<TaskRow, TaskCells> & ListSpec<TaskRow, TaskCells> = {
	columns,
	id: ({queue, taskId}) => `${queue} ${taskId}`,
	// Rows come in their order, and sorting is stable.
	compare: () => 0,
	texts: () => [],
	gone: id => `task …${id.slice(-6)} no longer passes`,
	marker: (row, {now}, theme) =>
		isExpired(row, now)
			? {glyph: theme.glyph.critical, tone: 'error'}
			: {glyph: theme.glyph[stateStyles[row.state].glyph], tone: stateStyles[row.state].tone},
};
