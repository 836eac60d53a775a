import type {DocumentRow, Folds} from '../../components/document.ts';
import {parseJson} from '../../components/json/parse.ts';
import type {Piece} from '../../components/line.ts';
import type {Document, RunDetail} from '../../monitor/run-detail.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import type {DrawContext} from '../screen.ts';
import {errorRows} from './errors.ts';
import {childCount, familyRows} from './family.ts';
import {addressOf, attemptRows, checkpointRows, documentRows, resultAddress, waitRows} from './lists.ts';
import type {SectionId} from './state.ts';
import {timelineRows} from './timeline.ts';
import {traceRows} from './trace.ts';

/** What a section is drawn from. */
export interface SectionContext {
	readonly detail: RunDetail;
	readonly draw: DrawContext;
	readonly toggled: Folds;
	/** Cells of a line. */
	readonly width: number;
	/** How the timeline is zoomed. */
	readonly zoom: number;
	readonly center: Instant | undefined;
	/** Facts that found no room above. */
	readonly facts: readonly (readonly Piece[])[];
}

interface Section {
	readonly title: string;
	/** For narrow windows. */
	readonly short?: string;
	/** The number behind the title; undefined = none. */
	count(detail: RunDetail): number | undefined;
	rows(context: SectionContext): readonly DocumentRow[];
}

/** Members of a document's root; `1` for a scalar, none for what is cut off. */
function members(document: Document | undefined): number | undefined {
	if (document === undefined) {
		return 0;
	}

	return document.complete ? parseJson(document.text).root.children.length : undefined;
}

/** Why there is none: it may come, or never will. */
function noResult({state}: RunDetail): string {
	if (state === 'failed') return 'No result: it has failed for good.';
	return state === 'cancelled' ? 'No result: it was cancelled.' : 'No result yet.';
}

/** The sections of the detail, in the order of their tabs. */
export const sections: Readonly<Record<SectionId, Section>> = {
	timeline: {title: 'Timeline', count: () => undefined, rows: timelineRows},
	params: {
		title: 'Params',
		count: ({params}) => members(params),
		rows: context => documentRows(context.detail.params, '', context, addressOf('params')),
	},
	headers: {
		title: 'Headers',
		count: ({headers}) => members(headers),
		rows: context => [
			...traceRows(context.detail),
			...documentRows(context.detail.headers, 'No headers.', context, addressOf('headers')),
		],
	},
	result: {
		title: 'Result',
		count: () => undefined,
		rows: context =>
			documentRows(context.detail.result, noResult(context.detail), context, resultAddress(context.detail)),
	},
	errors: {
		title: 'Errors',
		count: ({runs}) => runs.filter(run => run.failure !== undefined).length,
		rows: errorRows,
	},
	checkpoints: {
		title: 'Checkpoints',
		short: 'Steps',
		count: ({checkpointCount}) => checkpointCount,
		rows: checkpointRows,
	},
	waits: {title: 'Waits', count: ({waits}) => waits.length, rows: waitRows},
	family: {title: 'Family', count: childCount, rows: familyRows},
	attempts: {title: 'Attempts', count: ({runCount}) => runCount, rows: attemptRows},
};
