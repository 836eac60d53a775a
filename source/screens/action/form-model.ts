import {editField, insertText, longestField, type TextField, textField} from '../../components/text-field.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {PopupKey} from '../popup.ts';
import {type FieldValue, foldLong, moveInside, toggleFold} from './form-document.ts';
import {areaOf, type FormRoom} from './form-layout.ts';
import {
	button,
	completionOf,
	type Field,
	type FormSpec,
	type FormState,
	focusedField,
	textOf,
	visibleFields,
} from './form-state.ts';
import {type Message, type Step, step} from './messages.ts';

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

function change(state: FormState, id: string, how: (value: FieldValue) => FieldValue): FormState {
	const value = state.values[id];
	return value === undefined ? state : {...state, values: {...state.values, [id]: how(value)}};
}

function withValue(state: FormState, id: string, field: TextField): FormState {
	return {
		...state,
		values: {...state.values, [id]: {field, touched: true}},
		notice: undefined,
		leaving: false,
	};
}

/** Puts a whole text into a field, a document folded where it is long. */
export function fillIn(state: FormState, id: string, text: string): FormState {
	const filled = withValue(state, id, textField(text.slice(0, longestField)));
	const json = state.spec.fields.some(field => field.id === id && field.kind === 'json');
	return json ? change(filled, id, foldLong) : filled;
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

	const edited = editField(value, key);
	if (edited === undefined) {
		return step(state);
	}

	return step(
		edited.text === value.text
			? change(state, field.id, ({touched}) => ({field: edited, touched}))
			: withValue(state, field.id, edited),
	);
}

/** Keys that a document has besides those of a text; undefined for others. */
function pressDocument(state: FormState, {id}: Field, {name}: PopupKey, room: FormRoom): Step<FormState> | undefined {
	const value = state.values[id];
	if (value === undefined) return undefined;
	if (name === 'ctrl+e') return step(state, {kind: 'edit', id, text: value.field.text});
	if (name === 'ctrl+o' || (name === 'right' && value.folded)) {
		return step({...change(state, id, toggleFold), notice: undefined});
	}
	const area = areaOf(state, room);
	const moved = area === undefined ? undefined : moveInside(value, name, area);
	return moved === undefined ? undefined : step(change(state, id, ({touched}) => ({field: moved, touched})));
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
 * Keys of a form that was drawn into `room`. What types goes into the field, whatever it means elsewhere; Enter goes to
 * the next field. Enter on the button is the caller's.
 */
export function pressForm(state: FormState, key: PopupKey, room: FormRoom): Step<FormState> {
	const field = focusedField(state);
	const inside = field?.kind === 'json' ? pressDocument(state, field, key, room) : undefined;
	if (inside !== undefined) {
		return inside;
	}

	const move = moves[key.name];
	if (key.text === '' && move !== undefined) {
		return move(state);
	}

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

	// Terminals paste the line breaks of a document as carriage returns.
	const clean = field.kind === 'json' ? text.replaceAll(/\r\n?/g, '\n') : text.replaceAll(/\s+/g, ' ').trim();
	// What nobody has typed gives way: it would only be in front of the document.
	const before = field.kind === 'json' && state.values[field.id]?.touched === false ? textField('') : value;
	const pasted = withValue(state, field.id, insertText(before, clean));
	const next = field.kind === 'json' ? change(pasted, field.id, foldLong) : pasted;
	const fits = before.text.length + clean.length <= longestField;
	return fits ? next : {...next, notice: tooLong};
}
