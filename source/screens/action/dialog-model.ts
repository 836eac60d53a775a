import type {Intent, Outcome, Preview, RetryIntent} from '../../monitor/hands.ts';
import type {PopupKey} from '../popup.ts';
import {type Message, type Step, step} from './messages.ts';
import {noReason, openReason, pressReason, type Reason, reasonText} from './reason.ts';

/** What the database said that the action would do. */
export type PreviewAnswer =
	| {readonly kind: 'loading'}
	| {readonly kind: 'ready'; readonly preview: Preview}
	| {readonly kind: 'failed'; readonly sentence: string};

/**
 * The dialog of one action. The intent is frozen when the dialog opens: whatever is refreshed below, it stays on its
 * ids. It goes from asking through working to done, never back, so that nothing can be done twice.
 */
export interface DialogState {
	readonly kind: 'dialog';
	readonly intent: Intent;
	readonly answer: PreviewAnswer;
	readonly phase: 'asking' | 'working' | 'done';
	readonly outcome: Outcome | undefined;
	/** Why the last key did nothing. */
	readonly notice: string | undefined;
	readonly reason: Reason;
}

/** Opens a dialog and asks what it would do. */
export function openDialog(intent: Intent): Step<DialogState> & {readonly state: DialogState} {
	const state: DialogState = {
		kind: 'dialog',
		intent,
		answer: {kind: 'loading'},
		phase: 'asking',
		outcome: undefined,
		notice: undefined,
		reason: noReason,
	};
	return {state, effects: [{kind: 'preview', intent}]};
}

/** Whether `y` does it now. */
export function isReady({phase, answer}: DialogState): boolean {
	return phase === 'asking' && answer.kind === 'ready' && answer.preview.refusal === undefined;
}

/** Further attempts that can be given at once; more is a mistake of the finger. */
const mostExtra = 99;

function withExtra(intent: RetryIntent, change: 1 | -1): RetryIntent {
	const extra = Math.max(1, Math.min(mostExtra, (intent.extraAttempts ?? 1) + change));
	return {...intent, extraAttempts: extra === 1 ? undefined : extra};
}

/** Changes of a retry that the dialog prints the keys of. */
const choices: Readonly<Record<string, (intent: RetryIntent) => RetryIntent>> = {
	s: intent => ({...intent, spawnNew: !intent.spawnNew, extraAttempts: undefined}),
	'+': intent => (intent.spawnNew ? intent : withExtra(intent, 1)),
	'-': intent => (intent.spawnNew ? intent : withExtra(intent, -1)),
};

function choose(state: DialogState, key: PopupKey): Step<DialogState> {
	const change = choices[key.name];
	if (change === undefined || state.intent.kind !== 'retry' || !canChoose(state)) {
		return step(state);
	}

	const intent = change(state.intent);
	if (JSON.stringify(intent) === JSON.stringify(state.intent)) {
		return step(state);
	}

	return step({...state, intent, answer: {kind: 'loading'}, notice: undefined}, {kind: 'preview', intent});
}

/** A refusal that does not hang on how a task is retried leaves nothing to choose. */
export function canChoose({intent, phase}: DialogState): boolean {
	return intent.kind === 'retry' && phase === 'asking';
}

function confirm(state: DialogState, {alone}: PopupKey): Step<DialogState> {
	if (!isReady(state)) {
		return step(state);
	}

	return alone
		? step(
				{...state, phase: 'working', notice: undefined},
				{
					kind: 'perform',
					intent: state.intent,
					reason: reasonText(state.reason),
				},
			)
		: step({...state, notice: 'Several keys came at once: press y alone.'});
}

function pressDone(state: DialogState, {name}: PopupKey): Step<DialogState> {
	const task = state.outcome?.kind === 'done' ? state.outcome.task : undefined;
	if (name === 'enter') {
		return task === undefined ? step<DialogState>(undefined) : step<DialogState>(undefined, {kind: 'show', run: task});
	}

	return name === 'escape' || name === 'n' || name === 'q' ? step<DialogState>(undefined) : step(state);
}

/** Keys of a dialog: `y` does it, `n` and Esc close it; Enter does nothing but close what is done. */
export function pressDialog(state: DialogState, key: PopupKey): Step<DialogState> {
	if (state.phase === 'working') {
		return step(state);
	}

	if (state.phase === 'done') {
		return pressDone(state, key);
	}

	if (state.reason.typing) {
		return step({...state, reason: pressReason(state.reason, key), notice: undefined});
	}

	if (key.name === 'r') {
		return step({...state, reason: openReason(state.reason), notice: undefined});
	}

	const {intent} = state;
	if (key.name === 'e' && intent.kind === 'retry' && intent.spawnNew) {
		const like = {queue: intent.queue, taskId: intent.taskId};
		const request = {kind: 'spawn-form', queue: intent.queue, taskName: undefined, like} as const;
		return step(state, {kind: 'reopen', request});
	}

	if (key.name === 'y') {
		return confirm(state, key);
	}

	return key.name === 'n' || key.name === 'escape' ? step<DialogState>(undefined) : choose(state, key);
}

/** Answers of the database. One to an intent that has been changed since, or to another dialog, is not shown. */
export function receiveDialog(state: DialogState, message: Message): DialogState {
	switch (message.kind) {
		case 'previewed':
			return message.intent === state.intent ? {...state, answer: {kind: 'ready', preview: message.preview}} : state;
		case 'preview-failed':
			return message.intent === state.intent ? {...state, answer: {kind: 'failed', sentence: message.sentence}} : state;
		case 'performed':
			return state.phase === 'working' ? {...state, phase: 'done', outcome: message.outcome} : state;
		default:
			return state;
	}
}
