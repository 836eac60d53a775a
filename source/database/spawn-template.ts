import type {SpawnTemplate} from '../monitor/hands.ts';
import type {TaskRef} from '../monitor/snapshot.ts';
import {tableIdentifiers} from './ask-statement.ts';
import {askAll} from './hands-session.ts';
import {optionalNumber, optionalText, text} from './rows.ts';
import {statement} from './sql.ts';
import type {Statement, WritingSession} from './statement.ts';

/** Characters of a document that a form takes. */
const longest = 100_000;

export function templateStatement({queue, taskId}: TaskRef): Statement {
	return statement('spawn-template', tableIdentifiers(queue, ['t']), {task_id: taskId, longest}, queue);
}

/** Reads what a task was spawned with. Rejects with a sentence where a form cannot take it. */
export async function readTemplate(session: WritingSession, task: TaskRef): Promise<SpawnTemplate> {
	const [answer] = await askAll(session, [templateStatement(task)]);
	const row = answer?.rows[0];
	if (row === undefined) throw new Error(`There is no task ${task.taskId} in queue ${task.queue} (any more).`);
	if (row['too_long'] === true) {
		throw new Error(
			`Its params or headers have more than ${longest.toLocaleString('en-US')} characters, too many for a form; as a new task (R, then s) it is copied whole.`,
		);
	}
	return {
		taskName: text(row, 'task_name'),
		params: optionalText(row, 'params') ?? 'null',
		headers: optionalText(row, 'headers'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
		retry: {
			kind: optionalText(row, 'retry_kind'),
			base: optionalText(row, 'base_seconds'),
			factor: optionalText(row, 'factor'),
			max: optionalText(row, 'max_seconds'),
		},
		cancellation: {maxDelay: optionalText(row, 'max_delay'), maxDuration: optionalText(row, 'max_duration')},
	};
}
