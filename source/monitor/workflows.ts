import type {ReadingProgress} from './page-turner.ts';
import type {Instant, RunRef, State} from './snapshot.ts';

/** The headers that name the workflow of a task; the first that it has counts. */
export type WorkflowHeader = 'workflow_run_id' | 'workflow_run';

/** A task that belongs to a workflow. */
export interface WorkflowTask extends RunRef {
	readonly taskName: string;
	readonly state: State;
	readonly enqueuedAt: Instant;
	/** When it completed, failed for good or was cancelled; undefined before. */
	readonly finishedAt: Instant | undefined;
	/** The value of the header, at most 200 characters. */
	readonly workflow: string;
	readonly header: WorkflowHeader;
	/** The header `workflow_name`. */
	readonly workflowName: string | undefined;
	readonly tenant: string | undefined;
}

/** What the table `workflow_run` of the early Python client says of a workflow. */
export interface WorkflowRecord {
	readonly name: string | undefined;
	readonly version: string | undefined;
	/** In the words of that client: `pending`, `running`, `completed`, `failed`, `cancelled`. */
	readonly status: string;
	readonly completedAt: Instant | undefined;
}

/** The tasks that share a workflow, as far as they were read. */
export interface WorkflowRow {
	readonly workflow: string;
	readonly header: WorkflowHeader;
	/** The header `workflow_name`, else what the names of its tasks begin with before `__`, else its first task's name. */
	readonly name: string;
	readonly queues: readonly string[];
	readonly tenant: string | undefined;
	/** By state; their sum is how many tasks were read. */
	readonly states: Readonly<Record<State, number>>;
	/** Of the whole: while a task is open running, else pending, else sleeping; then the worst way in which one ended. */
	readonly state: State;
	/** When its first task was enqueued. */
	readonly startedAt: Instant;
	/** When its last task ended; undefined while one is open. */
	readonly endedAt: Instant | undefined;
	/** The newest sign of life: a task enqueued or ended. */
	readonly lastAt: Instant;
	readonly tasks: readonly WorkflowTask[];
	/** Absent where there is no such table, or it does not know the workflow. */
	readonly record?: WorkflowRecord | undefined;
}

/** What the workflows screen shows. */
export interface WorkflowReport {
	/** Open ones with failed tasks first, then the open ones, then the ended ones, the newest first. */
	readonly workflows: readonly WorkflowRow[];
	/** Tasks that were looked at, whether they belong to a workflow or not. */
	readonly looked: number;
	/** Every task enqueued since then was looked at; undefined = all tasks were. */
	readonly backTo: Instant | undefined;
	readonly progress: ReadingProgress;
	/** A newer reading is under way; this one is shown until that one is as far. */
	readonly renewing: boolean;
	/** When this reading began. */
	readonly at: Instant;
	readonly unread: readonly {readonly queue: string; readonly sentence: string}[];
	/** Whether a table `workflow_run` was read for what it says; or why it was not; absent = there is none. */
	readonly records?: {readonly sentence: string | undefined} | undefined;
}

/** The state of the whole: the first of these that one of its tasks is in. */
const precedence: readonly State[] = ['running', 'pending', 'sleeping', 'failed', 'cancelled', 'completed'];

function stateOf(states: Readonly<Record<State, number>>): State {
	return precedence.find(state => states[state] > 0) ?? 'completed';
}

/** Tasks that have not ended. */
export function openTasks({running, pending, sleeping}: Readonly<Record<State, number>>): number {
	return running + pending + sleeping;
}

function nameOf(tasks: readonly WorkflowTask[]): string {
	const given = tasks.find(({workflowName}) => workflowName !== undefined)?.workflowName;
	if (given !== undefined) return given;
	const first = tasks.at(-1)?.taskName ?? '';
	const [begin = ''] = first.split('__');
	return begin !== '' && begin !== first && tasks.every(({taskName}) => taskName.startsWith(`${begin}__`))
		? begin
		: first;
}

function rowOf(tasks: readonly WorkflowTask[]): WorkflowRow | undefined {
	const [any] = tasks;
	if (any === undefined) return undefined;
	const oldestLast = [...tasks].sort((a, b) => b.enqueuedAt - a.enqueuedAt || (a.taskId < b.taskId ? 1 : -1));
	const states = {pending: 0, running: 0, sleeping: 0, completed: 0, failed: 0, cancelled: 0};
	for (const {state} of tasks) states[state]++;
	const signs = tasks.flatMap(({enqueuedAt, finishedAt}) => [enqueuedAt, finishedAt ?? enqueuedAt]);
	const lastAt = Math.max(...signs);
	return {
		workflow: any.workflow,
		header: any.header,
		name: nameOf(oldestLast),
		queues: [...new Set(tasks.map(({queue}) => queue))].sort(),
		tenant: tasks.find(({tenant}) => tenant !== undefined)?.tenant,
		states,
		state: stateOf(states),
		startedAt: oldestLast.at(-1)?.enqueuedAt ?? lastAt,
		endedAt: openTasks(states) > 0 ? undefined : lastAt,
		lastAt,
		tasks: oldestLast,
	};
}

function rank({states}: WorkflowRow): number {
	if (openTasks(states) === 0) return 2;
	return states.failed > 0 ? 0 : 1;
}

/** The order in which workflows are shown. */
export function compareWorkflows(a: WorkflowRow, b: WorkflowRow): number {
	return rank(a) - rank(b) || b.lastAt - a.lastAt || (a.workflow < b.workflow ? 1 : -1);
}

/** What tells one workflow from another: the same value under the other header is another one. */
export function workflowKey({workflow, header}: Pick<WorkflowTask, 'workflow' | 'header'>): string {
	return `${header} ${workflow}`;
}

/** Puts tasks together that name the same workflow. */
export function groupWorkflows(tasks: Iterable<WorkflowTask>): readonly WorkflowRow[] {
	const groups = new Map<string, WorkflowTask[]>();
	for (const task of tasks) {
		const key = workflowKey(task);
		const group = groups.get(key);
		if (group === undefined) groups.set(key, [task]);
		else group.push(task);
	}
	return [...groups.values()].flatMap(group => rowOf(group) ?? []).sort(compareWorkflows);
}
