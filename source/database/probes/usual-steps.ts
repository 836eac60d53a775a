import type {RunDetail} from '../../monitor/run-detail.ts';
import type {FinishedSteps} from '../../monitor/usual-steps.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {ProbeTools} from './probe.ts';

/** Finished runs that are looked at for tasks of the name, and how many of those are enough. */
const looked = 200;
const enough = 5;

/** A task with more checkpoints than this is not read whole and says nothing about the order. */
const most = 500;

export function usualStepsStatement(queue: string, name: string): Statement {
	return statement('usual-steps', tableIdentifiers(queue, ['r', 't', 'c']), {name, rows: looked, tasks: enough}, queue);
}

function tasksOf(rows: readonly Row[]): readonly FinishedSteps[] {
	const tasks = new Map<string, FinishedSteps[number][]>();
	for (const row of rows) {
		const id = text(row, 'task_id');
		const step = {
			name: text(row, 'checkpoint_name'),
			ownerRunId: optionalText(row, 'owner_run_id'),
			updatedAt: number(row, 'updated_at'),
		};
		const steps = tasks.get(id);
		if (steps) steps.push(step);
		else tasks.set(id, [step]);
	}
	return [...tasks.values()].filter(steps => steps.length <= most);
}

/**
 * How finished tasks of this name went, asked once a task and only while it runs. Where it cannot be read there is no guess:
 * the detail is worth showing without.
 */
export async function readUsualSteps(
	{queue, taskName}: RunDetail,
	read: ProbeTools['read'],
): Promise<readonly FinishedSteps[]> {
	const {outcomes} = await read([usualStepsStatement(queue, taskName)]);
	return outcomes[0]?.kind === 'rows' ? tasksOf(outcomes[0].rows) : [];
}
