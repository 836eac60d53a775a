import {typePrompt} from '../../components/filter-prompt.ts';
import type {CommandContext} from '../screen.ts';
import {vocabularyOf} from '../vocabulary.ts';
import {type OverviewState, withList} from './state.ts';

/** A key while the filter is typed, which is live: Enter keeps it, Esc clears it. */
export function typeFilter(
	state: OverviewState,
	key: {readonly name: string; readonly text: string},
	context: CommandContext,
): OverviewState {
	const {prompt} = state;
	if (prompt === undefined) {
		return state;
	}

	const list = state.lists[state.panel];
	const filtered = (filter: string) => withList(state, state.panel, {...list, filter, note: undefined});
	const step = typePrompt(prompt, key, {book: context.filters, vocabulary: vocabularyOf(context.snapshot)});
	if (step.kind === 'typing') {
		return {...filtered(step.prompt.field.text), prompt: step.prompt};
	}

	const filter = step.kind === 'kept' ? step.filter : '';
	context.filters.remember(filter);
	return {...filtered(filter), prompt: undefined};
}
