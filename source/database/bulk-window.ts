import {type BulkFate, type BulkResult, type BulkTask, bulkInFlight, taskKey} from '../monitor/bulk.ts';
import {type BulkOrder, fateOf, isUnclear, statementOf} from './bulk-fate.ts';
import type {BulkFeed} from './bulk-feed.ts';
import {type BulkFacts, readBulkFacts} from './bulk-preview.ts';
import type {Lane, WriteOutcome} from './statement.ts';

/** A task that was sent, and of which it was not told yet what became of it. */
interface UnderWay {
	readonly task: BulkTask;
	outcome: WriteOutcome | undefined;
	fate: BulkFate | undefined;
}

/** Tasks under way at the same time, at most 50; a new one is sent as soon as one is known. */
export interface BulkWindow {
	/** Sends what the feed gives until nothing is under way; returns early when the connection breaks. */
	run(lane: Lane): Promise<void>;
	/** Takes what is still under way out, once nobody answers any more. */
	giveUp(reason: string): readonly BulkResult[];
}

/** The window begins with so many and grows by one with each answer: where all rows are locked Esc is heard in seconds. */
const firstWindow = 10;

interface Bell {
	ring(): void;
	/** Until it rings, or has rung since the last time; at most so many milliseconds where given. */
	heard(most: number | undefined): Promise<void>;
}

function createBell(): Bell {
	let rung = false;
	let wake: () => void = () => undefined;
	return {
		ring() {
			rung = true;
			wake();
		},
		async heard(most) {
			if (!rung) {
				await new Promise<void>(resolve => {
					const timer = most === undefined ? undefined : setTimeout(resolve, most);
					wake = () => {
						clearTimeout(timer);
						resolve();
					};
				});
			}
			// What came in one piece is looked at together.
			await new Promise(resolve => setImmediate(resolve));
			rung = false;
		},
	};
}

/**
 * The window slides in the order of the tasks: the server takes what one connection sends one after the other, so a call
 * that waits for a lock holds up the answers behind it, for at most its `lock_timeout`. `told` is called with what is
 * known, in that order; `sending` before tasks are sent.
 */
export function createBulkWindow(
	order: BulkOrder,
	feed: BulkFeed,
	{sending, told}: {sending(tasks: readonly BulkTask[]): void; told(results: readonly BulkResult[]): void},
): BulkWindow {
	const {kind} = order;
	const underWay: UnderWay[] = [];
	const unclear: UnderWay[] = [];
	const bell = createBell();
	let most = firstWindow;
	let broken = false;

	function take(entry: UnderWay, outcome: WriteOutcome): void {
		entry.outcome = outcome;
		bell.ring();
		if (outcome.kind === 'unknown') {
			broken = true;
			return;
		}
		// Where rows are locked fewer wait at once, so that Esc is heard soon.
		const locked = outcome.kind === 'error' && outcome.error.sqlstate === '55P03';
		most = locked ? Math.max(1, Math.floor(most / 4)) : Math.min(bulkInFlight, most + 1);
		if (isUnclear(kind, outcome)) unclear.push(entry);
		else entry.fate = fateOf(kind, entry.task, outcome, undefined);
	}

	function send(lane: Lane): void {
		const tasks = feed.take(most - underWay.length);
		if (tasks.length === 0) return;
		sending(tasks);
		for (const task of tasks) {
			const entry: UnderWay = {task, outcome: undefined, fate: undefined};
			underWay.push(entry);
			void lane.write(statementOf(order, task)).then(outcome => take(entry, outcome));
		}
	}

	async function readBack(lane: Lane): Promise<void> {
		const entries = unclear.splice(0);
		if (entries.length === 0) return;
		const facts = await readBulkFacts(
			lane,
			entries.map(({task}) => task),
		).catch(() => undefined);
		for (const entry of entries) entry.fate = known(entry, facts?.get(taskKey(entry.task)));
		bell.ring();
	}

	function known({task, outcome, fate}: UnderWay, facts?: BulkFacts): BulkFate | undefined {
		if (fate !== undefined || outcome === undefined || outcome.kind === 'unknown') return fate;
		return fateOf(kind, task, outcome, facts);
	}

	function tell(): void {
		const results: BulkResult[] = [];
		for (const {task, fate} of underWay) {
			if (fate === undefined) break;
			results.push({task, fate});
		}
		underWay.splice(0, results.length);
		if (results.length > 0) told(results);
	}

	return {
		async run(lane) {
			send(lane);
			while (underWay.length > 0 && !broken) {
				await bell.heard(underWay.length < most ? feed.wait() : undefined);
				void readBack(lane);
				tell();
				if (!broken) send(lane);
			}
		},
		giveUp(reason) {
			return underWay.splice(0).map(entry => ({task: entry.task, fate: known(entry) ?? {kind: 'unknown', reason}}));
		},
	};
}
