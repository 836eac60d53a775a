import {isNumber, isString} from './row.ts';
import type {Row} from './statement.ts';

/** One name among the newest tasks of a queue. */
export interface RecentName {
	readonly taskName: string;
	/** null = unlimited. */
	readonly maxAttempts: number | null;
	readonly tasks: number;
	/** Whether a worker started one of them. */
	readonly started: boolean;
}

/** Reads the rows of recent-names.sql: a name stands there once for each max_attempts it was spawned with. */
export function readNames(rows: readonly Row[]): readonly RecentName[] {
	return rows.flatMap(({task_name, max_attempts, tasks, started}) =>
		isString(task_name) && isNumber(tasks)
			? [
					{
						taskName: task_name,
						tasks,
						maxAttempts: isNumber(max_attempts) ? max_attempts : null,
						started: started === true,
					},
				]
			: [],
	);
}

/** What most of the tasks of a name were spawned with; undefined when there is none. */
export function usualMaxAttempts(names: readonly RecentName[], taskName: string): number | null | undefined {
	let usual: RecentName | undefined;
	for (const each of names) {
		if (each.taskName === taskName && each.tasks > (usual?.tasks ?? 0)) usual = each;
	}
	return usual?.maxAttempts;
}
