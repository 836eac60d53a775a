import type {SearchPlan} from '../../monitor/filter/plan.ts';
import type {Instant, State} from '../../monitor/snapshot.ts';
import type {TaskRow} from '../../monitor/task-search.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {instantText, number, optionalNumber, optionalText, taskOf, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Row, SqlValue, Statement} from '../statement.ts';

/** One index of one queue that is read page by page. */
export interface TaskSource {
	readonly queue: string;
	/** undefined = by id. */
	readonly state: State | undefined;
	/** By id: what comes before this one. */
	readonly beforeId: string;
	/** By state: due at or before, and so many at that very instant were looked at. */
	readonly beforeAt: Instant;
	readonly skip: number;
	readonly looked: number;
	readonly pages: number;
	readonly done: boolean;
}

/** What a page told. */
export interface TaskPage {
	readonly rows: readonly TaskRow[];
	readonly looked: number;
	/** The source behind this page. */
	readonly next: TaskSource;
}

function conditions({wishes, attempts, age}: SearchPlan): Record<string, SqlValue> {
	return {
		wishes: JSON.stringify(wishes),
		attempts_least: attempts.least,
		attempts_most: attempts.most,
		age_least: age.least,
		age_most: age.most ?? null,
	};
}

/** The next page of a source. */
export function pageStatement(plan: SearchPlan, source: TaskSource, rows: number, found: number): Statement {
	const tables = tableIdentifiers(source.queue, ['t', 'r']);
	const common = {...conditions(plan), rows, matches: found};
	if (source.state !== undefined) {
		const values = {...common, state: source.state, before_at: instantText(source.beforeAt), skip: source.skip};
		return statement('tasks-by-state', tables, values, source.queue);
	}
	const from = plan.path.kind === 'newest' ? plan.path.from : '00000000-0000-0000-0000-000000000000';
	return statement('tasks-newest', tables, {...common, from_id: from, before_id: source.beforeId}, source.queue);
}

/** Tasks by their ids, those that pass. */
export function tasksStatement(plan: SearchPlan, queue: string, ids: readonly string[]): Statement {
	const states = plan.path.kind === 'state' ? plan.path.states : null;
	return statement('tasks-by-id', tableIdentifiers(queue, ['t', 'r']), {...conditions(plan), ids, states}, queue);
}

function taskRow(queue: string, row: Row): TaskRow {
	return {
		...taskOf(queue, row),
		attempts: number(row, 'attempts'),
		maxAttempts: optionalNumber(row, 'max_attempts') ?? null,
		enqueuedAt: number(row, 'enqueue_at'),
		firstStartedAt: optionalNumber(row, 'first_started_at'),
		key: optionalText(row, 'idempotency_key'),
		worker: optionalText(row, 'claimed_by'),
		leaseExpiresAt: optionalNumber(row, 'claim_expires_at'),
		availableAt: optionalNumber(row, 'available_at'),
		startedAt: optionalNumber(row, 'started_at'),
		finishedAt: optionalNumber(row, 'completed_at') ?? optionalNumber(row, 'failed_at'),
		wakeEvent: optionalText(row, 'wake_event'),
		errorName: optionalText(row, 'error_name'),
		errorMessage: optionalText(row, 'error_message'),
	};
}

/** The tasks among the rows of one of the search's statements. */
export function tasksOf(queue: string, rows: readonly Row[]): readonly TaskRow[] {
	return rows.filter(row => row['task_id'] !== null).map(row => taskRow(queue, row));
}

/** Reads a page of at most `asked` rows looked at and `most` answered. */
export function readPage(
	source: TaskSource,
	rows: readonly Row[],
	{asked, most}: {readonly asked: number; readonly most: number},
): TaskPage {
	const tasks = tasksOf(source.queue, rows);
	const [first] = rows;
	const whole = first === undefined ? 0 : number(first, 'looked');
	const last = rows.at(-1);
	const lastTask = tasks.at(-1);
	// As many as were wanted: what stood behind the last of them is looked at again with the next page.
	const full = tasks.length >= most && last !== undefined && lastTask !== undefined;
	const looked = full ? number(last, 'place') : whole;
	const done = whole < asked && (!full || looked === whole);
	const counted = {looked: source.looked + looked, pages: source.pages + 1, done};
	if (first === undefined || whole === 0) return {rows: tasks, looked, next: {...source, ...counted, done: true}};
	if (source.state === undefined) {
		const beforeId = full ? lastTask.taskId : text(first, 'last_id');
		return {rows: tasks, looked, next: {...source, ...counted, beforeId}};
	}
	const beforeAt = full ? (lastTask.availableAt ?? source.beforeAt) : number(first, 'last_at');
	// Entries at the same instant have no order of their own: all of a page are skipped, should they share it.
	const same = beforeAt === source.beforeAt;
	return {rows: tasks, looked, next: {...source, ...counted, beforeAt, skip: same ? source.skip + looked : 1}};
}
