import {taskKey} from '../monitor/bulk.ts';
import type {Instant, TaskRef} from '../monitor/snapshot.ts';

/** What is being done to tasks at the moment, in a word for each, by `taskKey`. */
export type Doing = ReadonlyMap<string, string>;

/** The word for a row's task; undefined = nothing is being done to it. */
export function doingOf({doing}: {readonly doing?: Doing | undefined}, task: TaskRef | undefined): string | undefined {
	return task === undefined ? undefined : doing?.get(taskKey(task));
}

/**
 * Rows of tasks that are acted on say so: `cancelling…` until the database has answered, then what was read back, until
 * a tick that began after the answer shows it by itself.
 */
export interface Deeds {
	readonly doing: Doing;
	/** The database was asked. */
	begin(tasks: readonly TaskRef[], word: string): void;
	/** It answered, at this database time: what was read back; undefined = nothing has changed. */
	end(tasks: readonly TaskRef[], word: string | undefined, at: Instant): void;
	/** A tick of this database time is on the screen. */
	seen(at: Instant | undefined): void;
}

export function createDeeds(): Deeds {
	const doing = new Map<string, string>();
	/** When the answer came, for those that have one. */
	const answered = new Map<string, Instant>();
	return {
		doing,
		begin(tasks, word) {
			for (const key of tasks.map(taskKey)) {
				doing.set(key, word);
				answered.delete(key);
			}
		},
		end(tasks, word, at) {
			for (const key of tasks.map(taskKey)) {
				if (word === undefined) doing.delete(key);
				else {
					doing.set(key, word);
					answered.set(key, at);
				}
			}
		},
		seen(at) {
			for (const [key, since] of answered) {
				if (at === undefined || at <= since) continue;
				answered.delete(key);
				doing.delete(key);
			}
		},
	};
}
