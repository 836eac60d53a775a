import {formatInterval} from '../components/header.ts';
import {drawLine} from '../components/line.ts';
import type {Probe} from '../monitor/probe.ts';
import type {ProbeCost} from '../monitor/snapshot.ts';
import {formatAge, formatDuration} from '../terminal/duration.ts';
import {formatNumber, formatShare} from '../terminal/figures.ts';
import {fit} from '../terminal/fit.ts';
import {wrap} from '../terminal/wrap.ts';
import {createListPager, type PagerList} from './list-pager.ts';
import {type Overlay, plainRow} from './overlay.ts';
import type {DrawContext} from './screen.ts';

const kinds: Readonly<Record<ProbeCost['kind'], string>> = {
	tick: 'in a tick',
	screen: 'this screen',
	asked: 'asked for',
};

function nameCells({width}: DrawContext): number {
	return Math.max(14, Math.min(32, width - 54));
}

function headRows(context: DrawContext): readonly string[] {
	const columns = [
		fit('stmts', 7, {align: 'right'}),
		fit('rows', 7, {align: 'right'}),
		fit('time', 9, {align: 'right'}),
		fit('last', 8, {align: 'right'}),
	];
	const head = `   ${fit('query', nameCells(context))}${fit('  runs', 14)}${columns.join('')}`;
	return [
		...wrap(summary(context), context.width - 4).map(line => plainRow(`   ${line}`, context)),
		plainRow('', context),
		drawLine([{text: head, tone: 'dim'}], context.width, context.theme),
	];
}

const list: PagerList<ProbeCost> = {
	title: 'What looking costs the database',
	keys: new Set(['name', 'age']),
	items: ({snapshot}) => [...snapshot.costs].sort((a, b) => b.duration - a.duration),
	rows: costRows,
	texts: ({probe, kind, trouble}) => [probe, kinds[kind], trouble ?? ''],
	values: ({probe, at}, {now}) => ({name: probe, age: Math.max(0, now - at)}),
	head: headRows,
	empty: () => '  Nothing was asked yet.',
};

/** `D`: what each kind of statement cost the last time, the dearest first. */
export function createCosts(probe: () => Probe | undefined): Overlay {
	return createListPager(list, probe);
}

function summary({snapshot}: DrawContext): string {
	const {tickDuration, interval, effectiveInterval} = snapshot;
	if (tickDuration === undefined) return 'No tick has been answered yet.';
	const share = formatShare(tickDuration / effectiveInterval);
	const slower = effectiveInterval > interval ? ` instead of ${formatInterval(interval)}` : '';
	return `One round trip every ${formatInterval(effectiveInterval)}${slower}; the last took ${formatDuration(tickDuration)}, network included: at most ${share} of one connection.`;
}

function costRows(cost: ProbeCost, context: DrawContext): readonly string[] {
	const figures = [
		fit(formatNumber(cost.statements), 7, {align: 'right'}),
		fit(formatNumber(cost.rows), 7, {align: 'right'}),
		fit(formatDuration(cost.duration), 9, {align: 'right'}),
		fit(formatAge(Math.max(0, context.now - cost.at)), 8, {align: 'right'}),
	].join('');
	const row = plainRow(
		`   ${fit(cost.probe, nameCells(context))}${fit(`  ${kinds[cost.kind]}`, 14)}${figures}`,
		context,
	);
	if (cost.trouble === undefined) return [row];
	const reasons = wrap(cost.trouble, context.width - 8, 3);
	return [
		row,
		...reasons.map(line => drawLine([{text: `      ${line}`, tone: 'warning'}], context.width, context.theme)),
	];
}
