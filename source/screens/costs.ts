import {formatInterval} from '../components/header.ts';
import {drawLine} from '../components/line.ts';
import type {ProbeCost} from '../monitor/snapshot.ts';
import {formatAge, formatDuration} from '../terminal/duration.ts';
import {formatNumber, formatShare} from '../terminal/figures.ts';
import {fit} from '../terminal/fit.ts';
import {wrap} from '../terminal/wrap.ts';
import {createPager, type Overlay, plainRow} from './overlay.ts';
import type {DrawContext} from './screen.ts';

const kinds: Readonly<Record<ProbeCost['kind'], string>> = {
	tick: 'every tick',
	screen: 'this screen',
	asked: 'asked for',
};

/** `D`: what each kind of statement cost the last time, the dearest first. */
export function createCosts(): Overlay {
	return createPager('What looking costs the database', context => {
		const costs = [...context.snapshot.costs].sort((a, b) => b.duration - a.duration);
		const nameWidth = Math.max(14, Math.min(32, context.width - 54));
		const columns = [
			'  runs',
			fit('stmts', 7, {align: 'right'}),
			fit('rows', 7, {align: 'right'}),
			fit('time', 9, {align: 'right'}),
			fit('last', 8, {align: 'right'}),
		];
		const head = `   ${fit('query', nameWidth)}${fit(columns[0] ?? '', 14)}${columns.slice(1).join('')}`;
		return [
			...wrap(summary(context), context.width - 4).map(line => plainRow(`   ${line}`, context)),
			plainRow('', context),
			drawLine([{text: head, tone: 'dim'}], context.width, context.theme),
			...costs.flatMap(cost => costRows(cost, nameWidth, context)),
			...(costs.length === 0 ? [plainRow('   Nothing was asked yet.', context)] : []),
		];
	});
}

function summary({snapshot}: DrawContext): string {
	const {tickDuration, interval, effectiveInterval} = snapshot;
	if (tickDuration === undefined) return 'No tick has been answered yet.';
	const share = formatShare(tickDuration / effectiveInterval);
	const slower = effectiveInterval > interval ? ` instead of ${formatInterval(interval)}` : '';
	return `One round trip every ${formatInterval(effectiveInterval)}${slower}; the last took ${formatDuration(tickDuration)}, network included: at most ${share} of one connection.`;
}

function costRows(cost: ProbeCost, nameWidth: number, context: DrawContext): readonly string[] {
	const figures = [
		fit(formatNumber(cost.statements), 7, {align: 'right'}),
		fit(formatNumber(cost.rows), 7, {align: 'right'}),
		fit(formatDuration(cost.duration), 9, {align: 'right'}),
		fit(formatAge(Math.max(0, context.now - cost.at)), 8, {align: 'right'}),
	].join('');
	const row = plainRow(`   ${fit(cost.probe, nameWidth)}${fit(`  ${kinds[cost.kind]}`, 14)}${figures}`, context);
	if (cost.trouble === undefined) return [row];
	const reasons = wrap(cost.trouble, context.width - 8, 3);
	return [
		row,
		...reasons.map(line => drawLine([{text: `      ${line}`, tone: 'warning'}], context.width, context.theme)),
	];
}
