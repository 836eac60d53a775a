import {editField, insertText, longestField, type TextField, textField} from '../../components/text-field.ts';
import type {Intent, Suggestions} from '../../monitor/hands.ts';
import type {TaskRef} from '../../monitor/snapshot.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {PopupKey} from '../popup.ts';
import {type Effect, type Message, type Step, step} from './messages.ts';

/** The value of a field: text, or one of several choices. */
export interface FieldValue {
	readonly field: TextField;
	/** The person has changed it: it is not filled in any more. */
	readonly touched: boolean;
	/** A long document that is shown as what it is, until somebody types into it. */
	readonly folded?: boolean;
}

export interface FormState {
	readonly kind: 'form';
	readonly spec: FormSpec;
	readonly values: Readonly<Record<string, FieldValue>>;
	/** Id of the field that the keys go to, or `button`. */
	readonly focus: string;
	/** Names of queues, as they were when the form was opened. */
	readonly queues: readonly string[];
	/** Names to complete from, and the queue that they belong to. */
	readonly suggestions: (Suggestions & {readonly queue: string}) | undefined;
	readonly notice: string | undefined;
	/** Esc was pressed once in a form that has something in it. */
	readonly leaving: boolean;
	/** The task that the form is being filled in from: nothing can be sent before. */
	readonly filling?: TaskRef | undefined;
}

export interface Field {
	readonly id: string;
	readonly label: string;
	readonly kind: 'text' | 'json' | 'choice';
	readonly initial: string;
	/** For `choice`: what can be chosen. For `text`: names to complete from. */
	options?(state: FormState): readonly string[];
	/** Hidden while it has no meaning. */
	visible?(state: FormState): boolean;
	/** Why the value cannot be sent; undefined = it can. */
	check?(value: string, state: FormState): string | undefined;
	/** A remark that does not stop anybody. */
	remark?(value: string, state: FormState): string | undefined;
}

/** A form is data: its fields, and the intent that they make together. */
export interface FormSpec {
	readonly title: string;
	readonly fields: readonly Field[];
	/** Only called when every field is valid. */
	intent(state: FormState): Intent;
	/** Questions to the database after the field `id` was left or chosen anew. */
	effects(state: FormState, id: string): readonly Effect[];
	/** Takes an answer of the database in. */
	receive(state: FormState, message: Message): FormState;
}

export const button = 'button';

/** The text in a field; empty for unknown ids. */
export function textOf(state: FormState, id: string): string {
	return state.values[id]?.field.text ?? '';
}

/** Fills a field in, unless the person has typed something there. */
export function prefill(state: FormState, id: string, text: string): FormState {
	const value = state.values[id];
	return value === undefined || value.touched
		? state
		: {...state, values: {...state.values, [id]: {field: textField(text), touched: false}}};
}

export function openForm(
	spec: FormSpec,
	queues: readonly string[],
	filled: Readonly<Record<string, string | undefined>>,
): Step<FormState> & {readonly state: FormState} {
	const values = spec.fields.map(({id, initial}): [string, FieldValue] => [
		id,
		{field: textField(filled[id] ?? initial), touched: false},
	]);
	const empty = spec.fields.find(({id, kind}) => kind !== 'choice' && filled[id] === undefined);
	const state: FormState = {
		kind: 'form',
		spec,
		values: Object.fromEntries(values),
		focus: empty?.id ?? button,
		queues,
		suggestions: undefined,
		notice: undefined,
		leaving: false,
	};
	const given = Object.keys(filled).filter(id => filled[id] !== undefined);
	return {state, effects: given.flatMap(id => spec.effects(state, id))};
}

export function visibleFields(state: FormState): readonly Field[] {
	return state.spec.fields.filter(field => field.visible?.(state) ?? true);
}

export function focusedField(state: FormState): Field | undefined {
	return visibleFields(state).find(({id}) => id === state.focus);
}

/** Why a field cannot be sent as it is. */
export function problemOf(state: FormState, field: Field): string | undefined {
	return field.check?.(textOf(state, field.id), state);
}

/** What a name would be completed to: the first name that begins with what was typed. */
export function completionOf(state: FormState, field: Field): string | undefined {
	const typed = textOf(state, field.id);
	return field.kind === 'choice'
		? undefined
		: field.options?.(state).find(name => name.length > typed.length && name.startsWith(typed));
}

function withValue(state: FormState, id: string, field: TextField): FormState {
	return {
		...state,
		values: {...state.values, [id]: {field, touched: true}},
		notice: undefined,
		leaving: false,
	};
}

/** From so many characters or lines on a document is folded. */
const foldedFrom = {characters: 200, lines: 4};

/** Puts a whole document into a field, folded where it is long. */
export function fillIn(state: FormState, id: string, text: string): FormState {
	const filled = withValue(state, id, textField(text.slice(0, longestField)));
	const json = state.spec.fields.some(field => field.id === id && field.kind === 'json');
	return json ? foldLong(filled, id) : filled;
}

function foldLong(state: FormState, id: string): FormState {
	const value = state.values[id];
	if (value === undefined) return state;
	const {text} = value.field;
	const long = text.length >= foldedFrom.characters || text.split('\n').length >= foldedFrom.lines;
	return long ? {...state, values: {...state.values, [id]: {...value, folded: true}}} : state;
}

/** Takes an answer in: of the database by the form itself, of the editor into the field that was handed over. */
export function receiveForm(state: FormState, message: Message): FormState {
	if (message.kind !== 'edited') return state.spec.receive(state, message);
	const {id, text} = message;
	if (typeof text !== 'string') return {...state, notice: text.failure};
	if (text === textOf(state, id)) return {...state, notice: 'The editor changed nothing.'};
	const next = fillIn(state, id, text);
	return text.length <= longestField ? next : {...next, notice: tooLong};
}

const tooLong = `Only ${formatGrouped(longestField)} characters fit: the end was left out.`;

function moveFocus(state: FormState, change: 1 | -1): Step<FormState> {
	const stations = [...visibleFields(state).map(({id}) => id), button];
	const place = (stations.indexOf(state.focus) + change + stations.length) % stations.length;
	return step(
		{...state, focus: stations[place] ?? button, notice: undefined, leaving: false},
		...state.spec.effects(state, state.focus),
	);
}

/** Chooses another option: left and right step, a letter jumps to the next one that begins with it. */
function pressChoice(state: FormState, field: Field, {name, text}: PopupKey): Step<FormState> {
	const options = field.options?.(state) ?? [];
	const current = options.indexOf(textOf(state, field.id));
	const steps: Readonly<Record<string, number>> = {left: -1, right: 1};
	const from = options.slice(current + 1).concat(options.slice(0, current + 1));
	const chosen =
		steps[name] === undefined
			? text === ''
				? undefined
				: from.find(option => option.toLowerCase().startsWith(text.toLowerCase()))
			: options[(current + steps[name] + options.length) % options.length];
	if (chosen === undefined) {
		return step(state);
	}

	const next = withValue(state, field.id, textField(chosen));
	return step(next, ...state.spec.effects(next, field.id));
}

function complete(state: FormState, field: Field, name: string): Step<FormState> {
	const next = withValue(state, field.id, textField(name));
	return step(next, ...state.spec.effects(next, field.id));
}

function pressText(state: FormState, field: Field, key: PopupKey): Step<FormState> {
	const value = state.values[field.id]?.field ?? textField('');
	const completion = completionOf(state, field);
	if (completion !== undefined && key.name === 'right' && value.caret === value.text.length) {
		return complete(state, field, completion);
	}

	if (field.kind === 'json' && key.name === 'ctrl+e') {
		return step(state, {kind: 'edit', id: field.id, text: value.text});
	}

	const edited = editField(value, key);
	if (edited === undefined) {
		return step(state);
	}

	return step(
		edited.text === value.text
			? {
					...state,
					values: {...state.values, [field.id]: {field: edited, touched: state.values[field.id]?.touched ?? false}},
				}
			: withValue(state, field.id, edited),
	);
}

function close(state: FormState): Step<FormState> {
	const typed = Object.values(state.values).some(({touched}) => touched);
	return typed && !state.leaving
		? step({...state, leaving: true, notice: 'Esc again throws away what you typed.'})
		: step<FormState>(undefined);
}

function pressTab(state: FormState): Step<FormState> {
	const field = focusedField(state);
	const typed = field === undefined ? '' : textOf(state, field.id);
	const completion = field === undefined || typed === '' ? undefined : completionOf(state, field);
	// A name that is one already is left alone, so that Tab always gets on.
	const done = field?.options?.(state).includes(typed) ?? false;
	return field === undefined || completion === undefined || done
		? moveFocus(state, 1)
		: complete(state, field, completion);
}

const moves: Readonly<Record<string, (state: FormState) => Step<FormState>>> = {
	escape: close,
	tab: pressTab,
	down: state => moveFocus(state, 1),
	'shift+tab': state => moveFocus(state, -1),
	up: state => moveFocus(state, -1),
};

/**
 * Keys of a form. What types goes into the field, whatever it means elsewhere; Enter goes to the next field. Enter on
 * the button is the caller's.
 */
export function pressForm(state: FormState, key: PopupKey): Step<FormState> {
	const move = moves[key.name];
	if (key.text === '' && move !== undefined) {
		return move(state);
	}

	const field = focusedField(state);
	if (field === undefined) {
		return step(state);
	}

	if (key.name === 'enter') {
		return moveFocus(state, 1);
	}

	return field.kind === 'choice' ? pressChoice(state, field, key) : pressText(state, field, key);
}

/** A paste goes into the field as it is; names lose line breaks and the spaces around them. */
export function pasteForm(state: FormState, text: string): FormState {
	const field = focusedField(state);
	const value = field === undefined ? undefined : state.values[field.id]?.field;
	if (field === undefined || value === undefined || field.kind === 'choice') {
		return state;
	}

	const clean = field.kind === 'json' ? text : text.replaceAll(/\s+/g, ' ').trim();
	// What nobody has typed gives way: it would only be in front of the document.
	const before = field.kind === 'json' && state.values[field.id]?.touched === false ? textField('') : value;
	const pasted = withValue(state, field.id, insertText(before, clean));
	const next = field.kind === 'json' ? foldLong(pasted, field.id) : pasted;
	const fits = before.text.length + clean.length <= longestField;
	return fits ? next : {...next, notice: tooLong};
}

/** The first field that cannot be sent, with the reason. */
export function firstProblem(state: FormState): {readonly field: Field; readonly problem: string} | undefined {
	const [first] = visibleFields(state);
	if (state.filling !== undefined && first !== undefined) {
		return {field: first, problem: 'the task that it is filled in from is being read'};
	}

	for (const field of visibleFields(state)) {
		const problem = problemOf(state, field);
		if (problem !== undefined) {
			return {field, problem};
		}
	}

	return undefined;
}
