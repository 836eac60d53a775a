import type {FilterPrompt} from '../../components/filter-prompt.ts';
import {emptyList, type ListState} from '../../components/list.ts';
import type {OverviewFocus} from '../screen.ts';

export type PanelId = 'queues' | 'claims' | 'failures';

/** In the order of Tab. */
export const panelIds: readonly PanelId[] = ['queues', 'claims', 'failures'];

/** What the overview remembers: where the cursor is and what a person wished, nothing that the database knows. */
export interface OverviewState {
	/** The panel that the keys go to. */
	readonly panel: PanelId;
	/**
	 * False until the first key in the first panel: so long the cursor stays on the worst queue, whichever that is.
	 * Nothing that is done to a queue's row writes, and no task is under the cursor then.
	 */
	readonly touched: boolean;
	readonly lists: Readonly<Record<PanelId, ListState>>;
	/** Claims and failures of this queue only. */
	readonly queue: string | undefined;
	/** The filter of the panel while it is being typed. */
	readonly prompt: FilterPrompt | undefined;
}

export const openOverview: OverviewState = {
	panel: 'queues',
	touched: false,
	lists: {queues: emptyList, claims: emptyList, failures: emptyList},
	queue: undefined,
	prompt: undefined,
};

/** The state with another list in a panel. */
export function withList(state: OverviewState, panel: PanelId, list: ListState): OverviewState {
	return {...state, lists: {...state.lists, [panel]: list}};
}

/** The overview with the cursor in a panel that shows what somebody wants to see. */
export function focusOverview({panel, queue, filter}: OverviewFocus): OverviewState {
	const lists = {...openOverview.lists, [panel]: {...emptyList, filter: filter ?? ''}};
	return {...openOverview, panel, lists, touched: true, queue: panel === 'queues' ? undefined : queue};
}
