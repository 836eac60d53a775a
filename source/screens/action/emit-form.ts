import {jsonCheck, required} from './checks.ts';
import {type FormSpec, textOf} from './form-state.ts';
import {queueField} from './spawn-form.ts';

/** The form that emits an event. */
export const emitForm: FormSpec = {
	title: 'Emit event',
	fields: [
		queueField,
		{
			id: 'event',
			label: 'event name',
			kind: 'text',
			initial: '',
			options: state => (state.suggestions?.queue === textOf(state, 'queue') ? state.suggestions.eventNames : []),
			check: required,
		},
		{id: 'payload', label: 'payload', kind: 'json', initial: 'null', check: jsonCheck(false)},
	],
	intent: state => ({
		kind: 'emit',
		queue: textOf(state, 'queue'),
		eventName: textOf(state, 'event'),
		payload: textOf(state, 'payload').trim(),
	}),
	effects: (state, id) => (id === 'queue' ? [{kind: 'suggest', queue: textOf(state, 'queue')}] : []),
	receive: (state, message) =>
		message.kind === 'suggested' ? {...state, suggestions: {...message.suggestions, queue: message.queue}} : state,
};
