/**
 * Quotes an identifier for SQL. Queue names are arbitrary text, so this is the only way a name gets into a statement.
 * Throws on NUL, which Postgres cannot hold, and on the empty name.
 */
export function quoteIdent(name: string): string {
	if (name === '') throw new Error('An identifier must not be empty.');
	if (name.includes('\0')) throw new Error('An identifier cannot contain a NUL character.');
	return `"${name.replaceAll('"', '""')}"`;
}

/** The table families of one queue: tasks, runs, checkpoints, events, waits, idempotency keys. */
export type TablePrefix = 't' | 'r' | 'c' | 'e' | 'w' | 'i';

/** Name of a queue's table inside the schema `absurd`, not yet quoted: `r_mail`. */
export function tableName(prefix: TablePrefix, queue: string): string {
	return `${prefix}_${queue}`;
}
