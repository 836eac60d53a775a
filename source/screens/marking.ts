import {type BulkIntent, type BulkKind, taskKey} from '../monitor/bulk.ts';
import type {TaskRef} from '../monitor/snapshot.ts';
import {
	drawnMarks,
	hiddenMarks,
	type Markable,
	type Marks,
	markCommands,
	markNote,
	marksHere,
	noMarks,
	unmark,
} from './marks.ts';
import type {DrawContext} from './screen.ts';
import {whyNoWriting} from './why-not.ts';

/** What is marked, kept beside the screens because it outlives them. */
export interface Marking {
	/** For drawing; undefined where the screen lists no tasks. */
	drawn(): Marks | undefined;
	/** Whether a command is one that marks. */
	knows(command: string): boolean;
	/** A command that marks; answers whether it was one. */
	handle(command: string): boolean;
	/** What a command would do to everything that is marked; undefined = it means the row under the cursor. */
	bulk(command: string): BulkIntent | undefined;
	/** Why a command that marks, or acts on marks, cannot be done; undefined where that is not for us to say. */
	whyNot(command: string, context: Pick<DrawContext, 'snapshot' | 'hands'>): {readonly reason?: string} | undefined;
	/** Forgets a range that was begun; answers whether there was one. */
	escape(): boolean;
	unmark(tasks: readonly TaskRef[]): void;
	note(): string | undefined;
}

const kinds: Readonly<Record<string, BulkKind>> = {'action.retry': 'retry', 'action.cancel': 'cancel'};

/** Keeps the marks; `shown` answers what the screen on top lists. */
export function createMarking(shown: () => Markable | undefined): Marking {
	let marks = noMarks;

	function bulk(command: string): BulkIntent | undefined {
		const kind = kinds[command];
		const listed = shown();
		if (kind === undefined || listed === undefined) return undefined;
		const {everything, tasks} = marksHere(marks, listed);
		if (everything !== undefined) return {kind, tasks: [], hidden: 0, search: listed.search};
		if (tasks.size === 0) return undefined;
		return {kind, tasks: [...tasks.values()], hidden: hiddenMarks(marks, listed)};
	}

	/** Why a command that marks does nothing now; empty = it does something. */
	function whyNotMark(command: string): {readonly reason?: string} {
		const listed = shown();
		if (command === 'mark.none') return {};
		if (command === 'mark.matching') {
			if (listed?.search === undefined) return {reason: 'only the list of tasks asks the database for what matches'};
			return listed.search.filter.trim() === '' ? {reason: 'everything there is would match: filter first'} : {};
		}
		if (marksHere(marks, listed).everything !== undefined) {
			return {reason: 'everything that matches is marked: U unmarks it'};
		}
		if (command === 'mark.all') return {};
		return listed?.rows[listed.cursor] === undefined ? {reason: 'no task is under the cursor'} : {};
	}

	return {
		drawn() {
			if (marks === noMarks) return marks;
			const listed = shown();
			return listed === undefined ? undefined : drawnMarks(marksHere(marks, listed), listed);
		},
		knows: command => command in markCommands,
		handle(command) {
			const listed = shown();
			const change = markCommands[command];
			if (change === undefined) return false;
			if (listed !== undefined && whyNotMark(command).reason === undefined) {
				marks = change(marksHere(marks, listed), listed);
			}
			return true;
		},
		bulk,
		whyNot(command, context) {
			if (command in markCommands) return whyNotMark(command);
			const intent = bulk(command);
			if (intent === undefined) return undefined;
			const queues = intent.search?.queues ?? [...new Set(intent.tasks.map(({queue}) => queue))];
			const refusals = queues.map(queue => context.hands?.refusal(intent.kind, queue));
			const reason = whyNoWriting(context) ?? (refusals.includes(undefined) ? undefined : refusals[0]);
			return reason === undefined ? {} : {reason};
		},
		escape() {
			const begun = marks.anchor !== undefined;
			if (begun) marks = {...marks, anchor: undefined};
			return begun;
		},
		unmark(tasks) {
			const known = tasks.filter(task => marks.tasks.has(taskKey(task)));
			marks = unmark(marks, known);
		},
		note() {
			if (marks === noMarks) return undefined;
			const listed = shown();
			return listed === undefined ? undefined : markNote(marksHere(marks, listed), listed);
		},
	};
}
