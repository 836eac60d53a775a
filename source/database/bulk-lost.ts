import {type BulkResult, type BulkTask, taskKey} from '../monitor/bulk.ts';
import {type BulkOrder, happened, makesNew} from './bulk-fate.ts';
import {readBulkFacts} from './bulk-preview.ts';
import type {HandsSession} from './hands-session.ts';

/** How long answers that were lost are looked for, and how far apart two readings must agree, milliseconds. */
const patience = {forReconnecting: 10_000, between: 1500};

/** Waits so many milliseconds. */
export const pause = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds));

/** Of a task that is as it was before its call. */
const lookedUp = 'the answer was lost; looked up, it has not happened';

async function reconnect(connection: HandsSession, tasks: readonly BulkTask[], stopped: () => boolean) {
	const until = performance.now() + patience.forReconnecting;
	for (;;) {
		const found = await connection.use(session => readBulkFacts(session, tasks)).catch(() => undefined);
		if (found !== undefined || performance.now() > until || stopped()) return found;
		await pause(500);
	}
}

/**
 * Finds out by key what became of tasks whose answers were lost; nothing is sent again. The server may still be at work
 * on what it had received, at most for one wait for a lock: so two readings have to agree.
 */
export async function lookUp(
	connection: HandsSession,
	order: BulkOrder,
	results: readonly BulkResult[],
	stopped: () => boolean,
): Promise<readonly BulkResult[]> {
	if (makesNew(order)) return results;
	const lost = results.filter(({fate}) => fate.kind === 'unknown').map(({task}) => task);
	await pause(patience.between);
	if ((await reconnect(connection, lost, stopped)) === undefined) return results;
	await pause(patience.between);
	const found = await reconnect(connection, lost, stopped);
	if (found === undefined) return results;
	return results.map(result => {
		if (result.fate.kind !== 'unknown') return result;
		const done = happened(order.kind, result.task, found.get(taskKey(result.task)));
		return {task: result.task, fate: done ? {kind: 'done'} : {kind: 'unsent', reason: lookedUp}};
	});
}
