import {PageTurner, type TurnedPage} from './page-turner.ts';
import type {Instant} from './snapshot.ts';
import {furthestReach, idTime} from './task-search.ts';
import {groupWorkflows, type WorkflowReport, type WorkflowTask} from './workflows.ts';

const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A page of a queue's tasks, before an id. */
export type WorkflowPage = TurnedPage<string>;

/** One reading of the newest tasks of all queues, page by page, for the workflows among them. */
export class WorkflowSweep {
	readonly #turner: PageTurner<string>;
	readonly #tasks: WorkflowTask[] = [];
	readonly #unread: {readonly queue: string; readonly sentence: string}[] = [];
	readonly #at: Instant;
	pages = 0;

	constructor(queues: readonly string[], at: Instant) {
		this.#turner = new PageTurner(queues, highestId);
		this.#at = at;
	}

	/** The pages of this tick; none when everything or `limit` tasks were looked at. */
	next(limit: number): readonly WorkflowPage[] {
		return this.#turner.next(limit);
	}

	/** What a page told: how many tasks it looked at, the last of them, and those that belong to a workflow. */
	take(page: WorkflowPage, looked: number, lastId: string | undefined, tasks: readonly WorkflowTask[]): void {
		this.#tasks.push(...tasks);
		this.#turner.take(page, looked, lastId);
	}

	/** A queue that cannot be read is left out and named. */
	refuse(queue: string, sentence: string): void {
		this.#turner.leave(queue);
		this.#unread.push({queue, sentence});
	}

	/** What is known so far. */
	report(limit: number): WorkflowReport {
		const {done, looked, queues} = this.#turner;
		const backs = queues.flatMap(queue => this.#turner.reached(queue) ?? []).filter(id => id !== highestId);
		return {
			workflows: groupWorkflows(this.#tasks),
			looked,
			backTo: done || backs.length === 0 ? undefined : Math.max(...backs.map(idTime)),
			progress: this.#turner.progress(limit, furthestReach),
			renewing: false,
			at: this.#at,
			unread: this.#unread,
		};
	}
}
