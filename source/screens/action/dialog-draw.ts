import {boxMargin, drawBox} from '../../components/box.ts';
import {drawLine, drawText, type Piece} from '../../components/line.ts';
import {troubleText} from '../../components/status.ts';
import type {Intent, Preview} from '../../monitor/hands.ts';
import {formatSpan} from '../../terminal/duration.ts';
import {formatBytes} from '../../terminal/figures.ts';
import {onOneLine} from '../../terminal/sanitise.ts';
import {wrap} from '../../terminal/wrap.ts';
import {stateStyles} from '../run/state-style.ts';
import type {DrawContext} from '../screen.ts';
import {canChoose, type DialogState, isReady} from './dialog-model.ts';
import {wordsOf} from './dialog-words.ts';
import {drawLines, type Line, line, place} from './lines.ts';
import {reasonLines} from './reason.ts';

const widest = 76;
function taskLines({phase}: DialogState, preview: Preview | undefined, {theme}: DrawContext): readonly Line[] {
	const task = preview?.task;
	if (task === undefined) {
		return [];
	}

	const {glyph, tone} = stateStyles[task.state];
	const most = task.maxAttempts === null ? '' : ` of ${task.maxAttempts}`;
	return [
		line('task', `${task.name} in queue ${task.queue}`, 'strong', 2),
		line(
			phase === 'done' ? 'state was' : 'state',
			`${theme.glyph[glyph]} ${task.state}, attempt ${task.attempts}${most}, ${formatSpan(task.ageMs)} old`,
			tone,
		),
	];
}

function jsonLine(label: string, text: string | undefined): readonly Line[] {
	if (text === undefined) {
		return [];
	}

	const size = Buffer.byteLength(text);
	// Between the parts of a document; in its strings there are none.
	const flat = text.replaceAll(/\s*[\r\n]\s*/g, ' ');
	return [line(label, size > 200 ? `${formatBytes(size)}: ${flat}` : flat, 'plain', 2)];
}

/** What an action names of its own: ids and what was typed, exactly as it will be sent. */
function intentLines(intent: Intent, preview: Preview | undefined): readonly Line[] {
	switch (intent.kind) {
		case 'retry':
		case 'cancel':
			// Once its name is known, the queue stands behind it.
			return [...(preview?.task === undefined ? [line('queue', intent.queue)] : []), line('id', intent.taskId)];
		case 'emit':
			return [
				line('queue', intent.queue),
				line('event', intent.eventName, 'strong', 2),
				...jsonLine('payload', intent.payload),
			];
		case 'spawn':
			return [
				line('queue', intent.queue),
				line('task', intent.taskName, 'strong'),
				...jsonLine('params', intent.params),
				...jsonLine('headers', intent.headers),
				line('attempts', intent.maxAttempts === null ? 'unlimited' : `at most ${intent.maxAttempts}`),
				line('retry', intent.retryStrategy ?? 'at once, without back-off', 'plain', 2),
				...jsonLine('cancelled', intent.cancellation),
				...(intent.idempotencyKey === undefined ? [] : [line('key', intent.idempotencyKey)]),
			];
	}
}

/** How a retry is done, as it was chosen in the dialog. */
function choiceLines({intent}: DialogState): readonly Line[] {
	if (intent.kind !== 'retry') {
		return [];
	}

	const extra = intent.extraAttempts ?? 1;
	return [
		line(
			'how',
			intent.spawnNew
				? 'as a new task: same params, no checkpoints'
				: `in place, ${extra} further ${extra === 1 ? 'attempt' : 'attempts'}; checkpoints kept`,
		),
	];
}

function answerLines({answer, phase, outcome, intent, notice}: DialogState): readonly Line[] {
	if (phase === 'working') {
		return [line('', wordsOf(intent).working, 'strong')];
	}

	if (outcome !== undefined) {
		const tone = outcome.kind === 'done' ? 'ok' : outcome.kind === 'failed' ? 'error' : 'warning';
		const text = outcome.kind === 'failed' ? troubleText(outcome) : outcome.sentence;
		return [line('', text, tone, 4)];
	}

	const said = notice === undefined ? [] : [line('', notice, 'warning')];
	if (answer.kind === 'loading') {
		return [line('', 'Asking the database what this would do…', 'dim'), ...said];
	}

	if (answer.kind === 'failed') {
		return [line('', answer.sentence, 'error', 3), ...said];
	}

	const {refusal, consequences} = answer.preview;
	return refusal === undefined
		? [...consequences.map(sentence => line('', sentence, 'plain', 3)), ...said]
		: [line('', refusal, 'error', 3), ...said];
}

/** The keys that live in this dialog at this moment, and no others. */
function keyPieces(state: DialogState): readonly Piece[] {
	const key = (name: string, does: string): readonly Piece[] => [
		{text: name, tone: 'key'},
		{text: ` ${does}  `, tone: 'plain'},
	];
	if (state.phase === 'working') {
		return [{text: 'The answer of the database is awaited.', tone: 'dim'}];
	}

	if (state.phase === 'done') {
		const opens = state.outcome?.kind === 'done' && state.outcome.task !== undefined;
		return [...(opens ? key('Enter', 'shows the task') : []), ...key('Esc', 'closes')];
	}

	if (state.reason.typing) {
		return [...key('Enter', 'keeps the reason'), ...key('Esc', 'clears it')];
	}

	const retry = canChoose(state) && state.intent.kind === 'retry' ? state.intent : undefined;
	return [
		...(isReady(state) ? key('y', wordsOf(state.intent).verb) : []),
		...key('n Esc', 'nothing'),
		...key('r', 'reason'),
		...(retry === undefined ? [] : key('s', retry.spawnNew ? 'in place' : 'as a new task')),
		...(retry === undefined || retry.spawnNew ? [] : key('+ -', 'attempts')),
		...(retry?.spawnNew ? key('e', 'edits it first') : []),
	];
}

/** Sentences one after the other in the few lines that a low window leaves; what is cut ends in an ellipsis. */
function drawTight(lines: readonly Line[], width: number, room: number, {theme}: DrawContext): readonly string[] {
	const text = lines.map(({value}) => value).join(' ');
	const tone = lines.find(each => each.tone !== 'plain')?.tone ?? 'plain';
	return wrap(onOneLine(text), width, Math.max(1, room)).map(part => drawText(part, width, tone, theme));
}

/** The dialog as a box of at most the width and height of the context; in a low window its sentences are cut. */
export function drawDialog(state: DialogState, context: DrawContext, label: string | undefined): readonly string[] {
	const width = Math.min(widest, context.width);
	const inner = Math.max(1, width - boxMargin.width);
	const {theme} = context;
	const draw = (lines: readonly Line[]) => lines.flatMap(each => drawLines(each, inner, context));
	const preview = state.answer.kind === 'ready' ? state.answer.preview : undefined;
	const facts = draw([
		place(context.snapshot),
		...taskLines(state, preview, context),
		...intentLines(state.intent, preview),
		...choiceLines(state),
		...reasonLines(state.reason),
	]);
	const answers = answerLines(state);
	const answer = draw(answers);
	const blank = drawText('', inner, 'plain', theme);
	const keys = drawLine(keyPieces(state), inner, theme);
	const room = context.height - boxMargin.height;
	const shown =
		facts.length + answer.length + 3 <= room
			? [...facts, blank, ...answer, blank, keys]
			: [
					...facts.slice(0, Math.max(0, room - 2)),
					...drawTight(answers, inner, room - 1 - facts.length, context),
					keys,
				];
	return drawBox(wordsOf(state.intent).title, shown, width, theme, label).slice(0, context.height);
}
