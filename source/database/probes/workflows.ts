import {type WorkflowPage, WorkflowSweep} from '../../monitor/workflow-sweep.ts';
import type {WorkflowReport, WorkflowTask} from '../../monitor/workflows.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalNumber, optionalText, taskOf, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, Statement} from '../statement.ts';
import type {Prober, ProbeTools} from './probe.ts';
import {RenewedReading, readableQueues} from './renewed-reading.ts';
import {WorkflowRecords} from './workflow-records.ts';

/** The page of a queue's tasks, for those that belong to a workflow. */
export function workflowPage({queue, before, rows}: WorkflowPage): Statement {
	return statement('workflow-page', tableIdentifiers(queue, ['t', 'r']), {before_id: before, rows}, queue);
}

function workflowTask(queue: string, row: Row): WorkflowTask {
	return {
		...taskOf(queue, row),
		enqueuedAt: number(row, 'enqueue_at'),
		finishedAt: optionalNumber(row, 'finished_at'),
		workflow: text(row, 'workflow'),
		header: text(row, 'header') === 'workflow_run' ? 'workflow_run' : 'workflow_run_id',
		workflowName: optionalText(row, 'workflow_name'),
		tenant: optionalText(row, 'tenant'),
	};
}

async function readPages(
	sweep: WorkflowSweep,
	pages: readonly WorkflowPage[],
	read: ProbeTools['read'],
): Promise<void> {
	const {outcomes} = await read(pages.map(workflowPage));
	sweep.pages++;
	for (const [index, page] of pages.entries()) {
		const outcome = outcomes[index];
		if (outcome?.kind === 'error') sweep.refuse(page.queue, outcome.error.sentence);
		if (outcome?.kind !== 'rows') continue;
		const [first] = outcome.rows;
		const tasks = outcome.rows.filter(row => row['task_id'] !== null).map(row => workflowTask(page.queue, row));
		const looked = first === undefined ? 0 : number(first, 'looked');
		sweep.take(page, looked, first && optionalText(first, 'last_id'), tasks);
	}
}

/** Reads the newest tasks page by page, one a tick, and anew from time to time. */
export function createWorkflowsProber(): Prober<'workflows'> {
	const reading = new RenewedReading<WorkflowPage, WorkflowSweep, WorkflowReport>({
		begin(book, now) {
			const {readable, refused} = readableQueues(book);
			const sweep = new WorkflowSweep(readable, now);
			for (const {queue, sentence} of refused) sweep.refuse(queue, sentence);
			return sweep;
		},
		read: readPages,
	});
	const records = new WorkflowRecords();
	return async ({limit}, tools) => records.addTo(await reading.answer({limit, stopped: false}, tools), tools);
}
