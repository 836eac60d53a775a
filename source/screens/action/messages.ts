import type {BulkIntent, BulkKind, BulkPreview, BulkReport, BulkResult, BulkTask} from '../../monitor/bulk.ts';
import type {Intent, Outcome, Preview, RetryManner, SpawnTemplate, Suggestions} from '../../monitor/hands.ts';
import type {RunRef, TaskRef} from '../../monitor/snapshot.ts';
import type {ActRequest} from '../screen.ts';

/** A bulk action that was confirmed: its tasks are those that the database counted, and no others. */
export interface BulkJob {
	readonly kind: BulkKind;
	readonly tasks: readonly BulkTask[];
	/** Tasks a second at most. */
	readonly rate: number;
	/** For the record. */
	readonly reason: string | undefined;
	/** Of a retry; undefined = in place. */
	readonly manner: RetryManner | undefined;
	/** Milliseconds on this machine's steady clock. */
	readonly startedAt: number;
}

/**
 * What a popup wants done besides its own change, as data: the models of dialogs and forms stay pure, and there is one
 * place that carries these out.
 */
export type Effect =
	/** Ask the database what this would do; the answer comes back with the very same intent. */
	| {readonly kind: 'preview'; readonly intent: Intent}
	/** Do it: the only effect that writes. */
	| {readonly kind: 'perform'; readonly intent: Intent; readonly reason: string | undefined}
	| {readonly kind: 'suggest'; readonly queue: string}
	| {readonly kind: 'count'; readonly intent: BulkIntent}
	/** Do it to all of these: writes as well. */
	| {readonly kind: 'perform-all'; readonly job: BulkJob}
	| {readonly kind: 'stop'; readonly job: BulkJob}
	| {readonly kind: 'usual'; readonly queue: string; readonly taskName: string}
	| {readonly kind: 'template'; readonly task: TaskRef}
	/** Another dialog or form in place of this one. */
	| {readonly kind: 'reopen'; readonly request: ActRequest}
	/** Hand the text of a field to the editor. */
	| {readonly kind: 'edit'; readonly id: string; readonly text: string}
	| {readonly kind: 'show'; readonly run: RunRef};

/** What comes back. */
export type Message =
	| {readonly kind: 'previewed'; readonly intent: Intent; readonly preview: Preview}
	| {readonly kind: 'preview-failed'; readonly intent: Intent; readonly sentence: string}
	| {readonly kind: 'performed'; readonly outcome: Outcome}
	| {readonly kind: 'counted'; readonly intent: BulkIntent; readonly preview: BulkPreview | string}
	| {readonly kind: 'progress'; readonly job: BulkJob; readonly results: readonly BulkResult[]; readonly at: number}
	| {readonly kind: 'looking-up'; readonly job: BulkJob; readonly count: number}
	| {readonly kind: 'performed-all'; readonly job: BulkJob; readonly report: BulkReport; readonly at: number}
	/** A sentence where it could not be read. */
	| {readonly kind: 'template'; readonly task: TaskRef; readonly template: SpawnTemplate | string}
	/** A sentence where the editor failed. */
	| {readonly kind: 'edited'; readonly id: string; readonly text: string | {readonly failure: string}}
	| {readonly kind: 'suggested'; readonly queue: string; readonly suggestions: Suggestions}
	| {
			readonly kind: 'usual';
			readonly queue: string;
			readonly taskName: string;
			readonly maxAttempts: number | null | undefined;
	  };

/** A state and what shall be done besides; `state` undefined closes the popup. */
export interface Step<State> {
	readonly state: State | undefined;
	readonly effects: readonly Effect[];
}

export function step<State>(state: State | undefined, ...effects: readonly Effect[]): Step<State> {
	return {state, effects};
}
