import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {sparkline} from '../../components/sparkline.ts';
import type {TableSpec} from '../../components/table.ts';
import type {FailureGroup} from '../../monitor/failure-groups.ts';
import {fewSamples} from '../../monitor/few-samples.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatNumber, formatShare} from '../../terminal/figures.ts';
import {attemptText} from '../overview/claims.ts';
import type {DrawContext} from '../screen.ts';

type GroupColumn = Column<FailureGroup, DrawContext>;

function countColumn(id: 'dead' | 'retried' | 'cancelled', title: string, leaves?: number): GroupColumn {
	return {
		id,
		title,
		width: 5,
		align: 'right',
		...(leaves === undefined ? {} : {leaves}),
		text: group => formatNumber(group[id]),
		tone: group => (id === 'dead' && group.dead > 0 ? 'error' : 'plain'),
		sort: group => group[id],
	};
}

function ageColumn(id: 'firstAt' | 'lastAt', title: string, leaves: number): GroupColumn {
	return {
		id,
		title,
		width: 5,
		align: 'right',
		leaves,
		text: (group, {now}) => formatAge(Math.max(0, now - group[id])),
		sort: (group, {now}) => now - group[id],
	};
}

function shareText({share}: FailureGroup): string {
	if (share === undefined || share.runs === 0) return '–';
	return share.runs < fewSamples ? `${share.failed}/${share.runs}` : formatShare(share.failed / share.runs);
}

const columns: readonly GroupColumn[] = [
	countColumn('dead', 'dead'),
	countColumn('retried', 'retry'),
	countColumn('cancelled', 'canc', 1),
	{
		id: 'task',
		title: 'task',
		width: 12,
		grow: 1,
		max: 32,
		align: 'left',
		text: group => group.taskName,
		sort: group => group.taskName,
	},
	{
		id: 'error',
		title: 'error',
		width: 24,
		grow: 6,
		align: 'left',
		told: true,
		text: ({errorName, pattern}) => (pattern === '' ? errorName : `${errorName}: ${pattern}`),
		sort: group => group.errorName,
	},
	{
		id: 'queue',
		title: 'queue',
		width: 8,
		max: 20,
		grow: 1,
		align: 'left',
		leaves: 2,
		text: ({queues}) => (queues.length === 1 ? (queues[0] ?? '') : `${queues.length} queues`),
		sort: ({queues}) => queues.join(' '),
	},
	{
		id: 'attempt',
		title: 'att',
		width: 4,
		align: 'left',
		leaves: 3,
		text: ({attempt, maxAttempts}, {theme}, width) => attemptText(attempt, maxAttempts, theme, width),
		sort: group => group.attempt,
	},
	{
		id: 'share',
		title: 'share',
		width: 6,
		align: 'right',
		leaves: 6,
		text: shareText,
		sort: ({share}) => (share === undefined || share.runs === 0 ? undefined : share.failed / share.runs),
	},
	ageColumn('firstAt', 'first', 4),
	ageColumn('lastAt', 'last', 7),
	{
		id: 'trend',
		title: 'trend',
		width: 10,
		align: 'left',
		leaves: 5,
		tone: () => 'warning',
		text: ({trend}, {theme}, width) => sparkline(trend, width, theme.ascii),
		sort: undefined,
	},
];

/** Groups of failures: those with the most dead first. */
export const groupTable: TableSpec<FailureGroup, DrawContext> & ListSpec<FailureGroup, DrawContext> = {
	columns,
	id: group => group.key,
	compare: (a, b) => b.dead - a.dead || b.retried - a.retried || b.lastAt - a.lastAt || (a.key < b.key ? -1 : 1),
	texts: ({taskName, errorName, pattern, queues}) => [taskName, errorName, pattern, ...queues],
	values: ({taskName, errorName, pattern, queues, attempt, lastAt}, {now}) => ({
		name: taskName,
		queue: queues,
		error: `${errorName}: ${pattern}`,
		attempts: attempt,
		age: now - lastAt,
	}),
	gone: () => 'that group has left the window',
	marker: ({dead, cancelled, retried}, _context, theme) => {
		if (dead > 0) return {glyph: theme.glyph.critical, tone: 'error'};
		return retried > 0 || cancelled === 0
			? {glyph: theme.glyph.sleeping, tone: 'warning'}
			: {glyph: theme.glyph.cancelled, tone: 'dim'};
	},
};
