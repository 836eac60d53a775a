import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {createListMemory} from '../../components/list-memory.ts';
import {sparkline} from '../../components/sparkline.ts';
import type {TableSpec} from '../../components/table.ts';
import {fewSamples, isThin} from '../../monitor/few-samples.ts';
import {rowTexts, rowValues} from '../../monitor/filter/rows.ts';
import type {Count, Drains, QueueSnapshot, RunTime, Severity} from '../../monitor/snapshot.ts';
import {formatAge, formatDuration, formatSpan} from '../../terminal/duration.ts';
import {formatCount, formatRate, formatShare} from '../../terminal/figures.ts';
import {fit} from '../../terminal/fit.ts';
import type {Tone} from '../../terminal/theme.ts';
import {trendMark} from '../past-bars.ts';
import type {CellContext} from './context.ts';

type QueueColumn = Column<QueueSnapshot, CellContext>;

const unknown = '–';

const severityOrder: Readonly<Record<Severity, number>> = {critical: 0, warning: 1, ok: 2};

function isStale(queue: QueueSnapshot, context: CellContext): boolean {
	return queue.readAt !== undefined && context.now - queue.readAt > context.staleAfter;
}

function nameText(queue: QueueSnapshot, context: CellContext, width: number): string {
	if (queue.readAt === undefined || !isStale(queue, context)) {
		return queue.name;
	}

	const age = formatAge(context.now - queue.readAt);
	return `${fit(queue.name, width - age.length - 1)} ${age}`;
}

function countText(count: Count | undefined): string {
	return count === undefined ? unknown : formatCount(count);
}

function runningText({running, expired}: QueueSnapshot): string {
	return expired === undefined || expired.value === 0
		? countText(running)
		: `${countText(running)}!${formatCount(expired)}`;
}

function oldestAge(queue: QueueSnapshot, now: number): number | undefined {
	return queue.oldestReadyAt === undefined ? undefined : Math.max(0, now - queue.oldestReadyAt);
}

function failShare({fail5m}: QueueSnapshot): number | undefined {
	return fail5m === undefined || fail5m.finished === 0 ? undefined : fail5m.failed / fail5m.finished;
}

function failText(queue: QueueSnapshot): string {
	const share = failShare(queue);
	if (queue.fail5m === undefined || share === undefined) {
		return unknown;
	}

	const {failed, finished} = queue.fail5m;
	const mark = queue.caveats?.fail5m === true ? '~' : '';
	return mark + (finished < fewSamples ? `${failed}/${finished}` : formatShare(share));
}

function failTone(queue: QueueSnapshot): Tone {
	const share = failShare(queue) ?? 0;
	if ((queue.fail5m?.finished ?? 0) < fewSamples || share < 0.02) {
		return 'plain';
	}

	return share < 0.1 ? 'warning' : 'error';
}

/** `~` marks what rests on few runs or on the rows that were read at start. */
function percentileText(runTime: RunTime | undefined, percentile: 'p50' | 'p95'): string {
	if (runTime === undefined) {
		return unknown;
	}

	const thin = isThin(runTime);
	return `${thin ? '~' : ''}${formatDuration(runTime[percentile])}`;
}

function drainsText(drains: Drains): string {
	return drains.kind === 'in' ? formatSpan(drains.duration) : drains.kind === 'never' ? 'never' : unknown;
}

function drainsOrder(drains: Drains): number | undefined {
	return drains.kind === 'in' ? drains.duration : drains.kind === 'never' ? Number.POSITIVE_INFINITY : undefined;
}

function countTone(count: Count | undefined, {now, staleAfter}: CellContext): Tone {
	return count?.at !== undefined && now - count.at > staleAfter ? 'dim' : 'plain';
}

function countColumn(
	id: 'ready' | 'retrying' | 'sleeping' | 'waiting' | 'history',
	title: string,
	rest: {readonly width: number; readonly leaves?: number},
): QueueColumn {
	return {
		id,
		title,
		align: 'right',
		...rest,
		text: queue => countText(queue[id]),
		tone: (queue, context) => countTone(queue[id], context),
		sort: queue => queue[id]?.value,
	};
}

function percentileColumn(id: 'p50' | 'p95', leaves: number): QueueColumn {
	return {
		id,
		title: id,
		width: 6,
		align: 'right',
		leaves,
		text: queue => percentileText(queue.runTime, id),
		sort: queue => queue.runTime?.[id],
	};
}

/** In the order in which they stand; `leaves` is the order in which they go where the window is narrow. */
const columns: readonly QueueColumn[] = [
	{
		id: 'queue',
		title: 'queue',
		width: 12,
		grow: 1,
		max: 28,
		align: 'left',
		text: nameText,
		sort: queue => queue.name,
	},
	countColumn('ready', 'ready', {width: 6}),
	{
		id: 'oldest',
		title: 'oldest',
		width: 6,
		align: 'right',
		text: (queue, {now}) => {
			const age = oldestAge(queue, now);
			return age === undefined ? unknown : formatAge(age);
		},
		tone: (queue, {now}) => ((oldestAge(queue, now) ?? 0) >= 60_000 ? 'warning' : 'plain'),
		sort: (queue, {now}) => oldestAge(queue, now),
	},
	{
		id: 'running',
		title: 'running',
		width: 7,
		align: 'right',
		text: runningText,
		tone: queue => ((queue.expired?.value ?? 0) > 0 ? 'error' : 'plain'),
		sort: queue => queue.running?.value,
	},
	countColumn('retrying', 'retry', {width: 5, leaves: 7}),
	countColumn('sleeping', 'sleep', {width: 5, leaves: 5}),
	countColumn('waiting', 'wait', {width: 5, leaves: 6}),
	{
		id: 'fail',
		title: 'fail 5m',
		width: 7,
		align: 'right',
		text: failText,
		tone: failTone,
		sort: failShare,
	},
	{
		id: 'done',
		title: 'done/s',
		width: 6,
		align: 'right',
		text: ({donePerSecond, caveats}) =>
			donePerSecond === undefined
				? unknown
				: `${caveats?.donePerSecond === true ? '~' : ''}${formatRate(donePerSecond)}`,
		sort: queue => queue.donePerSecond,
	},
	percentileColumn('p50', 2),
	percentileColumn('p95', 8),
	{
		id: 'drains',
		title: 'drains',
		width: 6,
		align: 'right',
		leaves: 3,
		text: queue => drainsText(queue.drains),
		tone: queue => (queue.drains.kind === 'never' ? 'warning' : 'plain'),
		sort: queue => drainsOrder(queue.drains),
	},
	countColumn('history', 'history', {width: 7, leaves: 1}),
	{
		id: 'trend',
		title: ' trend 5m',
		width: 11,
		align: 'left',
		leaves: 4,
		text: ({trend, caveats}, {theme}, width) => `${trendMark(caveats)}${sparkline(trend, width - 1, theme.ascii)}`,
		tone: () => 'running',
		sort: undefined,
	},
];

const markers: Readonly<Record<Severity, {readonly glyph: 'critical' | 'warning' | 'ok'; readonly tone: Tone}>> = {
	critical: {glyph: 'critical', tone: 'error'},
	warning: {glyph: 'warning', tone: 'warning'},
	ok: {glyph: 'ok', tone: 'ok'},
};

/** Queues: one row each, worst first, then by name. */
export const queueTable: TableSpec<QueueSnapshot, CellContext> & ListSpec<QueueSnapshot, CellContext> = {
	columns,
	memory: createListMemory(({now}) => now),
	id: queue => queue.name,
	compare: (first, second) =>
		severityOrder[first.severity] - severityOrder[second.severity] || (first.name < second.name ? -1 : 1),
	texts: rowTexts.queues,
	values: queue => rowValues.queues(queue),
	gone: id => `queue ${id} is gone`,
	marker: ({severity, trouble}, _context, theme) => {
		const {glyph, tone} = markers[trouble === undefined ? severity : severity === 'ok' ? 'warning' : severity];
		return {glyph: theme.glyph[glyph], tone};
	},
	sentence: ({trouble, readAt}, {now}) => {
		if (trouble !== undefined) {
			const code = trouble.sqlstate === undefined ? '' : ` (${trouble.sqlstate})`;
			const wait = Math.max(0, trouble.retryAt - now);
			return {text: `${trouble.sentence}${code}; asked again in ${formatSpan(wait)}`, tone: 'error'};
		}

		return readAt === undefined ? {text: 'not read yet', tone: 'dim'} : undefined;
	},
	dimmed: isStale,
};
