import {troubleText} from '../components/status.ts';
import type {BulkFate} from '../monitor/bulk.ts';
import type {ActionKind} from '../monitor/hands.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import {sanitise} from '../terminal/sanitise.ts';
import type {Json} from './json-shape.ts';

/** What became of a task or an event that an action was to hit; `would`: it was only asked. */
export interface Deed {
	readonly queue: string;
	/** Of the task or the event. */
	readonly name: string;
	/** The one acted on; undefined for an event, and for a task that is not made yet. */
	readonly taskId: string | undefined;
	/** The run that a retry or a spawn made, where the database has told it. */
	readonly runId?: string | undefined;
	/** The task of that run, where a retry spawned another one. */
	readonly newTaskId?: string | undefined;
	/** State and attempts as they were found, before anything was done. */
	readonly state?: string | undefined;
	readonly attempts?: number | undefined;
	readonly fate: 'would' | BulkFate['kind'];
	/** What will really happen, in sentences. */
	readonly consequences?: readonly string[];
	/** What the database answered, or why it was not done. */
	readonly sentence?: string | undefined;
	readonly sqlstate?: string | undefined;
}

const fates = ['would', 'done', 'skipped', 'failed', 'unknown', 'unsent'] as const satisfies readonly Deed['fate'][];

const words: Readonly<Record<Deed['fate'], string>> = {
	would: 'would be done',
	done: 'done',
	skipped: 'skipped',
	failed: 'failed',
	unknown: 'unknown',
	unsent: 'not done',
};

function count(deeds: readonly Deed[], fate: Deed['fate']): number {
	return deeds.filter(deed => deed.fate === fate).length;
}

/** `38 done · 2 skipped`. */
export function deedSummary(deeds: readonly Deed[]): string {
	const parts = fates.flatMap(fate => {
		const number = count(deeds, fate);
		return number === 0 ? [] : [`${number} ${words[fate]}`];
	});
	return parts.length === 0 ? 'nothing to do' : parts.join(' · ');
}

/** A deed as one line of text, harmless for a terminal. */
export function deedLine(deed: Deed): string {
	const {fate, taskId, newTaskId, name, queue, state, attempts, sentence, sqlstate} = deed;
	const before = state === undefined ? '' : ` (${state}, attempt ${attempts ?? 0})`;
	const anew = newTaskId === undefined ? '' : `: as the new task ${newTaskId}`;
	const said = sentence === undefined ? anew : `: ${troubleText({sentence, sqlstate})}`;
	return `${sanitise(`${(fate === 'would' ? fate : words[fate]).padEnd(8)} ${taskId ?? '-'}  ${name} in ${queue}${before}${said}`)}\n`;
}

/** What was made for a deed: the run that a retry answered, and its task where that is another one. */
export function madeBy(taskId: string | undefined, made: RunRef | undefined): Pick<Deed, 'runId' | 'newTaskId'> {
	return {runId: made?.runId, newTaskId: made?.taskId === taskId ? undefined : made?.taskId};
}

/** The exit code that deeds stand for: 0 when everything was done, or would be. */
export function codeOf(deeds: readonly Deed[]): number {
	return deeds.every(({fate}) => fate === 'done' || fate === 'would') ? 0 : 1;
}

function shapeOf(deed: Deed): Json {
	return {
		queue: deed.queue,
		name: deed.name,
		taskId: deed.taskId ?? null,
		runId: deed.runId ?? null,
		newTaskId: deed.newTaskId ?? null,
		state: deed.state ?? null,
		attempts: deed.attempts ?? null,
		fate: deed.fate,
		consequences: deed.consequences ?? [],
		sentence: deed.sentence ?? null,
		sqlstate: deed.sqlstate ?? null,
	};
}

/** An action as `--json` prints it; docs/headless.md describes it. */
export interface Account {
	readonly action: ActionKind;
	readonly database: string | undefined;
	readonly dryRun: boolean;
	readonly deeds: readonly Deed[];
	/** Why it ended early. */
	readonly trouble: string | undefined;
}

export function accountShape({action, database, dryRun, deeds, trouble}: Account): {readonly [key: string]: Json} {
	return {
		action,
		database: database ?? null,
		dryRun,
		counts: Object.fromEntries(fates.map(fate => [fate, count(deeds, fate)])),
		trouble: trouble ?? null,
		deeds: deeds.map(shapeOf),
	};
}
