import {
	type BulkControl,
	type BulkKind,
	type BulkReport,
	type BulkResult,
	type BulkTask,
	bulkSummary,
	cutShort,
	taskKey,
} from '../monitor/bulk.ts';
import type {Hands, Intent, Outcome, RetryManner} from '../monitor/hands.ts';
import type {SessionFacts} from '../monitor/snapshot.ts';
import type {AuditCall, AuditRecord} from './record.ts';

/** Hands that write down what they are about to do before they do it, and what became of it. */
export interface RecordedHands extends Hands {
	/** Ends a bulk action that runs: sends nothing more, waits a moment for what is under way. Answers what was done. */
	settle(): Promise<string | undefined>;
}

/** How long what is under way is waited for when the program ends, milliseconds. */
const settleTime = 2000;

function callOf(intent: Intent, reason: string | undefined): AuditCall {
	const {kind, ...rest} = intent;
	const named = {action: kind, reason, arguments: rest};
	switch (intent.kind) {
		case 'retry':
		case 'cancel':
			return {
				...named,
				function: `absurd.${kind}_task`,
				tasks: [{queue: intent.queue, taskId: intent.taskId}],
				subject: undefined,
			};
		case 'spawn':
			return {
				...named,
				function: 'absurd.spawn_task',
				tasks: [],
				subject: `${intent.taskName} in queue ${intent.queue}`,
			};
		case 'emit':
			return {
				...named,
				function: 'absurd.emit_event',
				tasks: [],
				subject: `${intent.eventName} in queue ${intent.queue}`,
			};
	}
}

function lineOf({task, fate}: BulkResult) {
	return {queue: task.queue, taskId: task.taskId, ...fate};
}

function outcomeOf(results: readonly BulkResult[]): 'done' | 'failed' | 'unknown' {
	if (results.some(({fate}) => fate.kind === 'unknown')) return 'unknown';
	return results.some(({fate}) => fate.kind === 'done') ? 'done' : 'failed';
}

const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The bulk action that runs, as far as it was told. */
interface Running {
	readonly id: string;
	readonly tasks: readonly BulkTask[];
	readonly results: BulkResult[];
	readonly sent: BulkTask[];
	stopped: boolean;
	readonly report: Promise<BulkReport>;
}

/** Puts the record around hands. */
export function createRecordedHands(
	hands: Hands,
	record: AuditRecord,
	facts: () => SessionFacts | undefined,
): RecordedHands {
	let running: Running | undefined;

	/** The last line: how it ended, and the results that were not told before. */
	function concludeAll(
		{id, results: told}: Running,
		results: readonly BulkResult[],
		trouble: string | undefined,
	): string {
		const sentence = `${bulkSummary(results)}.${trouble === undefined ? '' : ` ${trouble}`}`;
		const known = new Set(told.map(({task}) => taskKey(task)));
		const rest = results.filter(({task}) => !known.has(taskKey(task)));
		record.conclude(id, {final: true, outcome: outcomeOf(results), sentence, results: rest.map(lineOf)});
		return sentence;
	}

	async function perform(intent: Intent, reason?: string): Promise<Outcome> {
		let id: string;
		try {
			id = record.intend(callOf(intent, reason), facts());
		} catch (error) {
			return {kind: 'failed', sentence: sentenceOf(error), sqlstate: undefined};
		}
		const outcome = await hands.perform(intent);
		const sqlstate = outcome.kind === 'failed' ? outcome.sqlstate : undefined;
		const task = outcome.kind === 'done' && outcome.task !== undefined ? [outcome.task] : [];
		record.conclude(id, {final: true, outcome: outcome.kind, sentence: outcome.sentence, sqlstate, results: task});
		return outcome;
	}

	async function performBulk(
		kind: BulkKind,
		tasks: readonly BulkTask[],
		control: BulkControl,
		reason?: string,
		manner?: RetryManner,
	): Promise<BulkReport> {
		let id: string;
		const named = tasks.map(({queue, taskId}) => ({queue, taskId}));
		try {
			const call = {action: kind, function: `absurd.${kind}_task`, arguments: {...manner}, tasks: named, reason};
			id = record.intend({...call, subject: undefined}, facts());
		} catch (error) {
			const results = tasks.map((task): BulkResult => ({task, fate: {kind: 'unsent'}}));
			return {results, trouble: sentenceOf(error)};
		}
		const state: Omit<Running, 'report'> = {id, tasks, results: [], sent: [], stopped: false};
		const steered: BulkControl = {
			...control,
			stopped: () => state.stopped || control.stopped(),
			sending(some) {
				state.sent.push(...some);
				control.sending?.(some);
			},
			progress(results) {
				state.results.push(...results);
				const [outcome, sentence] = [outcomeOf(results), bulkSummary(results)];
				record.conclude(id, {final: false, outcome, sentence, results: results.map(lineOf)});
				control.progress(results);
			},
		};
		const report = hands.performBulk(kind, tasks, steered, reason, manner);
		const mine: Running = Object.assign(state, {report});
		running = mine;
		const done = await report;
		// When the program ended meanwhile this was concluded without us.
		if (running === mine) {
			running = undefined;
			concludeAll(mine, done.results, done.trouble);
		}
		return done;
	}

	return {
		...hands,
		refusal: (kind, queue) => record.refusal ?? hands.refusal(kind, queue),
		perform,
		performBulk,
		log: record.entries,
		logSeen: record.seen,
		async settle() {
			const cut = running;
			if (cut === undefined) return undefined;
			running = undefined;
			cut.stopped = true;
			const timer = new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), settleTime));
			const report = await Promise.race([cut.report, timer]);
			const results = report?.results ?? cutShort(cut);
			return `The bulk action was ended early: ${concludeAll(cut, results, report?.trouble)}`;
		},
	};
}
