import type {Duration} from '../snapshot.ts';

/** What a filter can ask of a task, besides the paths into params and headers. */
export type TaskKey = 'state' | 'name' | 'queue' | 'age' | 'attempts' | 'worker' | 'error' | 'id' | 'key';

/** What it can ask of the checks of the Doctor and of the entries of the log alone. */
export type ListKey = 'rule' | 'severity' | 'action' | 'outcome';

export type FilterKey = TaskKey | ListKey;

/** Documents that a path leads into: `params.user.id`. */
export type FilterDocument = 'params' | 'headers';

/** How a number or an age is compared. */
export type Comparison = '=' | '>' | '>=' | '<' | '<=';

/** Where in the filter's text something stands, UTF-16 units. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** One of the texts that a key may have. `*` in `text` stands for anything, unless it was quoted or `literal`. */
export interface Pattern {
	/** Pieces between the stars: one piece = no star. */
	readonly pieces: readonly string[];
	/** Asked with `=`: the whole text, whatever the key usually means. */
	readonly whole: boolean;
}

/** What a term asks. */
export type Wish =
	| {readonly kind: 'word'; readonly text: string}
	| {
			readonly kind: 'text';
			readonly key: Exclude<FilterKey, 'age' | 'attempts'>;
			/** Any of these. */
			readonly patterns: readonly Pattern[];
	  }
	| {
			readonly kind: 'path';
			readonly document: FilterDocument;
			readonly path: readonly string[];
			readonly patterns: readonly Pattern[];
	  }
	| {readonly kind: 'number'; readonly key: 'attempts'; readonly comparison: Comparison; readonly value: number}
	| {readonly kind: 'age'; readonly key: 'age'; readonly comparison: Comparison; readonly value: Duration};

/** One term: all terms of a filter must hold. */
export interface Term extends Span {
	/** `!`: rows of which the wish does not hold. */
	readonly negated: boolean;
	readonly wish: Wish;
}

/** What is wrong with a filter, and where. */
export interface FilterError extends Span {
	/** One sentence: what is wrong and what to write. */
	readonly sentence: string;
	/** It may only not be finished yet: the caret stands at its end. */
	readonly unfinished: boolean;
}

/** A filter as a tree. With an error, `terms` are those that could be read. */
export interface Filter {
	readonly text: string;
	readonly terms: readonly Term[];
	readonly error: FilterError | undefined;
}
