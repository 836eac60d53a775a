import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import type {TableSpec} from '../../components/table.ts';
import type {EventRow, QueueRows} from '../../monitor/queue-lists.ts';
import {formatAge, formatSpan} from '../../terminal/duration.ts';
import {formatBytes, formatCount, formatNumber} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';
import {queueColumn} from '../table/common-columns.ts';
import {type QueueWish, queuePieces, readingPieces} from '../table/queue-rows.ts';
import {createTableScreen} from '../table/table-screen.ts';

type EventColumn = Column<EventRow, DrawContext>;

const columns: readonly EventColumn[] = [
	{
		id: 'state',
		title: 'state',
		width: 7,
		align: 'left',
		text: ({awaited}) => (awaited === undefined ? 'emitted' : 'awaited'),
		tone: ({awaited}) => (awaited === undefined ? 'dim' : 'waiting'),
		sort: ({awaited}) => (awaited === undefined ? 'emitted' : 'awaited'),
	},
	{
		id: 'name',
		title: 'event',
		width: 18,
		grow: 4,
		max: 80,
		align: 'left',
		told: true,
		text: row => row.name,
		sort: row => row.name,
	},
	queueColumn(8, 24, {leaves: 2}),
	{
		id: 'waiters',
		title: 'waiters',
		width: 7,
		align: 'right',
		text: ({awaited}) =>
			awaited === undefined
				? ''
				: formatCount({value: awaited.waiters, exactness: awaited.capped ? 'atLeast' : 'exact'}),
		sort: ({awaited}) => awaited?.waiters,
	},
	{
		id: 'oldest',
		title: 'oldest',
		width: 7,
		align: 'right',
		text: ({awaited}, {now}) =>
			awaited === undefined ? '' : `${awaited.capped ? '≥' : ''}${formatAge(Math.max(0, now - awaited.oldestAt))}`,
		sort: ({awaited}, {now}) => (awaited === undefined ? undefined : now - awaited.oldestAt),
	},
	{
		id: 'timeout',
		title: 'times out',
		width: 9,
		align: 'right',
		leaves: 3,
		text: ({awaited}, {now}) => {
			if (awaited === undefined) return '';
			const {nextTimeoutAt} = awaited;
			if (nextTimeoutAt === undefined) return 'never';
			return nextTimeoutAt <= now ? 'now' : `in ${formatSpan(nextTimeoutAt - now)}`;
		},
		sort: ({awaited}) => awaited?.nextTimeoutAt,
	},
	{
		id: 'endless',
		title: 'no limit',
		width: 8,
		align: 'right',
		leaves: 1,
		text: ({awaited}) => (awaited === undefined ? '' : formatNumber(awaited.withoutTimeout)),
		sort: ({awaited}) => awaited?.withoutTimeout,
	},
	{
		id: 'emitted',
		title: 'emitted',
		width: 7,
		align: 'right',
		text: ({emitted}, {now}) => (emitted === undefined ? '' : formatAge(Math.max(0, now - emitted.at))),
		sort: ({emitted}, {now}) => (emitted === undefined ? undefined : now - emitted.at),
	},
	{
		id: 'payload',
		title: 'payload',
		width: 7,
		align: 'right',
		leaves: 4,
		text: ({emitted}) => (emitted === undefined ? '' : formatBytes(emitted.payloadBytes)),
		sort: ({emitted}) => emitted?.payloadBytes,
	},
];

/** Events: awaited and emitted. */
export const eventTable: TableSpec<EventRow, DrawContext> & ListSpec<EventRow, DrawContext> = {
	columns,
	id: ({queue, name, awaited}) => JSON.stringify([queue, name, awaited === undefined]),
	compare: (a, b) =>
		Number(b.awaited !== undefined) - Number(a.awaited !== undefined) ||
		(b.awaited?.waiters ?? 0) - (a.awaited?.waiters ?? 0) ||
		(b.emitted?.at ?? 0) - (a.emitted?.at ?? 0) ||
		(a.name < b.name ? -1 : 1),
	texts: ({name, queue}) => [name, queue],
	values: ({name, queue, awaited, emitted}, {now}) => ({
		name,
		queue,
		age: now - (awaited?.oldestAt ?? emitted?.at ?? now),
	}),
	gone: () => 'nobody waits for that event any more',
	marker: ({awaited}, _context, theme) =>
		awaited === undefined
			? {glyph: theme.glyph.completed, tone: 'dim'}
			: {glyph: theme.glyph.sleeping, tone: 'waiting'},
};

/** Events that are awaited, most waiters first, and those emitted last. */
export const eventsScreen = createTableScreen<EventRow, QueueRows<EventRow>, QueueWish>({
	id: 'events',
	title: 'Events',
	scopes: [],
	spec: eventTable,
	keys: new Set(['name', 'queue', 'age']),
	open: request => ({queue: request.screen === 'events' ? request.queue : undefined}),
	probe: ({queue}) => ({kind: 'events', queue}),
	answer: ({answers}) => answers.events,
	rows: ({rows}) => rows,
	surroundings: (rows, wishes, context) => ({
		summary: [...queuePieces(wishes), ...readingPieces(rows, context)],
		right: [],
		above: [],
		definitions:
			'awaited: up to 200 names a queue, 1,000 waiters a name. emitted: the newest 100 a queue. Enter: the task that waits longest. E emits the event under the cursor.',
		empty: 'Nobody waits for an event, and none was emitted.',
	}),
	openRow: ({awaited}) => (awaited === undefined ? undefined : {screen: 'run', run: awaited.run}),
	copied: ({name}) => [name, 'name of the event'],
	subject: ({queue, name}) => ({queue, target: undefined, taskName: undefined, eventName: name}),
});
