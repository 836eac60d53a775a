/** A filter with a name, from the configuration. */
export interface SavedFilter {
	readonly name: string;
	readonly filter: string;
}

/** The filters that were used in this session, and those that a person keeps. */
export interface FilterBook {
	readonly saved: readonly SavedFilter[];
	/** Newest first, none twice. */
	recent(): readonly string[];
	/** Notes a filter that was kept with Enter. */
	remember(filter: string): void;
}

/** As many as a person would walk through. */
const mostRecent = 50;

/** Makes the book of one session. `saved` comes from the configuration; walking back reaches it after the history. */
export function createFilterBook(saved: readonly SavedFilter[] = []): FilterBook {
	let recent: readonly string[] = [];
	return {
		saved,
		recent: () => [...recent, ...saved.map(({filter}) => filter).filter(filter => !recent.includes(filter))],
		remember(filter) {
			const text = filter.trim();
			if (text !== '') recent = [text, ...recent.filter(other => other !== text)].slice(0, mostRecent);
		},
	};
}
