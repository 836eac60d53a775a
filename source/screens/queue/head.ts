import {drawLine, type Piece} from '../../components/line.ts';
import {fewSamples, isThin} from '../../monitor/few-samples.ts';
import type {Count, QueueSnapshot, RunTime} from '../../monitor/snapshot.ts';
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

/** `~` before a figure that is not exact. */
function mark(inexact: boolean | undefined): string {
	return inexact === true ? '~' : '';
}

/** As two numbers where they are few: a share of them says less. */
function shareText({fail5m, caveats}: QueueSnapshot): string {
	if (fail5m === undefined || fail5m.finished === 0) return '–';
	const {failed, finished} = fail5m;
	return mark(caveats?.fail5m) + (finished < fewSamples ? `${failed}/${finished}` : formatShare(failed / finished));
}

function timeText(runTime: RunTime | undefined, of: 'p50' | 'p95'): string {
	return runTime === undefined ? '–' : `${mark(isThin(runTime))}${formatDuration(runTime[of])}`;
}

function flowText(queue: QueueSnapshot): string {
	const {donePerSecond, runTime, drains, history, caveats} = queue;
	const drained = drains.kind === 'in' ? formatSpan(drains.duration) : drains.kind === 'never' ? 'never' : '–';
	return [
		`   done/s ${donePerSecond === undefined ? '–' : mark(caveats?.donePerSecond) + formatRate(donePerSecond)}`,
		`fail 5m ${shareText(queue)}`,
		`p50 ${timeText(runTime, 'p50')}`,
		`p95 ${timeText(runTime, 'p95')}`,
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
