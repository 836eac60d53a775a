import type {Intent, Suggestions} from '../../monitor/hands.ts';
import type {TaskRef} from '../../monitor/snapshot.ts';
import type {FieldValue} from './form-document.ts';
import type {Effect, Message} from './messages.ts';

/** A form as far as it is filled in. */
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

/** A field as data. */
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

/** Where the keys are when they are in no field. */
export const button = 'button';

/** The text in a field; empty for unknown ids. */
export function textOf(state: FormState, id: string): string {
	return state.values[id]?.field.text ?? '';
}

/** The fields that have a meaning at the moment. */
export function visibleFields(state: FormState): readonly Field[] {
	return state.spec.fields.filter(field => field.visible?.(state) ?? true);
}

/** The field that has the keys; undefined while the button has them. */
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
