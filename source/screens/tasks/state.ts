import type {FilterPrompt} from '../../components/filter-prompt.ts';
import {emptyList, type ListState} from '../../components/list.ts';
import {searchPage, searchReach} from '../../monitor/task-search.ts';

/** What the screen of tasks remembers: the cursor and what is wished for. */
export interface TasksState {
	/** The filter that is asked. */
	readonly filter: string;
	/** The filter while it is being typed. */
	readonly prompt: FilterPrompt | undefined;
	/** Its own filter stays empty: the database has filtered. */
	readonly list: ListState;
	/** Tasks that are wanted, and rows that may be looked at for them. */
	readonly wanted: number;
	readonly limit: number;
}

/** A search from its beginning. */
export function searchFor(filter: string): TasksState {
	return {filter, prompt: undefined, list: emptyList, wanted: searchPage, limit: searchReach};
}
