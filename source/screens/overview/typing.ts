import {typePrompt} from '../../components/filter-prompt.ts';
import type {CommandContext} from '../screen.ts';
import {type OverviewState, withList} from './state.ts';
import {panelVocabulary} from './vocabulary.ts';

/** Narrows the panel that the keys go to. */
export function filterPanel(state: OverviewState, filter: string): OverviewState {
	return withList(state, state.panel, {...state.lists[state.panel], filter, note: undefined});
}

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

	const step = typePrompt(prompt, key, {
		book: context.filters,
		vocabulary: panelVocabulary(state.panel, context.snapshot),
	});
	if (step.kind === 'typing') {
		return {...filterPanel(state, step.prompt.field.text), prompt: step.prompt};
	}

	const filter = step.kind === 'kept' ? step.filter : '';
	context.filters.remember(filter);
	return {...filterPanel(state, filter), prompt: undefined};
}
