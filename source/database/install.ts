import type {ConnectionPlan} from './attempt.ts';
import {connect} from './connect.ts';
import {SessionError} from './errors.ts';
import {openWriting} from './guest.ts';
import type {Passwords} from './passwords.ts';
import {runPipeline} from './pipeline.ts';
import {readSqlFile} from './sql-files.ts';

/** Milliseconds for some two thousand lines of definitions on a busy server. */
const installDeadline = 60_000;

/** Somebody else's lock on the catalogue is waited for this long, milliseconds. */
const lockTimeout = 5000;

/**
 * Installs the engine of `sql/absurd.sql`: everything or nothing. `create schema` without `if not exists` goes first, so
 * that it refuses a database that has the schema already, and one of two who install at once. Rejects with a
 * SessionError.
 */
export async function installAbsurd(plan: ConnectionPlan, passwords: Passwords): Promise<void> {
	const {line, guest} = await connect(plan, {passwords, readOnly: false});
	try {
		const opening = `${openWriting(guest, installDeadline, lockTimeout)} create schema absurd; ${readSqlFile('absurd.sql')}`;
		const input = {before: [], opening, statements: [], between: undefined};
		const {replies} = await line.guard(installDeadline, () => runPipeline(line.client, input));
		for (const reply of [replies.opening, replies.closing]) {
			if (reply.kind === 'error') throw new SessionError(line.describe(reply.error, 'Absurd could not be installed'));
		}
	} finally {
		await line.close();
	}
}
