import {type DocumentState, openDocument} from '../../components/document.ts';
import type {RunRef} from '../../monitor/snapshot.ts';

export type SectionId = 'timeline' | 'params' | 'headers' | 'result' | 'errors' | 'checkpoints' | 'waits' | 'attempts';

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
];

export interface RunState {
	/** What was opened; the screen stays on it whatever is refreshed. */
	readonly run: RunRef;
	readonly section: SectionId;
	readonly documents: Readonly<Partial<Record<SectionId, DocumentState>>>;
}

export function openRun(run: RunRef): RunState {
	return {run, section: 'timeline', documents: {}};
}

export function documentOf(state: RunState): DocumentState {
	return state.documents[state.section] ?? openDocument;
}

export function withDocument(state: RunState, document: DocumentState): RunState {
	return {...state, documents: {...state.documents, [state.section]: document}};
}
