import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {shortId} from '../../components/short-id.ts';
import type {TableSpec} from '../../components/table.ts';
import type {QueueRows, WakeUp} from '../../monitor/queue-lists.ts';
import {formatSpan} from '../../terminal/duration.ts';
import {formatInstant} from '../../terminal/instant.ts';
import type {Glyph, Tone} from '../../terminal/theme.ts';
import {attemptText} from '../overview/claims.ts';
import type {DrawContext} from '../screen.ts';
import {queueColumn, taskColumn} from '../table/common-columns.ts';
import {type QueueWish, queuePieces, readingPieces} from '../table/queue-rows.ts';
import {createTableScreen} from '../table/table-screen.ts';

type WakeColumn = Column<WakeUp, DrawContext>;

const styles: Readonly<Record<WakeUp['kind'], {readonly glyph: Glyph; readonly tone: Tone; readonly text: string}>> = {
	retry: {glyph: 'failed', tone: 'warning', text: 'retry'},
	timer: {glyph: 'sleeping', tone: 'plain', text: 'timer'},
	timeout: {glyph: 'sleeping', tone: 'waiting', text: 'timeout'},
};

const columns: readonly WakeColumn[] = [
	{
		id: 'in',
		title: 'in',
		width: 6,
		align: 'right',
		text: ({dueAt}, {now}) => (dueAt <= now ? 'due' : formatSpan(dueAt - now)),
		tone: ({dueAt}, {now}) => (dueAt <= now ? 'warning' : 'plain'),
		sort: ({dueAt}) => -dueAt,
	},
	{
		id: 'at',
		title: 'at',
		width: 19,
		align: 'left',
		leaves: 1,
		tone: () => 'dim',
		text: ({dueAt}, {utc}) => formatInstant(dueAt, utc),
		sort: undefined,
	},
	{
		id: 'why',
		title: 'why',
		width: 8,
		align: 'left',
		text: ({kind}) => styles[kind].text,
		tone: ({kind}) => styles[kind].tone,
		sort: ({kind}) => kind,
	},
	taskColumn(2),
	{
		id: 'id',
		title: 'id',
		width: 7,
		align: 'left',
		leaves: 3,
		tone: () => 'dim',
		text: ({taskId}) => shortId(taskId),
		sort: undefined,
	},
	queueColumn(8, 24, {leaves: 2}),
	{
		id: 'attempt',
		title: 'att',
		width: 5,
		align: 'left',
		text: ({attempt, maxAttempts}, {theme}, width) => attemptText(attempt, maxAttempts, theme, width),
		sort: ({attempt}) => attempt,
	},
	{
		id: 'event',
		title: 'event',
		width: 12,
		grow: 3,
		align: 'left',
		told: true,
		leaves: 4,
		text: ({event}) => event ?? '',
		sort: ({event}) => event,
	},
];

/** What wakes up, the soonest first. */
export const wakeTable: TableSpec<WakeUp, DrawContext> & ListSpec<WakeUp, DrawContext> = {
	columns,
	id: ({queue, runId}) => `${queue} ${runId}`,
	compare: (a, b) => a.dueAt - b.dueAt || (a.runId < b.runId ? -1 : 1),
	texts: ({taskName, taskId, runId, queue, event}) => [taskName, taskId, runId, queue, event ?? ''],
	values: ({taskName, taskId, runId, queue, attempt}) => ({
		name: taskName,
		id: [taskId, runId],
		queue,
		attempts: attempt,
		state: 'sleeping',
	}),
	gone: id => `run …${id.slice(-6)} has woken up`,
	marker: ({kind}, _context, theme) => ({glyph: theme.glyph[styles[kind].glyph], tone: styles[kind].tone}),
};

/** What wakes up when, the soonest first. */
export const scheduleScreen = createTableScreen<WakeUp, QueueRows<WakeUp>, QueueWish>({
	id: 'schedule',
	title: 'Schedule',
	scopes: [],
	spec: wakeTable,
	markable: true,
	keys: new Set(['name', 'id', 'queue', 'attempts', 'state']),
	open: request => ({queue: request.screen === 'schedule' ? request.queue : undefined}),
	probe: ({queue}) => ({kind: 'schedule', queue}),
	answer: ({answers}) => answers.schedule,
	rows: ({rows}) => rows,
	surroundings: (rows, wishes, context) => ({
		summary: [...queuePieces(wishes), ...readingPieces(rows, context)],
		right: [],
		above: [],
		definitions:
			'The soonest 200 a queue. retry: the back-off ends; timer: the sleep ends; timeout: the wait for an event ends without it. due: any worker may take it. Waits without a timeout are on Events (key 5).',
		empty: 'Nothing sleeps that would wake up by itself.',
	}),
	openRow: ({queue, taskId, runId}) => ({screen: 'run', run: {queue, taskId, runId}}),
	copied: ({taskId}) => [taskId, 'task id'],
	subject: ({queue, taskId, taskName, event}) => ({
		queue,
		target: {queue, taskId, state: 'sleeping'},
		taskName,
		eventName: event,
	}),
});
