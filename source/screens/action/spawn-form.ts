import type {SpawnIntent, SpawnTemplate} from '../../monitor/hands.ts';
import type {TaskRef} from '../../monitor/snapshot.ts';
import {attemptsCheck, jsonCheck, optionalNumber, required, unlimited} from './checks.ts';
import {fillIn, openForm, prefill} from './form-model.ts';
import {type Field, type FormSpec, type FormState, textOf} from './form-state.ts';
import type {Step} from './messages.ts';

/** What SDKs give a task by default. */
const usualAttempts = '5';

function kindOf(state: FormState): string {
	return textOf(state, 'retry');
}

const hasBackOff = (state: FormState) => kindOf(state) !== 'none';
const isExponential = (state: FormState) => kindOf(state) === 'exponential';

function suggested(state: FormState, kind: 'taskNames' | 'eventNames'): readonly string[] {
	return state.suggestions?.queue === textOf(state, 'queue') ? state.suggestions[kind] : [];
}

function nameRemark(value: string, state: FormState): string | undefined {
	const known = suggested(state, 'taskNames');
	return value === '' || known.length === 0 || known.some(name => name.startsWith(value))
		? undefined
		: 'no worker has run this here lately: it would be deferred again and again';
}

function number(id: string, label: string, visible: ((state: FormState) => boolean) | undefined): Field {
	const field: Field = {id, label, kind: 'text', initial: '', check: optionalNumber};
	return visible === undefined ? field : {...field, visible};
}

export const queueField: Field = {
	id: 'queue',
	label: 'queue',
	kind: 'choice',
	initial: '',
	options: state => state.queues,
	check: required,
};

const fields: readonly Field[] = [
	queueField,
	{
		id: 'task',
		label: 'task name',
		kind: 'text',
		initial: '',
		options: state => suggested(state, 'taskNames'),
		check: required,
		remark: nameRemark,
	},
	{id: 'params', label: 'params', kind: 'json', initial: '{}', check: jsonCheck(false)},
	{id: 'headers', label: 'headers', kind: 'json', initial: '', check: jsonCheck(true, 'object')},
	{
		id: 'attempts',
		label: 'max attempts',
		kind: 'text',
		initial: usualAttempts,
		options: () => [unlimited],
		check: attemptsCheck,
		remark: (value, state) =>
			value.trim() === unlimited && !hasBackOff(state)
				? 'without back-off a task that always fails is run again at once, for ever'
				: undefined,
	},
	{
		id: 'retry',
		label: 'retry after',
		kind: 'choice',
		initial: 'none',
		options: () => ['none', 'fixed', 'exponential'],
	},
	number('base', '  base, s', hasBackOff),
	number('factor', '  factor', isExponential),
	number('max', '  at most, s', hasBackOff),
	number('maxDelay', 'max delay, s', undefined),
	number('maxDuration', 'max duration, s', undefined),
	{id: 'key', label: 'idempotency key', kind: 'text', initial: ''},
];

/** A JSON object of numbers exactly as typed; undefined when nothing was. */
function numbers(state: FormState, members: Readonly<Record<string, string>>): readonly string[] {
	return Object.entries(members).flatMap(([key, id]) => {
		const text = textOf(state, id).trim();
		return text === '' ? [] : [`"${key}": ${text.replace(/^0+(?=\d)/, '')}`];
	});
}

function retryStrategy(state: FormState): string | undefined {
	if (!hasBackOff(state)) {
		return undefined;
	}

	const factor = isExponential(state) ? {factor: 'factor'} : {};
	const parts = numbers(state, {base_seconds: 'base', ...factor, max_seconds: 'max'});
	return `{${[`"kind": "${kindOf(state)}"`, ...parts].join(', ')}}`;
}

function optional(text: string): string | undefined {
	return text.trim() === '' ? undefined : text;
}

function intent(state: FormState): SpawnIntent {
	const attempts = textOf(state, 'attempts').trim();
	const cancellation = numbers(state, {max_delay: 'maxDelay', max_duration: 'maxDuration'});
	return {
		kind: 'spawn',
		queue: textOf(state, 'queue'),
		taskName: textOf(state, 'task'),
		params: textOf(state, 'params').trim(),
		headers: optional(textOf(state, 'headers').trim()),
		maxAttempts: attempts === unlimited ? null : Number(attempts),
		retryStrategy: retryStrategy(state),
		cancellation: cancellation.length === 0 ? undefined : `{${cancellation.join(', ')}}`,
		idempotencyKey: optional(textOf(state, 'key')),
	};
}

/** The form that spawns a task. */
export const spawnForm: FormSpec = {
	title: 'Spawn task',
	fields,
	intent,
	effects(state, id) {
		const queue = textOf(state, 'queue');
		const taskName = textOf(state, 'task');
		if (id === 'queue') {
			return [{kind: 'suggest', queue}];
		}

		return id === 'task' && taskName !== '' ? [{kind: 'usual', queue, taskName}] : [];
	},
	receive(state, message) {
		if (message.kind === 'template') {
			return state.filling?.taskId === message.task.taskId ? filledIn(state, message.template) : state;
		}

		if (message.kind === 'suggested') {
			return {...state, suggestions: {...message.suggestions, queue: message.queue}};
		}

		const current =
			message.kind === 'usual' &&
			message.queue === textOf(state, 'queue') &&
			message.taskName === textOf(state, 'task');
		// Unlimited has to be chosen, even where a task usually is.
		return current && typeof message.maxAttempts === 'number'
			? prefill(state, 'attempts', String(message.maxAttempts))
			: state;
	},
};

const kinds = ['fixed', 'exponential'];

/** The form filled in with what a task was spawned with; its key is left out, or nothing new would be made. */
function filledIn(state: FormState, template: SpawnTemplate | string): FormState {
	const ready: FormState = {...state, filling: undefined};
	if (typeof template === 'string') return {...fillIn(ready, 'params', ''), notice: template};
	const {taskName, params, headers, maxAttempts, retry, cancellation} = template;
	const values: Readonly<Record<string, string | undefined>> = {
		task: taskName,
		params,
		headers,
		// Unlimited has to be chosen.
		attempts: maxAttempts === null ? '' : String(maxAttempts),
		retry: kinds.find(kind => kind === retry.kind) ?? 'none',
		base: retry.base,
		factor: retry.factor,
		max: retry.max,
		maxDelay: cancellation.maxDelay,
		maxDuration: cancellation.maxDuration,
	};
	let filled = ready;
	for (const [id, text] of Object.entries(values)) filled = fillIn(filled, id, text ?? '');
	return {...filled, notice: 'Filled in; its idempotency key is left out.'};
}

/** The form that spawns another task like one that is there; the person goes to its params first. */
export function openLike(queues: readonly string[], task: TaskRef): Step<FormState> & {readonly state: FormState} {
	const {state, effects} = openForm(spawnForm, queues, {queue: task.queue});
	const filling = {...state, filling: task, focus: 'params', notice: 'Reading the task…'};
	return {state: filling, effects: [...effects, {kind: 'template', task}]};
}
