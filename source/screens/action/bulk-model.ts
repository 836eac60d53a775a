import {editField, type TextField, textField} from '../../components/text-field.ts';
import {
	type BulkFate,
	type BulkIntent,
	type BulkPreview,
	type BulkReport,
	type BulkResult,
	defaultBulkRate,
} from '../../monitor/bulk.ts';
import type {PopupKey} from '../popup.ts';
import {type BulkJob, type Message, type Step, step} from './messages.ts';
import {noReason, openReason, pressReason, type Reason, reasonText} from './reason.ts';

/** The dialog of an action on many tasks, from counting to the result of each. It never goes back. */
export interface BulkState {
	readonly intent: BulkIntent;
	/** Tasks that may be acted on at once. */
	readonly cap: number;
	readonly phase: 'counting' | 'asking' | 'running' | 'done';
	readonly preview: BulkPreview | undefined;
	/** Why it could not be counted. */
	readonly failure: string | undefined;
	/** The number that has to be typed where there are many. */
	readonly typed: TextField;
	/** Tasks a second at most. */
	readonly rate: number;
	readonly job: BulkJob | undefined;
	readonly results: readonly BulkResult[];
	/** Milliseconds since it started, at the last word of it. */
	readonly elapsed: number;
	readonly stopping: boolean;
	/** So many answers were lost and are being looked up. */
	readonly lookingUp: number;
	readonly report: BulkReport | undefined;
	/** The first result in the window. */
	readonly top: number;
	/** Why the last key did nothing. */
	readonly notice: string | undefined;
	readonly reason: Reason;
	/** A retry makes new tasks, in place of going on with the old ones. */
	readonly asNew: boolean;
}

/** Up to so many `y` will do; for more the number has to be typed. */
const fewTasks = 10;

/** Rates that `+` and `-` go through, tasks a second. */
const rates = [1, 5, 10, 20, 50, 100, 200, 500, 1000];

function withinCap(asked: BulkIntent, cap: number): BulkIntent {
	const {search, tasks, newestFirst} = asked;
	if (search !== undefined) return {...asked, search: {...search, most: cap}};
	if (newestFirst !== true || tasks.length <= cap) return asked;
	return {...asked, tasks: tasks.slice(0, cap), left: tasks.length - cap};
}

export function openBulk(asked: BulkIntent, cap: number): Step<BulkState> & {readonly state: BulkState} {
	const intent = withinCap(asked, cap);
	const state: BulkState = {
		intent,
		cap,
		phase: 'counting',
		preview: undefined,
		failure: undefined,
		typed: textField(''),
		rate: defaultBulkRate,
		job: undefined,
		results: [],
		elapsed: 0,
		stopping: false,
		lookingUp: 0,
		report: undefined,
		top: 0,
		notice: undefined,
		reason: noReason,
		asNew: false,
	};
	if (intent.tasks.length <= cap) return {state, effects: [{kind: 'count', intent}]};
	const failure = `${intent.tasks.length} tasks are marked; at most ${cap} at once (--bulk-cap). Unmark some: U unmarks all.`;
	return {state: {...state, phase: 'asking', failure}, effects: []};
}

/** Tasks that would be acted on. */
export function actCount({preview}: BulkState): number {
	return preview?.act.length ?? 0;
}

export function mayStart(state: BulkState): boolean {
	return state.phase === 'asking' && actCount(state) > 0;
}

/** Whether the number has to be typed. */
export function needsNumber(state: BulkState): boolean {
	return actCount(state) > fewTasks;
}

function start(state: BulkState): Step<BulkState> {
	const {intent, preview, rate} = state;
	const job: BulkJob = {
		kind: intent.kind,
		tasks: preview?.act ?? [],
		rate,
		reason: reasonText(state.reason),
		manner: state.asNew ? {spawnNew: true, extraAttempts: undefined} : undefined,
		startedAt: performance.now(),
	};
	return step({...state, phase: 'running', job, notice: undefined}, {kind: 'perform-all', job});
}

function confirm(state: BulkState, {name, alone}: PopupKey): Step<BulkState> {
	const number = String(actCount(state));
	if (!mayStart(state) || (name === 'y') === needsNumber(state)) return step(state);
	if (!alone)
		return step({...state, notice: `Several keys came at once: press ${name === 'y' ? 'y' : 'Enter'} alone.`});
	if (name === 'enter' && state.typed.text !== number) {
		return step({...state, notice: `Type ${number}, the number of tasks, then Enter.`});
	}
	return start(state);
}

function changeRate(state: BulkState, change: 1 | -1): BulkState {
	const others = rates.filter(rate => (change === 1 ? rate > state.rate : rate < state.rate));
	return {...state, rate: (change === 1 ? others[0] : others.at(-1)) ?? state.rate, notice: undefined};
}

function pressAsking(state: BulkState, key: PopupKey): Step<BulkState> {
	const {name} = key;
	if (state.reason.typing) return step({...state, reason: pressReason(state.reason, key), notice: undefined});
	if (name === 'r' && mayStart(state)) return step({...state, reason: openReason(state.reason), notice: undefined});
	if (name === 'tab' && mayStart(state) && state.intent.kind === 'retry')
		return step({...state, asNew: !state.asNew, notice: undefined});
	if (name === 'n' || name === 'escape') return step<BulkState>(undefined);
	if (name === 'y' || name === 'enter') return confirm(state, key);
	if (name === '+' || name === '-') return step(changeRate(state, name === '+' ? 1 : -1));
	if (!needsNumber(state) || !(name === 'backspace' || /^\d$/.test(key.text))) return step(state);
	const edited = editField(state.typed, key);
	return step(edited === undefined || edited.text.length > 6 ? state : {...state, typed: edited, notice: undefined});
}

const order: readonly BulkFate['kind'][] = ['unknown', 'failed', 'skipped', 'unsent', 'done'];

/** The results, what went wrong first. */
export function sortedResults({results}: BulkState): readonly BulkResult[] {
	return order.flatMap(kind => results.filter(({fate}) => fate.kind === kind));
}

const scrolls: Readonly<Record<string, number>> = {j: 1, down: 1, k: -1, up: -1, pagedown: 10, pageup: -10};

function pressDone(state: BulkState, {name}: PopupKey): Step<BulkState> {
	if (name === 'enter' || name === 'escape' || name === 'n' || name === 'q') return step<BulkState>(undefined);
	const top = Math.max(0, Math.min(state.results.length - 1, state.top + (scrolls[name] ?? 0)));
	return step({...state, top});
}

/** Keys of the dialog: `y`, or the number and Enter, starts; Esc stops what runs; `n` and Esc close what has not begun. */
export function pressBulk(state: BulkState, key: PopupKey): Step<BulkState> {
	if (state.phase === 'done') return pressDone(state, key);
	if (state.phase !== 'running') return pressAsking(state, key);
	if (key.name !== 'escape' || state.stopping || state.job === undefined) return step(state);
	return step({...state, stopping: true}, {kind: 'stop', job: state.job});
}

/** Answers of the database; those to another dialog are not shown. */
export function receiveBulk(state: BulkState, message: Message): BulkState {
	switch (message.kind) {
		case 'counted':
			if (message.intent !== state.intent) return state;
			return typeof message.preview === 'string'
				? {...state, phase: 'asking', failure: message.preview}
				: {...state, phase: 'asking', preview: message.preview};
		case 'progress':
			if (message.job !== state.job) return state;
			return {
				...state,
				results: [...state.results, ...message.results],
				elapsed: message.at - message.job.startedAt,
				lookingUp: 0,
			};
		case 'looking-up':
			return message.job === state.job ? {...state, lookingUp: message.count} : state;
		case 'performed-all': {
			if (message.job !== state.job) return state;
			const {report, at, job} = message;
			return {...state, phase: 'done', report, results: report.results, elapsed: at - job.startedAt};
		}
		default:
			return state;
	}
}
