import {type Bar, type DrawnBars, drawBars, type Look} from '../../components/chart/lane.ts';
import {axisText, deepest, type View, zoomed} from '../../components/chart/scale.ts';
import {type DocumentRow, row} from '../../components/document.ts';
import type {Piece} from '../../components/line.ts';
import type {RunDetail} from '../../monitor/run-detail.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import {type Timeline, timelineOf} from '../../monitor/timeline.ts';
import type {Lane, Segment, SegmentKind} from '../../monitor/timeline-track.ts';
import {formatDuration, formatSpan} from '../../terminal/duration.ts';
import {clip} from '../../terminal/fit.ts';
import type {Tone} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';
import {stateStyles} from './state-style.ts';

/** Cells of the names before the bars. */
const margin = 12;

/** Cells behind the last bar, for the glyph of how it ended. */
const tail = 2;

interface Style {
	readonly look: Look;
	readonly tone: Tone;
	/** What stands for the name of a segment that has none. */
	readonly word: string;
}

const styles: Readonly<Record<SegmentKind, Style>> = {
	queued: {look: 'shade', tone: 'dim', word: 'unclaimed'},
	'back-off': {look: 'shade', tone: 'waiting', word: ''},
	dead: {look: 'dots', tone: 'error', word: 'dead'},
	step: {look: 'box', tone: 'ok', word: ''},
	work: {look: 'box', tone: 'running', word: ''},
	sleep: {look: 'dots', tone: 'waiting', word: 'sleeps'},
	wait: {look: 'dots', tone: 'waiting', word: 'waits'},
	unclear: {look: 'box', tone: 'dim', word: ''},
	expired: {look: 'shade', tone: 'error', word: 'lease out'},
	lease: {look: 'full', tone: 'dim', word: 'lease'},
};

/** The words on a segment, the longest first. A duration that is only an upper bound says so; a guess carries a `?`. */
function labelsOf({kind, from, to, name}: Segment, guess: string | undefined): readonly string[] {
	const took = kind === 'lease' || to - from >= 60_000 ? formatSpan(to - from) : formatDuration(to - from);
	const length = `${kind === 'unclear' ? '≤' : ''}${took}`;
	const word = name ?? (guess === undefined ? styles[kind].word : `${guess}?`);
	const short = word.length > 24 ? [`${clip(word, 24)} ${length}`] : [];
	return word === '' ? [length] : [`${word} ${length}`, ...short, length, word];
}

function barOf(segment: Segment, live: boolean, guess: string | undefined): Bar {
	const {look, tone} = styles[segment.kind];
	const running = live && segment.kind === 'work';
	return {
		from: segment.from,
		to: segment.to,
		look: running ? 'open' : look,
		tone,
		labels: labelsOf(segment, running ? guess : undefined),
		important: segment.kind !== 'lease',
	};
}

function titleOf({kind, attempt, segments}: Lane): string {
	if (kind === 'attempt') return `attempt ${attempt}`;
	const longest = [...segments].sort((first, second) => second.to - second.from - (first.to - first.from))[0]?.kind;
	return longest === undefined || attempt === 1 ? 'queued' : longest;
}

function endPieces({end}: Lane, view: View, context: DrawContext): readonly Piece[] {
	if (end === undefined || end.at < view.from || end.at > view.to) return [];
	const {glyph, tone} = stateStyles[end.state];
	const why = end.failure === undefined ? '' : ` ${end.failure.name}: ${end.failure.message.slice(0, 200)}`;
	return [{text: context.theme.glyph[glyph] + why, tone}];
}

/** How long was waited, behind bars that are too short to carry it. */
function aside({kind, segments}: Lane, {cells, labelled}: DrawnBars): readonly Piece[] {
	const [first, last] = [segments[0], segments.at(-1)];
	return kind === 'attempt' || first === undefined || last === undefined || labelled || cells === 0
		? []
		: [{text: ` ${formatDuration(last.to - first.from)}`, tone: 'dim'}];
}

function laneRow(lane: Lane, detail: RunDetail, view: View, context: DrawContext): DocumentRow {
	const live = lane.end === undefined && lane.kind === 'attempt';
	const bars = lane.segments.map((segment, index) => {
		const newest = live && (lane.segments[index + 1]?.kind ?? 'lease') === 'lease';
		return barOf(segment, newest, detail.likely?.name);
	});
	const drawn = drawBars(bars, view, context.theme);
	const failure = lane.end?.failure;
	const copied = failure === undefined ? lane.runId : `${failure.name}: ${failure.message}`;
	return row(
		lane.id,
		[
			{text: titleOf(lane).padEnd(margin), tone: lane.kind === 'attempt' ? 'strong' : 'dim'},
			...drawn.pieces,
			...aside(lane, drawn),
			...endPieces(lane, view, context),
		],
		copied,
	);
}

/** The future gets at most this share of the axis: a wake-up in three days must not press the past into one cell. */
const futureShare = 0.25;

/** The whole life on so many cells. */
function wholeView({from, to, now}: Timeline, width: number): View {
	const past = Math.max(now, from + 1) - from;
	const cut = Math.min(to, from + past / (1 - futureShare));
	return {from, to: Math.max(from + 1, now > to ? to : cut), cells: Math.max(1, width - margin - tail)};
}

/** What the chart is drawn with besides the task. */
export interface ChartOptions {
	readonly width: number;
	/** 0 = all of it; each level shows half of the one before. */
	readonly zoom: number;
	/** Where a zoomed chart looks. */
	readonly center: Instant | undefined;
}

/** How often a task's chart can be zoomed. */
export function deepestZoom(detail: RunDetail, now: Instant): number {
	return deepest(timelineOf(detail, now));
}

/** Attempts, back-offs and waits as bars below one axis. */
export function chartRows(detail: RunDetail, context: DrawContext, options: ChartOptions): readonly DocumentRow[] {
	const timeline = timelineOf(detail, context.now);
	const whole = wholeView(timeline, options.width);
	const view = zoomed(whole, options.zoom, options.center ?? context.now);
	const title = options.zoom === 0 ? '' : `zoom ${2 ** options.zoom}×`;
	const axis = row('axis', [
		{text: title.padEnd(margin), tone: 'key'},
		{text: axisText(view, timeline.from, context.utc), tone: 'dim'},
	]);
	return [axis, ...timeline.lanes.map(lane => laneRow(lane, detail, view, context))];
}

/** The instants behind the rows of the chart: where a zoom looks when the cursor is on them. */
export function laneCenters(detail: RunDetail, now: Instant): ReadonlyMap<string, Instant> {
	return new Map(
		timelineOf(detail, now).lanes.map(({id, segments}) => {
			const [first, last] = [segments[0], segments.at(-1)];
			return [id, ((first?.from ?? now) + Math.min(last?.to ?? now, now)) / 2];
		}),
	);
}
