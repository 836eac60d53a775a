import {groupWorkflows, type WorkflowReport, type WorkflowTask} from '../../source/monitor/workflows.ts';
import {now, uuid} from './fixture.ts';

const second = 1000;
const minute = 60 * second;

function workflowTask(serial: number, workflow: string, rest: Partial<WorkflowTask>): WorkflowTask {
	const enqueuedAt = now - serial * 20 * second;
	return {
		queue: 'agents',
		taskId: uuid(3000 + serial),
		runId: uuid(8000 + serial),
		taskName: 'run-agent',
		state: 'completed',
		enqueuedAt,
		finishedAt: enqueuedAt + 45 * second,
		workflow,
		header: 'workflow_run_id',
		workflowName: undefined,
		tenant: 'acme',
		...rest,
	};
}

const steps = ['fetch', 'parse', 'rank', 'answer', 'notify'];

function workflow(first: number, name: string, id: string, states: readonly WorkflowTask['state'][], tenant: string) {
	return states.map((state, index) => {
		const open = state === 'running' || state === 'pending' || state === 'sleeping';
		const taskName = `${name}__1__${steps[index % steps.length] ?? 'fetch'}`;
		const task = workflowTask(first - index, id, {taskName, state, tenant});
		return open ? {...task, finishedAt: undefined} : task;
	});
}

/** Workflows in every state. */
export const workflows: WorkflowReport = {
	workflows: groupWorkflows([
		...workflow(40, 'compare-offers', uuid(901), ['completed', 'completed', 'failed', 'running', 'pending'], 'acme'),
		...workflow(12, 'compare-offers', uuid(902), ['completed', 'running', 'sleeping'], 'globex'),
		...workflow(30, 'close-ticket', 'ticket-88120', ['completed', 'sleeping'], 'acme'),
		...workflow(90, 'compare-offers', uuid(903), ['completed', 'completed', 'completed', 'completed'], 'initech'),
		...workflow(140, 'close-ticket', 'ticket-88097', ['completed', 'failed', 'cancelled'], 'acme'),
	]),
	looked: 10_000,
	backTo: now - 52 * minute,
	progress: 'limit',
	renewing: false,
	at: now - 2300,
	unread: [],
};
