import {columnChart} from '../../components/column-chart.ts';
import {drawLine} from '../../components/line.ts';
import type {Past} from '../../monitor/snapshot.ts';
import {formatNumber} from '../../terminal/figures.ts';
import type {Tone} from '../../terminal/theme.ts';
import {barsOf, originLine} from '../past-bars.ts';
import type {DrawContext} from '../screen.ts';

const chartHeight = 3;

/** From this width on there is room for a bar for each half minute, else there is one for each minute. */
const fineFrom = 132;

interface Half {
	readonly title: string;
	readonly lines: readonly string[];
	readonly tone: Tone;
}

function half(past: Past, bars: 30 | 60, kind: 'completed' | 'failed', {theme}: DrawContext): Half {
	const values = barsOf(past, bars, slot => slot[kind]);
	const highest = Math.max(0, ...values.map(value => value ?? 0));
	const every = bars === 60 ? 'every 30s' : 'a minute';
	return {
		title: `${kind === 'completed' ? 'done' : 'failed'} ${every}, 30m, most ${formatNumber(highest)}`,
		lines: columnChart(values, chartHeight, theme.ascii),
		tone: kind === 'completed' ? 'running' : 'error',
	};
}

/** What completed and what failed in the last half hour side by side, and below it whence that is known. */
export function pastChart(past: Past | undefined, context: DrawContext): readonly string[] {
	if (past === undefined) return [];
	const {width, theme} = context;
	const bars = width >= fineFrom ? 60 : 30;
	const done = half(past, bars, 'completed', context);
	const failed = half(past, bars, 'failed', context);
	const cells = bars + 4;
	const line = (left: string, right: string, tones: readonly [Tone, Tone]) =>
		drawLine(
			[
				{text: ` ${left.padEnd(cells)}`, tone: tones[0]},
				{text: right, tone: tones[1]},
			],
			width,
			theme,
		);
	const origin = originLine(past, bars, theme.ascii);
	return [
		line(done.title, failed.title, ['dim', 'dim']),
		...done.lines.map((left, index) => line(left, failed.lines[index] ?? '', [done.tone, failed.tone])),
		line(origin, origin, ['dim', 'dim']),
	];
}
