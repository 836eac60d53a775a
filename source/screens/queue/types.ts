import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {sparkline} from '../../components/sparkline.ts';
import type {TableSpec} from '../../components/table.ts';
import {fewSamples} from '../../monitor/few-samples.ts';
import {writeSafely} from '../../monitor/filter/complete.ts';
import type {Percentiles, TypeReport, TypeRow} from '../../monitor/type-tally.ts';
import {formatAge, formatDuration} from '../../terminal/duration.ts';
import {formatNumber, formatShare} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';
import {createTableScreen} from '../table/table-screen.ts';
import {pastChart} from './past-chart.ts';

type TypeColumn = Column<TypeRow, DrawContext>;
type Share = 'p50' | 'p95' | 'p99';

/** From this height on there is room for the chart. */
const chartFrom = 15;

/** In a narrower window there are no bars. */
const spreadFrom = 110;

function failShare({completed, failed}: TypeRow): number | undefined {
	return completed + failed === 0 ? undefined : failed / (completed + failed);
}

function timeColumn(of: 'runTime' | 'pickup', share: Share, title: string, leaves?: number): TypeColumn {
	const value = (row: TypeRow): Percentiles | undefined => row[of];
	return {
		id: `${of}-${share}`,
		title,
		width: 7,
		align: 'right',
		...(leaves === undefined ? {} : {leaves}),
		text: row => {
			const known = value(row);
			return known === undefined ? '–' : `${known.samples < fewSamples ? '~' : ''}${formatDuration(known[share])}`;
		},
		sort: row => value(row)?.[share],
	};
}

/** It belongs to the percentiles beside it and stays as long as they do. */
function sampleColumn(of: 'runTime' | 'pickup'): TypeColumn {
	return {
		id: `${of}-samples`,
		title: 'of',
		width: 4,
		align: 'right',
		tone: () => 'dim',
		text: row => formatNumber(row[of]?.samples ?? 0),
		sort: row => row[of]?.samples,
	};
}

const columns: readonly TypeColumn[] = [
	{
		id: 'task',
		title: 'task',
		width: 14,
		grow: 1,
		max: 50,
		align: 'left',
		text: row => row.taskName,
		sort: row => row.taskName,
	},
	{
		id: 'runs',
		title: 'runs',
		width: 5,
		align: 'right',
		text: row => formatNumber(row.completed + row.failed),
		sort: row => row.completed + row.failed,
	},
	{
		id: 'fail',
		title: 'fail',
		width: 6,
		align: 'right',
		text: row => {
			const share = failShare(row);
			const all = row.completed + row.failed;
			return share === undefined ? '–' : all < fewSamples ? `${row.failed}/${all}` : formatShare(share);
		},
		tone: row => ((failShare(row) ?? 0) >= 0.1 && row.completed + row.failed >= fewSamples ? 'error' : 'plain'),
		sort: failShare,
	},
	timeColumn('pickup', 'p50', 'wait50', 1),
	timeColumn('pickup', 'p95', 'wait95'),
	timeColumn('pickup', 'p99', 'wait99', 2),
	sampleColumn('pickup'),
	timeColumn('runTime', 'p50', 'run50', 3),
	timeColumn('runTime', 'p95', 'run95'),
	timeColumn('runTime', 'p99', 'run99', 4),
	sampleColumn('runTime'),
	{
		id: 'spread',
		title: '10ms 1s 1000s',
		width: 13,
		align: 'left',
		leaves: 0,
		tone: () => 'running',
		text: ({spread}, {theme}) => sparkline(spread, spread.length, theme.ascii),
		sort: undefined,
	},
];

/** Task types of a queue. */
export const typeTable: TableSpec<TypeRow, DrawContext> & ListSpec<TypeRow, DrawContext> = {
	columns,
	id: row => row.taskName,
	compare: (a, b) => b.completed + b.failed - a.completed - a.failed || (a.taskName < b.taskName ? -1 : 1),
	texts: row => [row.taskName],
	values: ({taskName}) => ({name: taskName}),
	gone: name => `${name} is gone`,
	marker: (row, _context, theme) =>
		(failShare(row) ?? 0) >= 0.1 ? {glyph: theme.glyph.warning, tone: 'warning'} : {glyph: theme.glyph.ok, tone: 'ok'},
};

function chart(name: string, context: DrawContext): readonly string[] {
	const queue = context.snapshot.queues.find(candidate => candidate.name === name);
	return context.height < chartFrom ? [] : pastChart(queue?.past, context);
}

/** What the figures rest on. */
function known({since, seedFrom, until, sampled}: TypeReport): string {
	const ago = (instant: number) => formatAge(Math.max(0, until - instant));
	const seen = since === undefined ? '' : `all of the last ${ago(since)}`;
	const claimed = seedFrom === undefined || seedFrom === Number.NEGATIVE_INFINITY ? '' : ` (${ago(seedFrom)})`;
	const seed = seedFrom === undefined ? '' : `the newest 2,000 by claim${claimed}`;
	const both = [seen, seed].filter(part => part !== '').join(', before that ');
	return `Counted: ${both}${sampled ? '; a sample where more finish than 100 a refresh' : ''}.`;
}

/** The task types of a queue. */
export const typesScreen = createTableScreen<TypeRow, TypeReport, {readonly queue: string}>({
	id: 'types',
	title: 'Task types',
	scopes: [],
	spec: typeTable,
	keys: new Set(['name']),
	open: request => ({queue: request.screen === 'types' ? request.queue : ''}),
	probe: ({queue}) => ({kind: 'types', queue}),
	answer: ({answers}) => answers.types,
	rows: ({types}) => types,
	surroundings: (report, {queue}, context) => ({
		summary: [],
		right: [],
		above: chart(queue, context),
		definitions: `${known(report)} ~ under a bar: from before the start; before a time: below 20 samples. wait: first claim − enqueue, of first attempts. run: last leg, of completed runs.${context.width < spreadFrom ? '' : ' Bars: how run times are spread, two to a power of ten.'}`,
		empty: 'Nothing has finished in this queue.',
	}),
	openRow: ({taskName}, {queue}) => ({
		screen: 'tasks',
		filter: `queue:${writeSafely(queue)} name:${writeSafely(taskName)}`,
	}),
	copied: ({taskName}) => [taskName, 'name of the task'],
	subject: ({taskName}) => ({queue: undefined, target: undefined, taskName, eventName: undefined}),
});
