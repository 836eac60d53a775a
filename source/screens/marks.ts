import {type BulkSearch, taskKey} from '../monitor/bulk.ts';
import type {TaskRef} from '../monitor/snapshot.ts';

/** The tasks that a screen lists, in the order in which it shows them, and the one under the cursor. */
export interface Markable {
	readonly rows: readonly TaskRef[];
	/** Index of the row under the cursor, -1 when no task is. */
	readonly cursor: number;
	/** Where the database filters: how to ask it for everything that matches, also what is not loaded. */
	readonly search?: BulkSearch | undefined;
}

/** Marked tasks by their ids: they survive refresh, sort, filter and going to another screen. */
export interface Marks {
	readonly tasks: ReadonlyMap<string, TaskRef>;
	/** Where a range begins that the cursor is drawing, as a key of a task. */
	readonly anchor: string | undefined;
	/** Everything that this filter matches is marked, in place of single tasks; undefined = it is not. */
	readonly everything?: string | undefined;
}

export const noMarks: Marks = {tasks: new Map(), anchor: undefined};

/** Whether a row is drawn as marked. */
export function isMarked(marks: Marks | undefined, task: TaskRef | undefined): boolean {
	if (marks === undefined || task === undefined) return false;
	return marks.everything !== undefined || marks.tasks.has(taskKey(task));
}

function added(marks: Marks, tasks: readonly TaskRef[]): Marks {
	const next = new Map(marks.tasks);
	for (const {queue, taskId} of tasks) next.set(taskKey({queue, taskId}), {queue, taskId});
	return {tasks: next, anchor: undefined};
}

/** Marks without some tasks: those that an action has done. */
export function unmark(marks: Marks, tasks: readonly TaskRef[]): Marks {
	const next = new Map(marks.tasks);
	for (const task of tasks) next.delete(taskKey(task));
	return {...marks, tasks: next};
}

function toggle(marks: Marks, {rows, cursor}: Markable): Marks {
	const row = rows[cursor];
	if (row === undefined) return marks;
	return marks.tasks.has(taskKey(row)) ? unmark(marks, [row]) : added(marks, [row]);
}

/** The rows from the anchor to the cursor, as they stand now; only the cursor's where the anchor is not shown any more. */
function rangeOf({anchor}: Marks, {rows, cursor}: Markable): readonly TaskRef[] {
	const from = rows.findIndex(row => taskKey(row) === anchor);
	const start = from === -1 ? cursor : Math.min(from, cursor);
	return rows.slice(Math.max(0, start), Math.max(from, cursor) + 1);
}

/** The first time it begins a range, the second time it marks all from there to the cursor. */
function range(marks: Marks, shown: Markable): Marks {
	const row = shown.rows[shown.cursor];
	if (row === undefined) return marks;
	return marks.anchor === undefined ? {...marks, anchor: taskKey(row)} : added(marks, rangeOf(marks, shown));
}

/** What the commands that mark do, on every screen that lists tasks. */
export const markCommands: Readonly<Record<string, (marks: Marks, shown: Markable) => Marks>> = {
	'mark.toggle': toggle,
	'mark.range': range,
	'mark.all': (marks, {rows}) => added(marks, rows),
	'mark.none': () => noMarks,
	'mark.matching': (marks, {search}) => (search === undefined ? marks : {...noMarks, everything: search.filter}),
};

/** Marks as far as they hold on this screen: everything that matches is marked only where that filter is asked. */
export function marksHere(marks: Marks, shown: Markable | undefined): Marks {
	return marks.everything === undefined || marks.everything === shown?.search?.filter ? marks : noMarks;
}

/** Marks as they are drawn: with the range that is being drawn. */
export function drawnMarks(marks: Marks, shown: Markable | undefined): Marks {
	if (marks.anchor === undefined || shown === undefined) return marks;
	return {...added(marks, rangeOf(marks, shown)), anchor: marks.anchor};
}

/** Marked tasks that this screen does not show. */
export function hiddenMarks({tasks}: Marks, shown: Markable | undefined): number {
	const here = new Set((shown?.rows ?? []).map(taskKey));
	return [...tasks.keys()].filter(key => !here.has(key)).length;
}

/** `3 marked, 1 of them not shown here`, for the status line; undefined when nothing is marked. */
export function markNote(marks: Marks, shown: Markable | undefined): string | undefined {
	if (marks.everything !== undefined) {
		return 'All that matches is marked · R retries, C cancels it (counts first) · U unmarks';
	}
	if (marks.anchor !== undefined) return 'Range: move to its other end and press v again; U forgets it.';
	const count = marks.tasks.size;
	if (count === 0) return undefined;
	const hidden = hiddenMarks(marks, shown);
	const elsewhere = hidden === 0 ? '' : `, ${hidden} of them not shown here`;
	const more = (shown?.search?.filter ?? '') === '' ? '' : ' · M marks all that match';
	return `${count} marked${elsewhere} · R retries, C cancels them (asks first)${more} · U unmarks all`;
}
