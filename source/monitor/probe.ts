import type {ValueAddress} from './big-document.ts';
import type {CheckupAnswer, CheckupQuestion} from './facts.ts';
import type {FailureReport} from './failure-groups.ts';
import type {EventRow, Poller, QueueRows, WakeUp, WorkerRuns} from './queue-lists.ts';
import type {Refusal} from './refusal.ts';
import type {RunDetail} from './run-detail.ts';
import type {Answer, Duration, RunRef} from './snapshot.ts';
import type {StorageFacts} from './storage.ts';
import type {TaskSearch, TaskSearchAsk} from './task-search.ts';
import type {SeenTypes} from './type-history.ts';
import type {TypeReport} from './type-tally.ts';
import type {WorkflowReport} from './workflows.ts';

/**
 * Every question that a screen may ask besides the core tick: what it says, and what the answer is. A new one is a line
 * here, and a file in `database/probes/` that answers it.
 */
export interface Probes {
	/** Everything about one task; null when it does not exist (any more). With `value`: that part of a large document, too. */
	run: {
		readonly ask: {
			readonly run: RunRef;
			readonly value?: ValueAddress | undefined;
			/** Also the tasks around it; `parents`: with those that await it, which looks into every queue. */
			readonly relations?: 'near' | 'parents' | undefined;
		};
		readonly answer: RunDetail | null;
	};
	/** Tasks that pass a filter, newest first, a page more with each question until there are enough. */
	tasks: {readonly ask: TaskSearchAsk; readonly answer: TaskSearch};
	/** The run that the id of a task or a run belongs to, in whichever queue; null = none. */
	find: {readonly ask: {readonly id: string}; readonly answer: RunRef | null};
	/** The same of many ids: those that were found, by id. */
	findAll: {readonly ask: {readonly ids: readonly string[]}; readonly answer: ReadonlyMap<string, RunRef>};
	/** What the role may not do, in the first 50 queues. */
	refusals: {
		readonly ask: {readonly user: string; readonly schemaVersion: string};
		readonly answer: readonly Refusal[];
	};
	/** Who works, and which sessions poll; `hidden` sessions do not show their statement. Of one queue or of all. */
	workers: {
		readonly ask: {readonly queue: string | undefined};
		readonly answer: {
			readonly workers: QueueRows<WorkerRuns>;
			readonly pollers: readonly Poller[];
			readonly hidden: number;
		};
	};
	/** Events that are awaited or were emitted. */
	events: {readonly ask: {readonly queue: string | undefined}; readonly answer: QueueRows<EventRow>};
	/** What finished, by task type: `seen` (the monitor adds it) is what the ticks counted; the newest by claim before it. */
	types: {
		readonly ask: {readonly queue: string; readonly seen?: SeenTypes | undefined};
		readonly answer: TypeReport;
	};
	/** Policy, tables and jobs of a queue; `sizes` measures the files. */
	storage: {readonly ask: {readonly queue: string; readonly sizes: boolean}; readonly answer: StorageFacts};
	/** What wakes up when. */
	schedule: {readonly ask: {readonly queue: string | undefined}; readonly answer: QueueRows<WakeUp>};
	/** Failed attempts of a window (milliseconds) by cause, read to `limit` rows; `stopped` reads no further. */
	failures: {
		readonly ask: {readonly window: Duration; readonly limit: number; readonly stopped: boolean};
		readonly answer: FailureReport;
	};
	/** Tasks by the workflow that their headers name, among the newest `limit` tasks of all queues. */
	workflows: {readonly ask: {readonly limit: number}; readonly answer: WorkflowReport};
	/** Slow facts for the rules. The monitor asks these by itself. */
	checkup: {readonly ask: {readonly question: CheckupQuestion}; readonly answer: CheckupAnswer};
}

export type ProbeKind = keyof Probes;

/** One question of a kind. */
export type ProbeOf<Kind extends ProbeKind> = {readonly kind: Kind} & Probes[Kind]['ask'];

/** Any question. */
export type Probe = {[Kind in ProbeKind]: ProbeOf<Kind>}[ProbeKind];

/** Kinds that are asked once and not again with every tick. */
export const askedOnce: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['find', 'findAll', 'refusals']);

/**
 * Kinds whose last answer stays while a changed question is answered: their answers say what they belong to, and who draws
 * them looks at that.
 */
export const continued: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['run', 'tasks', 'workflows']);

/** The answer to the current question, under its kind; every other kind is undefined. */
export type ProbeAnswers = {readonly [Kind in ProbeKind]?: Answer<Probes[Kind]['answer']> | undefined};
