import type {ActionEntry} from '../monitor/action-log.ts';
import {bulkInFlight, taskKey} from '../monitor/bulk.ts';
import type {ActionKind} from '../monitor/hands.ts';
import type {TaskRef} from '../monitor/snapshot.ts';

/** The line that is on disk before anything is done. */
export interface IntentLine {
	readonly type: 'intent';
	readonly id: string;
	/** ISO 8601, this machine's clock. */
	readonly at: string;
	readonly os_user: string;
	readonly ssh_connection: string | undefined;
	readonly machine: string;
	readonly pid: number;
	readonly db_user: string;
	readonly host: string;
	readonly port: number;
	readonly database: string;
	/** Of the environment (`prod`), where there is one. */
	readonly label: string | undefined;
	readonly action: ActionKind;
	/** The function of Absurd that is called, once for each task of a bulk action. */
	readonly function: string;
	readonly arguments: Readonly<Record<string, unknown>>;
	readonly tasks: readonly TaskRef[];
	readonly reason: string | undefined;
}

/** The line behind it. A bulk action has one for each part that was answered, and a last one with `final`. */
export interface OutcomeLine {
	readonly type: 'outcome';
	readonly id: string;
	readonly at: string;
	readonly final: boolean;
	readonly outcome: 'done' | 'failed' | 'unknown';
	readonly sentence: string;
	readonly sqlstate?: string | undefined;
	readonly duration_ms: number;
	readonly results?: readonly unknown[];
}

/** Somebody has looked at an intent without outcome: it is not shown at the next start. */
export interface SeenLine {
	readonly type: 'seen';
	readonly id: string;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(line);
		return isRecord(value) ? value : undefined;
	} catch {
		// The first line of the tail, or one that a full disk cut off.
		return undefined;
	}
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function tasksOf(value: unknown): readonly TaskRef[] {
	if (!Array.isArray(value)) return [];
	const items: readonly unknown[] = value;
	return items.flatMap(task => (isRecord(task) ? [{queue: text(task['queue']), taskId: text(task['taskId'])}] : []));
}

/** Tasks without those whose results are known. */
export function withoutKnown(tasks: readonly TaskRef[], results: unknown): readonly TaskRef[] {
	if (!Array.isArray(results) || results.length === 0) return tasks;
	const told: readonly unknown[] = results;
	const known = new Set(tasksOf(told.filter(each => isRecord(each) && each['kind'] !== 'unknown')).map(taskKey));
	return tasks.filter(task => !known.has(taskKey(task)));
}

/** What is said of an intent without outcome, `known` of its tasks being told in parts of one. */
function openSentence(known: number, open: number): string {
	const rest = 'it may or may not have happened. Look it up before you do it again.';
	if (known === 0) return `It has no recorded outcome: ${rest}`;
	const most = open > bulkInFlight ? `, of which at most ${bulkInFlight} were under way` : '';
	return `It was cut off: ${known} have a recorded result. Of the other ${open}${most}: ${rest}`;
}

const kinds: readonly ActionKind[] = ['retry', 'cancel', 'spawn', 'emit'];

/**
 * Intents without an outcome in the text of a record, as entries of an earlier session. `alive` answers whether the
 * process that wrote one still runs: it may have its outcome yet to come.
 */
export function unfinished(lines: string, alive: (machine: string, pid: number) => boolean): readonly ActionEntry[] {
	const open = new Map<string, {readonly intent: Readonly<Record<string, unknown>>; left: readonly TaskRef[]}>();
	for (const line of lines.split('\n')) {
		const value = parse(line);
		const id = text(value?.['id']);
		const begun = open.get(id);
		if (value?.['type'] === 'intent') open.set(id, {intent: value, left: tasksOf(value['tasks'])});
		else if (value?.['type'] === 'outcome' && value['final'] === false && begun !== undefined)
			begun.left = withoutKnown(begun.left, value['results']);
		else if (value?.['type'] === 'seen' || (value?.['type'] === 'outcome' && value['final'] === true)) open.delete(id);
	}
	return (
		[...open]
			.filter(
				([
					,
					{
						intent: {machine, pid},
					},
				]) => !alive(text(machine), typeof pid === 'number' ? pid : 0),
			)
			// With a result for each task only the last line is missing, which says nothing new.
			.filter(([, {intent, left}]) => left.length > 0 || tasksOf(intent['tasks']).length === 0)
			.map(([id, {intent: value, left}]): ActionEntry => {
				const tasks = tasksOf(value['tasks']);
				return {
					id,
					at: Date.parse(text(value['at'])),
					kind: kinds.find(kind => kind === value['action']) ?? 'retry',
					subject: subjectOf(tasks, text(value['function'])),
					place: `${text(value['database'])} on ${text(value['host'])}:${String(value['port'])}`,
					tasks,
					open: left,
					queues: queuesOf(tasks, value['arguments']),
					outcome: 'unknown',
					sentence: openSentence(tasks.length - left.length, left.length),
					reason: typeof value['reason'] === 'string' ? value['reason'] : undefined,
					earlier: true,
				};
			})
	);
}

/** The queues of tasks, and the one that a call names among its arguments: what is spawned or emitted is no task yet. */
export function queuesOf(tasks: readonly TaskRef[], named: unknown): readonly string[] {
	const queue = isRecord(named) ? text(named['queue']) : '';
	return [...new Set([...tasks.map(task => task.queue), ...(queue === '' ? [] : [queue])])];
}

/** What an action was done to, in a few words. */
export function subjectOf(tasks: readonly TaskRef[], otherwise: string): string {
	const [first, second] = tasks;
	if (first === undefined) return otherwise;
	return second === undefined ? `task ${first.taskId} in queue ${first.queue}` : `${tasks.length} tasks`;
}
