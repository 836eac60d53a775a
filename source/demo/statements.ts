/**
 * The demo's own SQL. It is no question of the monitor, so it does not stand among the queries in `sql/`; what workers
 * do goes through absurd-sdk.
 */

/** Parameters: queue, storage mode. */
export const createQueue = 'select absurd.create_queue($1, $2)';

/** Parameters: queue, age in seconds. Answers nothing of interest. */
export const cleanUp = 'select absurd.cleanup_tasks($1, $2, 500), absurd.cleanup_events($1, $2, 500)';

/** PGlite has no autovacuum and no checkpointer: without these two, memory would grow. */
export function vacuum(queue: string): string {
	return `vacuum (analyze) ${tables(queue)}`;
}

/** The planner's statistics alone, for new rows. */
export function analyze(queue: string): string {
	return `analyze ${tables(queue)}`;
}

export const checkpoint = 'checkpoint';

/** Puts rows as they are into a table of a queue. Parameter: a JSON array of objects with the table's columns. */
export function insertRows(kind: 't' | 'r' | 'c' | 'e' | 'w', queue: string): string {
	const name = table(kind, queue);
	return `insert into ${name} select * from jsonb_populate_recordset(null::${name}, $1::jsonb)`;
}

function tables(queue: string): string {
	return (['t', 'r', 'c', 'e', 'w'] as const).map(kind => table(kind, queue)).join(', ');
}

/** Names of the demo's queues are plain words, so quoting is all they need. */
function table(kind: string, queue: string): string {
	return `absurd."${kind}_${queue}"`;
}
