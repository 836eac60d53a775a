import {bar} from '../../components/bar.ts';
import {boxMargin, drawBox} from '../../components/box.ts';
import {drawLine, drawText, type Piece} from '../../components/line.ts';
import {type BulkFound, type BulkResult, bulkSummary, countReasons} from '../../monitor/bulk.ts';
import {plural} from '../../monitor/phrase.ts';
import {formatSpan} from '../../terminal/duration.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {Tone} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';
import {actCount, type BulkState, mayStart, needsNumber, sortedResults} from './bulk-model.ts';
import {drawLines, type Line, line, place} from './lines.ts';
import {reasonLines} from './reason.ts';

const widest = 84;

const words = {
	retry: {title: 'Retry tasks', will: 'will be retried', verb: 'retries them'},
	cancel: {title: 'Cancel tasks', will: 'will be cancelled', verb: 'cancels them'},
} as const;

function grouped(counts: ReadonlyArray<readonly [text: string, count: number]>): string {
	return counts.map(([text, count]) => `${count} ${text}`).join(' · ');
}

/** What would be hit: names and queues, the most frequent first. */
function subjectLines({preview}: BulkState): readonly Line[] {
	if (preview === undefined || preview.act.length === 0) return [];
	const names = countReasons(preview.act.map(({name, queue}) => `${name} in ${queue}`));
	const running = preview.act.filter(({state}) => state === 'running').length;
	return [
		line('tasks', grouped(names), 'strong', 3),
		...(running === 0
			? []
			: [
					line(
						'',
						`${plural(running, 'of them is', 'of them are')} running; workers notice at the next checkpoint, side effects until then happen.`,
						'plain',
						2,
					),
				]),
	];
}

function countLines(state: BulkState): readonly Line[] {
	const {intent, preview, failure} = state;
	if (failure !== undefined) return [line('', failure, 'error', 4)];
	if (preview === undefined) {
		const what =
			intent.search === undefined ? plural(intent.tasks.length, 'task') : `what matches ${intent.search.filter}`;
		return [line('', `Counting ${what}…`, 'dim', 2)];
	}
	const skipped = countReasons(preview.skipped.map(({reason}) => reason));
	return [
		line('', `${actCount(state)} ${words[intent.kind].will}`, 'strong'),
		...skipped.map(([reason, count]) => line('', `${count} skipped: ${reason}`, 'plain', 2)),
		...(intent.hidden === 0
			? []
			: [line('', `${intent.hidden} of the ${intent.tasks.length} marked are not shown in this list`, 'warning')]),
		...leftLines(state),
		...(preview.found === undefined ? [] : foundLines(preview.found, state)),
	];
}

/** What was searched, and what of it is not among the tasks. */
function foundLines({end, filter, looked, unread}: BulkFound, {cap}: BulkState): readonly Line[] {
	const rest = {
		all: [],
		cap: [
			line(
				'',
				`More match than ${cap}, the cap (--bulk-cap): these are the newest. Do it again for the rest.`,
				'warning',
				2,
			),
		],
		reach: [
			line(
				'',
				`It looked at ${formatGrouped(looked)} rows and no further: older ones are not among these.`,
				'warning',
				2,
			),
		],
	};
	const queues = unread.length === 0 ? [] : [line('', `Not searched: ${unread.join(', ')}`, 'warning', 2)];
	return [line('filter', filter, 'key', 2), ...rest[end], ...queues];
}

/** What a retry makes of each task. */
function mannerLines({intent, asNew}: BulkState): readonly Line[] {
	if (intent.kind !== 'retry') return [];
	return [
		asNew
			? line('how', 'as new tasks, from the beginning: no checkpoints and no key; the failed ones stay', 'strong', 2)
			: line('how', 'in place: each goes on from its checkpoints, one more attempt', 'plain', 2),
	];
}

/** More than may be acted on at once. */
function leftLines({intent: {left = 0}, cap}: BulkState): readonly Line[] {
	const text = `These are the newest: ${formatGrouped(left)} more than ${formatGrouped(cap)}, the cap (--bulk-cap), are left. Do it again for the rest.`;
	return left === 0 ? [] : [line('', text, 'warning', 2)];
}

function rateLine({rate}: BulkState): Line {
	return line('rate', `at most ${rate} a second, each in a transaction of its own`, 'plain');
}

function askLines(state: BulkState): readonly Line[] {
	if (!mayStart(state)) return [];
	const final = state.intent.kind === 'cancel' ? [line('', 'This is final: a cancelled task cannot be retried.')] : [];
	const number = needsNumber(state)
		? [
				line(
					'number',
					`${state.typed.text}${state.reason.typing ? '' : '▏'} type ${actCount(state)}, then Enter`,
					'key',
				),
			]
		: [];
	const notice = state.notice === undefined ? [] : [line('', state.notice, 'warning', 2)];
	return [...final, ...mannerLines(state), rateLine(state), ...reasonLines(state.reason), ...number, ...notice];
}

/** A bar with how many are done, how fast it goes and how long it takes. */
function progressLines(state: BulkState, width: number, {theme}: DrawContext): readonly Line[] {
	const total = state.job?.tasks.length ?? 0;
	// What was never sent is no progress.
	const done = state.results.filter(({fate}) => fate.kind !== 'unsent').length;
	const perSecond = state.elapsed > 0 ? (done / state.elapsed) * 1000 : 0;
	const left = perSecond > 0 && done < total ? `, ${formatSpan(((total - done) / perSecond) * 1000)} left` : '';
	const figures = ` ${done} of ${total}, ${Math.round(perSecond)} a second${state.phase === 'running' ? left : ''}`;
	const cells = Math.max(4, Math.min(30, width - figures.length - 2));
	return [line('', bar(total === 0 ? 1 : done / total, cells, theme) + figures, 'strong')];
}

function fateText({task, fate}: BulkResult): {readonly text: string; readonly tone: Tone} {
	const who = `${task.taskId}  ${task.name}`;
	switch (fate.kind) {
		case 'done':
			return {text: `done     ${who}`, tone: 'ok'};
		case 'unsent':
			return {text: `not done ${who}${fate.reason === undefined ? '' : `: ${fate.reason}`}`, tone: 'dim'};
		case 'skipped':
			return {text: `skipped  ${who}: ${fate.reason}`, tone: 'warning'};
		case 'failed':
			return {text: `failed   ${who}: ${fate.reason}`, tone: 'error'};
		case 'unknown':
			return {text: `unknown  ${who}: ${fate.reason}`, tone: 'error'};
	}
}

function keptText({intent}: BulkState): string {
	return intent.search === undefined
		? 'What was done is unmarked; the rest stays marked.'
		: 'What matches stays marked: R and C look for it anew.';
}

/** Reasons that are told whole; behind an id there is not always room for one. */
const toldReasons = 3;

/** Why tasks were not done, with how many share a reason, the worst kind first. */
function reasonsTold(results: readonly BulkResult[]): readonly Line[] {
	const told = (['unknown', 'failed', 'skipped'] as const).flatMap(kind => {
		const reasons = results.flatMap(({fate}) => (fate.kind === kind ? [fate.reason] : []));
		const tone: Tone = kind === 'skipped' ? 'warning' : 'error';
		return countReasons(reasons).map(([reason, count]) => line('', `${count} ${kind}: ${reason}`, tone, 2));
	});
	const more = told.length - toldReasons;
	return [
		...told.slice(0, toldReasons),
		...(more > 0 ? [line('', `and ${plural(more, 'other reason')}, below`, 'dim')] : []),
	];
}

function doneLines(state: BulkState): readonly Line[] {
	const trouble = state.report?.trouble;
	const kept = state.results.some(({fate}) => fate.kind !== 'done');
	return [
		line('', bulkSummary(state.results), 'strong'),
		...(trouble === undefined ? [] : [line('', trouble, 'error', 3)]),
		...reasonsTold(state.results).filter(({value}) => trouble === undefined || !value.endsWith(trouble)),
		...(kept ? [line('', keptText(state), 'dim')] : []),
	];
}

function runningLines({lookingUp, stopping}: BulkState): readonly Line[] {
	if (lookingUp > 0) {
		return [
			line(
				'',
				`The connection was lost: looking up ${plural(lookingUp, 'task')} whose answer is missing…`,
				'warning',
				2,
			),
		];
	}
	return stopping ? [line('', 'Stopping: waiting for what is under way…', 'warning')] : [];
}

function keyPieces(state: BulkState): readonly Piece[] {
	const key = (name: string, does: string): readonly Piece[] => [
		{text: name, tone: 'key'},
		{text: ` ${does}  `, tone: 'plain'},
	];
	const mannerKey = ({intent, asNew}: BulkState) =>
		intent.kind === 'retry' ? key('Tab', asNew ? 'in place' : 'as new') : [];
	if (state.phase === 'running') {
		return state.stopping ? [] : key('Esc', 'stops; what was done stays done');
	}
	if (state.reason.typing) return [...key('Enter', 'keeps the reason'), ...key('Esc', 'clears it')];
	if (state.phase === 'done') return [...key('j k', 'scroll'), ...key('Esc', 'closes')];
	return [
		...(mayStart(state) ? key(needsNumber(state) ? 'number, Enter' : 'y', words[state.intent.kind].verb) : []),
		...key('n Esc', 'nothing'),
		...(mayStart(state) ? [...mannerKey(state), ...key('r', 'reason'), ...key('+ -', 'rate')] : []),
	];
}

/** The dialog of a bulk action as a box of at most the width and height of the context. */
export function drawBulk(state: BulkState, context: DrawContext, label: string | undefined): readonly string[] {
	const width = Math.min(widest, context.width);
	const inner = Math.max(1, width - boxMargin.width);
	const {theme} = context;
	const draw = (lines: readonly Line[]) => lines.flatMap(each => drawLines(each, inner, context));
	const blank = drawText('', inner, 'plain', theme);
	const keys = drawLine(keyPieces(state), inner, theme);
	const room = Math.max(1, context.height - boxMargin.height - 1);
	const head = draw([place(context.snapshot), ...(state.phase === 'done' ? [] : subjectLines(state))]);
	const body =
		state.phase === 'running'
			? draw([...progressLines(state, inner, context), line('', bulkSummary(state.results)), ...runningLines(state)])
			: state.phase === 'done'
				? draw([...progressLines(state, inner, context), ...doneLines(state)])
				: draw([...countLines(state), ...askLines(state)]);
	// In a low window what is asked matters most: the blank line and the list of names leave first.
	const rows = head.length + body.length + 1 <= room ? [...head, blank, ...body] : [...head.slice(0, 1), ...body];
	const left = Math.max(0, Math.min(12, room - rows.length - 1));
	const list =
		state.phase === 'done'
			? sortedResults(state)
					.slice(state.top, state.top + left)
					.map(result => {
						const {text, tone} = fateText(result);
						return drawText(text, inner, tone, theme);
					})
			: [];
	const shown = [...rows.slice(0, room), ...list, keys];
	return drawBox(words[state.intent.kind].title, shown, width, theme, label).slice(0, context.height);
}
