import {drawLine, type Piece} from '../../components/line.ts';
import type {Count, QueueSnapshot} from '../../monitor/snapshot.ts';
import {formatAge, formatDuration, formatSpan} from '../../terminal/duration.ts';
import {formatCount, formatRate, formatShare} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';

function count(value: Count | undefined): string {
	return value === undefined ? '–' : formatCount(value);
}

function livePieces(queue: QueueSnapshot, now: number): readonly Piece[] {
	const {oldestReadyAt, expired} = queue;
	const oldest = oldestReadyAt === undefined ? '' : ` (oldest ${formatAge(Math.max(0, now - oldestReadyAt))})`;
	return [
		{text: `   ready ${count(queue.ready)}${oldest}`, tone: 'plain'},
		{text: ` · running ${count(queue.running)}`, tone: 'plain'},
		{text: (expired?.value ?? 0) > 0 ? `, ${count(expired)} expired` : '', tone: 'error'},
		{
			text: ` · retry ${count(queue.retrying)} · sleep ${count(queue.sleeping)} · wait ${count(queue.waiting)}`,
			tone: 'plain',
		},
	];
}

function flowText({donePerSecond, fail5m, runTime, drains, history}: QueueSnapshot): string {
	const share = fail5m === undefined || fail5m.finished === 0 ? '–' : formatShare(fail5m.failed / fail5m.finished);
	const drained = drains.kind === 'in' ? formatSpan(drains.duration) : drains.kind === 'never' ? 'never' : '–';
	return [
		`   done/s ${donePerSecond === undefined ? '–' : formatRate(donePerSecond)}`,
		`fail 5m ${share}`,
		`p50 ${runTime === undefined ? '–' : formatDuration(runTime.p50)}`,
		`p95 ${runTime === undefined ? '–' : formatDuration(runTime.p95)}`,
		`drains ${drained}`,
		`${count(history)} rows`,
	].join(' · ');
}

/** What stands above every part: the name, what is alive, what flows. */
export function headLines(name: string, {snapshot, now, width, theme}: DrawContext): readonly string[] {
	const queue = snapshot.queues.find(candidate => candidate.name === name);
	const title: Piece[] = [
		{text: ` Queue ${name}`, tone: 'title'},
		{text: queue === undefined ? '  is not in the registry any more' : `  ${queue.storageMode}`, tone: 'dim'},
		{text: queue?.trouble === undefined ? '' : `  ${queue.trouble.sentence}`, tone: 'error'},
	];
	if (queue === undefined) return [drawLine(title, width, theme)];
	return [
		drawLine(title, width, theme),
		drawLine(livePieces(queue, now), width, theme),
		drawLine([{text: flowText(queue), tone: 'plain'}], width, theme),
	];
}
