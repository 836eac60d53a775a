import {parseFilter} from '../../monitor/filter/parse.ts';
import {highestId, planSearch, type SearchPlan} from '../../monitor/filter/plan.ts';
import type {Trouble} from '../../monitor/snapshot.ts';
import {idTime, searchPage, type TaskRow, type TaskSearch, type TaskSearchAsk} from '../../monitor/task-search.ts';
import type {ReadAnswer, Statement, StatementOutcome} from '../statement.ts';
import type {Prober, ProbeTools} from './probe.ts';
import {lookUpTasks} from './task-lookup.ts';
import {pageStatement, readPage, type TaskSource, tasksOf, tasksStatement} from './task-pages.ts';

/** Rows that all pages of one round trip look at together. */
const rowsAtOnce = 2000;

/** Sources that are read in one round trip, and rows of each at least. */
const sourcesAtOnce = 50;
const fewestRows = 50;

/** Known tasks that are read again in one round trip. */
const againAtOnce = 200;

/** A search that goes on from question to question. */
interface Search {
	readonly filter: string;
	readonly plan: SearchPlan;
	sources: readonly TaskSource[];
	readonly rows: Map<string, TaskRow>;
	readonly unread: Map<string, Trouble>;
	/** Where reading known tasks again goes on. */
	again: number;
}

const idOf = ({queue, taskId}: TaskRow) => `${taskId} ${queue}`;

function startSearch(filter: string, {book}: ProbeTools): Search {
	const plan = planSearch(parseFilter(filter), Date.now());
	const {path} = plan;
	const queues = [...book.queues.values()].filter(({name, readable}) => readable === true && plan.searches(name));
	const states = path.kind === 'state' ? path.states : [undefined];
	const sources = queues.flatMap(({name}) =>
		states.map(
			(state): TaskSource => ({
				queue: name,
				state,
				beforeId: path.kind === 'newest' ? path.before : highestId,
				beforeAt: Number.POSITIVE_INFINITY,
				skip: 0,
				looked: 0,
				pages: 0,
				done: false,
			}),
		),
	);
	return {filter, plan, sources, rows: new Map(), unread: new Map(), again: 0};
}

/** Negative when the first stands before the second: newer, then by id, so that every order is whole. */
function compareTasks(plan: SearchPlan): (first: TaskRow, second: TaskRow) => number {
	const byId = (first: string, second: string) => (first === second ? 0 : first < second ? 1 : -1);
	if (plan.path.kind !== 'state') return (first, second) => byId(idOf(first), idOf(second));
	return (first, second) => {
		const [one, other] = [first.availableAt ?? 0, second.availableAt ?? 0];
		return one === other ? byId(idOf(first), idOf(second)) : other - one;
	};
}

/** Whether a source may still have tasks that stand before this one. */
function mayPrecede({state, beforeId, beforeAt}: TaskSource, {taskId, availableAt}: TaskRow): boolean {
	return state === undefined ? taskId < beforeId : (availableAt ?? 0) < beforeAt;
}

/** The tasks in front of everything that was not looked at yet. */
function settled({plan, sources, rows}: Search): readonly TaskRow[] {
	const open = sources.filter(({done}) => !done);
	return [...rows.values()]
		.sort(compareTasks(plan))
		.filter(row => !open.some(source => source.pages === 0 || mayPrecede(source, row)));
}

function lookedAt({sources}: Search): number {
	return sources.reduce((sum, {looked}) => sum + looked, 0);
}

/** The open sources, those that have looked least far back first. */
function laggards({sources}: Search): readonly TaskSource[] {
	const open = sources.filter(({done}) => !done);
	const compare = (first: TaskSource, second: TaskSource) => {
		if (first.pages === 0 || second.pages === 0) return first.pages - second.pages;
		if (first.state === undefined) return first.beforeId < second.beforeId ? 1 : -1;
		return second.beforeAt - first.beforeAt;
	};
	return open.sort(compare).slice(0, sourcesAtOnce);
}

function failed(search: Search, queue: string, outcome: StatementOutcome | undefined): boolean {
	if (outcome?.kind !== 'error') return false;
	search.unread.set(queue, {sentence: outcome.error.sentence, sqlstate: outcome.error.sqlstate});
	return true;
}

/** Reads the next page of the sources that lag behind. */
async function readOn(search: Search, ask: TaskSearchAsk, {read}: Pick<ProbeTools, 'read'>): Promise<void> {
	const chosen = laggards(search);
	const {plan} = search;
	const share = Math.floor((plan.sifts ? rowsAtOnce : searchPage) / Math.max(1, chosen.length));
	const asked = Math.max(fewestRows, Math.min(share, ask.limit - lookedAt(search)));
	const most = searchPage;
	const {outcomes} = await read(chosen.map(source => pageStatement(plan, source, asked, most)));
	const next = new Map<TaskSource, TaskSource>();
	for (const [index, source] of chosen.entries()) {
		const outcome = outcomes[index];
		if (failed(search, source.queue, outcome)) next.set(source, {...source, done: true});
		if (outcome?.kind !== 'rows') continue;
		const page = readPage(source, outcome.rows, {asked, most});
		next.set(source, page.next);
		for (const row of page.rows) search.rows.set(idOf(row), row);
	}
	search.sources = search.sources.map(source => next.get(source) ?? source);
}

/** Reads known tasks again, some at a time: what does not pass any more goes. */
async function readAgain(search: Search, {read}: Pick<ProbeTools, 'read'>): Promise<void> {
	const known = settled(search);
	const from = search.again >= known.length ? 0 : search.again;
	const some = known.slice(from, from + againAtOnce);
	search.again = from + againAtOnce;
	const queues = [...new Set(some.map(({queue}) => queue))];
	const idsOf = (queue: string) => some.filter(row => row.queue === queue).map(({taskId}) => taskId);
	const statements: Statement[] = queues.map(queue => tasksStatement(search.plan, queue, idsOf(queue)));
	const {outcomes}: ReadAnswer = await read(statements);
	for (const [index, queue] of queues.entries()) {
		const outcome = outcomes[index];
		if (outcome?.kind !== 'rows') continue;
		for (const row of some) if (row.queue === queue) search.rows.delete(idOf(row));
		for (const row of tasksOf(queue, outcome.rows)) search.rows.set(idOf(row), row);
	}
}

function progressOf(search: Search, ask: TaskSearchAsk): TaskSearch['progress'] {
	if (search.sources.every(({done}) => done)) return 'all';
	if (settled(search).length >= ask.wanted) return 'enough';
	return lookedAt(search) >= ask.limit ? 'stopped' : 'reading';
}

function answerOf(search: Search, ask: TaskSearchAsk): TaskSearch {
	const {plan, sources} = search;
	const byState = plan.path.kind === 'state';
	const open = sources.filter(({done, pages}) => !done && pages > 0);
	const times = open.map(({state, beforeId, beforeAt}) => (state === undefined ? idTime(beforeId) : beforeAt));
	return {
		filter: search.filter,
		rows: settled(search),
		order: byState ? 'claimed' : 'enqueued',
		looked: lookedAt(search),
		kind: byState ? 'runs' : 'tasks',
		progress: progressOf(search, ask),
		backTo: times.length === 0 ? undefined : Math.max(...times),
		unread: [...search.unread].map(([queue, trouble]) => ({queue, trouble})),
	};
}

/** The first pages anew, when they are all there is; else what is new in front of what is known. */
async function refresh(search: Search, ask: TaskSearchAsk, tools: ProbeTools): Promise<Search> {
	const head = startSearch(search.filter, tools);
	await readOn(head, ask, tools);
	const shallow = search.sources.every(({pages}) => pages <= 1) && search.sources.length <= sourcesAtOnce;
	if (shallow || lookedAt(search) === 0) return head;
	const known = [...head.rows.values()].some(row => search.rows.has(idOf(row)));
	// More is new than a page holds: what lies between would be missing.
	if (!known && head.rows.size > 0) return head;
	for (const row of head.rows.values()) search.rows.set(idOf(row), row);
	await readAgain(search, tools);
	return search;
}

/** Searches tasks page by page: each question reads one page more, until there is enough, then keeps it fresh. */
export function createTasksProber(): Prober<'tasks'> {
	let search: Search | undefined;
	return async (ask, tools) => {
		if (search?.filter !== ask.filter) search = startSearch(ask.filter, tools);
		const {kind} = search.plan.path;
		if (kind === 'id' || kind === 'key') {
			const {rows, unread} = await lookUpTasks(search.plan, tools);
			const found = {...search, sources: [], rows: new Map(rows.map(row => [idOf(row), row])), unread};
			return {...answerOf(found, ask), looked: rows.length};
		}
		if (progressOf(search, ask) === 'reading') await readOn(search, ask, tools);
		else search = await refresh(search, ask, tools);
		return answerOf(search, ask);
	};
}
