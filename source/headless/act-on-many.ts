import {
	type BulkIntent,
	type BulkPreview,
	type BulkReport,
	type BulkResult,
	type BulkTask,
	countReasons,
	cutShort,
} from '../monitor/bulk.ts';
import type {RetryManner} from '../monitor/hands.ts';
import {plural} from '../monitor/phrase.ts';
import {onSignal} from '../terminal/ending.ts';
import {sanitise} from '../terminal/sanitise.ts';
import type {Manner, Plan} from './act.ts';
import {type Deed, deedLine, madeBy} from './deed.ts';

/** How many tasks at once are acted on. */
export interface Many {
	readonly intent: BulkIntent;
	/** Of a retry. */
	readonly manner: RetryManner | undefined;
	/** Tasks a second at most. */
	readonly rate: number;
	/** Ends a bulk action that runs, after at most two seconds. */
	settle(): Promise<string | undefined>;
}

/** Up to so many tasks are listed before the question. */
const listedTasks = 10;

function grouped(counts: ReadonlyArray<readonly [text: string, count: number]>): string {
	return counts.map(([text, count]) => `${count} ${text}`).join(' · ');
}

function wouldDeed({queue, taskId, name, state, attempts}: BulkTask): Deed {
	return {queue, taskId, name, state, attempts, fate: 'would'};
}

function previewDeeds({act, skipped}: BulkPreview): readonly Deed[] {
	return [
		...act.map(wouldDeed),
		...skipped.map(
			({task: {queue, taskId}, reason}): Deed => ({queue, taskId, name: '-', fate: 'skipped', sentence: reason}),
		),
	];
}

function previewText({intent, manner, rate}: Many, {act, skipped}: BulkPreview): string {
	const {kind, tasks} = intent;
	const how = manner?.spawnNew ? ' as new tasks' : '';
	const running = act.filter(({state}) => state === 'running').length;
	const lines = [
		`${kind} ${act.length} of ${plural(tasks.length, 'task')}${how}`,
		...(act.length === 0 ? [] : [`  ${grouped(countReasons(act.map(({name, queue}) => `${name} in ${queue}`)))}`]),
		...(running === 0
			? []
			: [`  ${running} running: workers notice at the next checkpoint, side effects until then happen`]),
		...countReasons(skipped.map(({reason}) => reason)).map(([reason, count]) => `  ${count} skipped: ${reason}`),
		...(act.length === 0 ? [] : [`  at most ${rate} a second, each in a transaction of its own`]),
		...(kind === 'cancel' && act.length > 0 ? ['  This is final: a cancelled task cannot be retried.'] : []),
	];
	return `${lines.map(sanitise).join('\n')}\n`;
}

function resultDeed({task, fate}: BulkResult): Deed {
	const sentence = 'reason' in fate ? fate.reason : undefined;
	const sqlstate = fate.kind === 'failed' ? fate.sqlstate : undefined;
	const made = fate.kind === 'done' ? fate.made : undefined;
	return {...wouldDeed(task), ...madeBy(task.taskId, made), fate: fate.kind, sentence, sqlstate};
}

/** What is listed one by one: everything in a dry run, and where the eye can take it in before the answer. */
function listed(deeds: readonly Deed[], {dryRun, yes}: Manner): readonly Deed[] {
	return dryRun || (!yes && deeds.length <= listedTasks) ? deeds : [];
}

/**
 * Retry or cancel of many tasks: the same preview, rate and record as a bulk action of the screen. A signal sends nothing
 * more, waits a moment for what is under way, and tells what was done.
 */
export function planMany(many: Many): Plan {
	const {intent, manner, rate} = many;
	let counted: BulkPreview | undefined;
	return {
		action: intent.kind,
		async look(hands, how) {
			counted = await hands.previewBulk(intent);
			const deeds = previewDeeds(counted);
			const lines = listed(deeds, how).map(deedLine).join('');
			return {deeds, text: previewText(many, counted) + lines};
		},
		async do(hands, reason, tell) {
			const tasks = counted?.act ?? [];
			const results: BulkResult[] = [];
			const sent: BulkTask[] = [];
			let code: number | undefined;
			let signalled: (report: BulkReport) => void = () => undefined;
			const cut = new Promise<BulkReport>(resolve => {
				signalled = resolve;
			});
			const undo = onSignal(async signal => {
				code = signal;
				const trouble = await many.settle();
				// What was answered in time is known better to the action itself.
				setImmediate(() => signalled({results: cutShort({tasks, results, sent}), trouble}));
			});
			const control = {
				rate: () => rate,
				stopped: () => code !== undefined,
				sending: (some: readonly BulkTask[]) => void sent.push(...some),
				progress(some: readonly BulkResult[]) {
					results.push(...some);
					tell(some.map(resultDeed));
				},
			};
			const report = await Promise.race([hands.performBulk(intent.kind, tasks, control, reason, manner), cut]);
			undo();
			const known = new Set(results.map(({task}) => task));
			tell(report.results.filter(({task}) => !known.has(task)).map(resultDeed));
			return {deeds: report.results.map(resultDeed), trouble: report.trouble, code};
		},
		line: deedLine,
	};
}
