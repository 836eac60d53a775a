import {typedPieces} from '../../components/filter-prompt.ts';
import {drawEnds, type Piece} from '../../components/line.ts';
import {sparkline} from '../../components/sparkline.ts';
import {caveatsOf} from '../../monitor/caveats.ts';
import {unknownTerm} from '../../monitor/filter/match.ts';
import {parseFilter} from '../../monitor/filter/parse.ts';
import {rowKeys} from '../../monitor/filter/rows.ts';
import {isReconstructed} from '../../monitor/finish-history.ts';
import type {Count, Snapshot} from '../../monitor/snapshot.ts';
import {formatGrouped, formatRate} from '../../terminal/figures.ts';
import {barsOf, reconstructedMark, trendMark} from '../past-bars.ts';
import type {DrawContext} from '../screen.ts';
import type {Extent} from './panel.ts';
import type {OverviewState, PanelId} from './state.ts';

const names: Readonly<Record<PanelId, string>> = {
	queues: 'Queues',
	claims: 'Active claims',
	failures: 'Recent failures',
};

const signs: Readonly<Record<Count['exactness'], string>> = {exact: '', atLeast: '≥', estimate: '~'};

function exactness(id: PanelId, snapshot: Snapshot): Count['exactness'] {
	if (id === 'claims') {
		return snapshot.claimCount?.exactness ?? 'exact';
	}

	return id === 'failures' && snapshot.failuresCapped ? 'atLeast' : 'exact';
}

/** How many there are, which can be more than the Snapshot holds: `≥1,204`. */
function total(id: PanelId, snapshot: Snapshot, extent: Extent): {readonly value: number; readonly text: string} {
	const value = Math.max(extent.total, (id === 'claims' ? snapshot.claimCount?.value : undefined) ?? 0);
	return {value, text: `${signs[exactness(id, snapshot)]}${formatGrouped(value)}`};
}

function countText(id: PanelId, snapshot: Snapshot, extent: Extent): string {
	if (snapshot.at === undefined) {
		return '';
	}

	const {value, text} = total(id, snapshot, extent);
	return extent.shown === value ? ` ${text}` : ` ${formatGrouped(extent.shown)} of ${text}`;
}

function wishes(state: OverviewState, id: PanelId, extent: Extent): readonly Piece[] {
	const {filter, note} = state.lists[id];
	const active = state.panel === id;
	const pieces: Piece[] = [];
	if (id !== 'queues' && state.queue !== undefined) {
		pieces.push({text: `  queue ${state.queue}`, tone: 'key'});
	}

	if (active && state.prompt !== undefined) {
		pieces.push(...typedPieces(state.prompt));
	} else if (filter !== '') {
		pieces.push({text: `  /${filter}`, tone: 'key'});
	}

	const unknown = unknownTerm(parseFilter(filter), rowKeys[id]);
	if (unknown !== undefined && (!active || state.prompt === undefined)) {
		const place = unknown.asks === 'params' || unknown.asks === 'headers' ? '; Tasks (2) looks into them' : '';
		pieces.push({text: `  no ${unknown.asks} here${place}`, tone: 'warning'});
	}

	if (active && note !== undefined) {
		pieces.push({text: `  ${note}`, tone: 'warning'});
	}

	if (active && extent.outOfOrder) {
		pieces.push({text: '  order held', tone: 'dim'});
	}

	return pieces;
}

function unread(id: PanelId, {queues}: Snapshot): readonly Piece[] {
	const broken = queues.filter(queue => queue.trouble !== undefined).length;
	return id === 'queues' || broken === 0
		? []
		: [{text: `  ${broken} ${broken === 1 ? 'queue' : 'queues'} not read`, tone: 'warning'}];
}

/** From this width on the title has room for the half hour, else for the last five minutes. */
const halfHourFrom = 110;
const halfHourBars = 30;

function throughput({donePerSecond, trend, past, queues}: Snapshot, width: number, ascii: boolean): readonly Piece[] {
	if (donePerSecond === undefined) return [];
	const wide = width >= halfHourFrom && past !== undefined;
	const values = wide ? barsOf(past, halfHourBars, ({completed}) => completed) : trend;
	const caveats = caveatsOf(queues);
	const mark = !wide ? trendMark(caveats) : isReconstructed(past) ? reconstructedMark : ' ';
	return [
		{text: wide ? 'done/s 30m ' : 'done/s ', tone: 'dim'},
		{text: `${mark}${sparkline(values, values.length, ascii)}`, tone: 'running'},
		{text: `  ${caveats.donePerSecond ? '~' : ''}${formatRate(donePerSecond)}`, tone: 'strong'},
	];
}

/** The first line of a panel: what it holds, what narrows it, what happened, which part is in the window. */
export function drawTitle(
	state: OverviewState,
	id: PanelId,
	{extent, context, width}: {readonly extent: Extent; readonly context: DrawContext; readonly width: number},
): string {
	const {snapshot, theme} = context;
	const active = state.panel === id;
	const marker = active && extent.shown === 0 ? theme.glyph.cursor : ' ';
	const part = extent.last - extent.first + 1 < extent.shown ? `  rows ${extent.first}–${extent.last}` : '';
	return drawEnds(
		[
			{text: `${marker}${names[id]}${countText(id, snapshot, extent)}`, tone: active ? 'title' : 'strong'},
			{text: part, tone: 'dim'},
			...wishes(state, id, extent),
			...unread(id, snapshot),
		],
		id === 'queues' ? throughput(snapshot, width, theme.ascii) : [],
		width,
		theme,
	);
}
