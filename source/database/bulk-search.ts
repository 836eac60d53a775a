import type {BulkFound, BulkIntent, BulkSearch} from '../monitor/bulk.ts';
import {defaultBulkCap} from '../monitor/bulk.ts';
import {parseFilter} from '../monitor/filter/parse.ts';
import type {TaskRef} from '../monitor/snapshot.ts';
import {furthestReach, type TaskRow, type TaskSearch} from '../monitor/task-search.ts';
import {queueTables, TableBook} from './catalog.ts';
import {askAll} from './hands-session.ts';
import {createTasksProber} from './probes/tasks.ts';
import {statement} from './sql.ts';
import type {WritingSession} from './statement.ts';

/** Milliseconds for one page of a search, and for all of them. */
const pageDeadline = 5000;
const searchTime = 30_000;

/** States that an action is for, as a filter asks for them: an index leads to each. */
const states = {retry: 'state:failed', cancel: 'state:pending,running,sleeping'} as const;

/** The filter as it is asked: where it says nothing of states, those that the action is for are meant. */
function askedFilter(kind: BulkIntent['kind'], filter: string): string {
	const named = parseFilter(filter).terms.some(({wish}) => wish.kind === 'text' && wish.key === 'state');
	return named ? filter : `${states[kind]} ${filter}`.trim();
}

/** Whether a task was there, and as it is, when the search was asked for. */
function isMeant(kind: BulkIntent['kind'], {until}: BulkSearch, row: TaskRow): boolean {
	const finished = kind === 'retry' ? (row.finishedAt ?? until) : until;
	return row.enqueuedAt <= until && finished <= until;
}

async function bookOf(session: WritingSession, {queues}: BulkSearch): Promise<TableBook> {
	const [catalogue] = await askAll(session, [statement('catalog', {}, {})]);
	const shown = new Set(queues);
	return new TableBook((catalogue?.rows ?? []).map(queueTables).filter(({name}) => shown.has(name)));
}

function endOf({progress}: TaskSearch, meant: number, most: number): BulkFound['end'] {
	if (meant > most) return 'cap';
	return progress === 'all' ? 'all' : 'reach';
}

/**
 * Finds everything that a filter matches, newest first, page by page as the list of tasks does it, until there is one
 * more than may be taken. The ids are fixed with the answer. Rejects with a sentence when it cannot be asked.
 */
export async function searchBulk(
	session: WritingSession,
	kind: BulkIntent['kind'],
	search: BulkSearch,
): Promise<{readonly tasks: readonly TaskRef[]; readonly found: BulkFound}> {
	const {most = defaultBulkCap} = search;
	const filter = askedFilter(kind, search.filter);
	const {error} = parseFilter(filter);
	if (error !== undefined) throw new Error(`The filter cannot be read: ${error.sentence}`);
	const book = await bookOf(session, search);
	const ask = createTasksProber();
	const until = performance.now() + searchTime;
	let wanted = most + 1;
	for (;;) {
		const answer = await ask(
			{kind: 'tasks', filter, wanted, limit: furthestReach},
			{read: statements => session.read(statements, pageDeadline), book},
		);
		const meant = answer.rows.filter(row => isMeant(kind, search, row));
		// Tasks that came in meanwhile stand in front and take no place away.
		if (answer.progress === 'enough' && meant.length <= most) wanted = answer.rows.length + most + 1 - meant.length;
		else if (answer.progress !== 'reading' || performance.now() > until) {
			const tasks = meant.slice(0, most).map(({queue, taskId}) => ({queue, taskId}));
			const unread = answer.unread.map(({queue}) => queue);
			return {tasks, found: {end: endOf(answer, meant.length, most), filter, looked: answer.looked, unread}};
		}
	}
}
