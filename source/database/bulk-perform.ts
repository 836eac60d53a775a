import type {BulkControl, BulkReport, BulkResult} from '../monitor/bulk.ts';
import type {BulkOrder} from './bulk-fate.ts';
import {createBulkFeed} from './bulk-feed.ts';
import {lookUp, pause} from './bulk-lost.ts';
import {createBulkWindow} from './bulk-window.ts';
import type {HandsSession} from './hands-session.ts';

/** Milliseconds that each statement waits for a row that somebody else holds. */
const lockTimeout = 1000;

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/**
 * Acts on tasks that were counted before, each in a transaction of its own, at most 50 under way at once. Between two
 * turns in which nothing is under way the connection is free for others. Never rejects.
 */
export async function performBulk(
	connection: HandsSession,
	order: BulkOrder,
	control: BulkControl,
): Promise<BulkReport> {
	const results: BulkResult[] = [];
	let trouble: string | undefined;
	function told(known: readonly BulkResult[]): void {
		results.push(...known);
		control.progress(known);
	}
	const feed = createBulkFeed(order.tasks, control);
	const window = createBulkWindow(order, feed, {told, sending: tasks => control.sending?.(tasks)});
	for (let wait = feed.wait(); wait !== undefined && trouble === undefined; wait = feed.wait()) {
		if (wait > 0) {
			await pause(wait);
			continue;
		}
		try {
			await connection.use(session => session.pipelined(lockTimeout, window.run));
		} catch (error) {
			trouble = describe(error);
		}
	}
	const left = window.giveUp(trouble ?? '');
	const lost = left.filter(({fate}) => fate.kind === 'unknown').length;
	if (lost > 0) control.lookingUp?.(lost);
	if (left.length > 0) told(lost === 0 ? left : await lookUp(connection, order, left, control.stopped));
	const unsent = feed.rest().map((task): BulkResult => ({task, fate: {kind: 'unsent'}}));
	return {results: [...results, ...unsent], trouble};
}
