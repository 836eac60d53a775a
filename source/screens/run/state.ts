import {type DocumentState, openDocument} from '../../components/document.ts';
import type {ValueAddress} from '../../monitor/big-document.ts';
import type {Instant, RunRef} from '../../monitor/snapshot.ts';

export type SectionId =
	| 'timeline'
	| 'params'
	| 'headers'
	| 'result'
	| 'errors'
	| 'checkpoints'
	| 'waits'
	| 'attempts'
	| 'family';

/** In the order of Tab. */
export const sectionIds: readonly SectionId[] = [
	'timeline',
	'params',
	'headers',
	'result',
	'errors',
	'checkpoints',
	'waits',
	'attempts',
	'family',
];

export interface RunState {
	/** What was opened; the screen stays on it whatever is refreshed. */
	readonly run: RunRef;
	readonly section: SectionId;
	readonly documents: Readonly<Partial<Record<SectionId, DocumentState>>>;
	/** How far the timeline is zoomed: 0 = all of it; each level shows half of the one before. */
	readonly zoom: number;
	/** Where a zoomed timeline looks. */
	readonly center: Instant | undefined;
	/** The part of a large document that was asked for last. */
	readonly value: ValueAddress | undefined;
	readonly search: Search | undefined;
	/** Whether those that await it were asked for. */
	readonly parents: boolean;
}

/** A text that is looked for in the section, folded parts included. */
export interface Search {
	readonly text: string;
	readonly typing: boolean;
	/** Which of how many lines the cursor was sent to; undefined before the first. */
	readonly hit: {readonly place: number; readonly of: number} | undefined;
}

export function openRun(run: RunRef): RunState {
	return {
		run,
		section: 'timeline',
		documents: {},
		zoom: 0,
		center: undefined,
		value: undefined,
		search: undefined,
		parents: false,
	};
}

export function documentOf(state: RunState): DocumentState {
	return state.documents[state.section] ?? openDocument;
}

export function withDocument(state: RunState, document: DocumentState): RunState {
	return {...state, documents: {...state.documents, [state.section]: document}};
}
