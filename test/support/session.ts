import {type ConnectionRequest, planConnection} from '../../source/database/conninfo.ts';
import {openSession} from '../../source/database/open-session.ts';
import {type AskPassword, createPasswords} from '../../source/database/passwords.ts';
import type {Session, SqlValue, Statement, StatementOutcome, WritingSession} from '../../source/database/statement.ts';
import {openWritingSession} from '../../source/database/writing-session.ts';

interface TestConnection {
	readonly readOnly?: boolean;
	readonly ask?: AskPassword;
	readonly environment?: NodeJS.ProcessEnv;
	/** Milliseconds of silence after which a writing connection is given up. */
	readonly silence?: number;
}

function parts(database: string, {environment = {HOME: '/nonexistent'}, ask}: TestConnection) {
	const request: ConnectionRequest = {database, host: undefined, port: undefined, user: undefined};
	const plan = planConnection(request, environment);
	return {plan, passwords: createPasswords(plan, ask)};
}

/** Opens a reading session as the program does, untouched by the environment of the test run. */
export function sessionOn(database: string, connection: TestConnection = {}): Promise<Session> {
	const {plan, passwords} = parts(database, connection);
	return openSession(plan, passwords, connection.readOnly ?? false);
}

/** Opens a writing session as the program does. */
export function writingSessionOn(database: string, connection: TestConnection = {}): Promise<WritingSession> {
	const {plan, passwords} = parts(database, connection);
	return openWritingSession(plan, passwords, connection.silence === undefined ? {} : {silence: connection.silence});
}

/** A statement that no file holds. */
export function probe(text: string, values: readonly SqlValue[] = [], target?: string): Statement {
	return {name: 'probe', target, text, values};
}

/** The rows of an outcome; throws the error's sentence for another kind. */
export function rowsOf(outcome: StatementOutcome | undefined): readonly Readonly<Record<string, unknown>>[] {
	if (outcome?.kind === 'rows') return outcome.rows;
	throw new Error(outcome?.kind === 'error' ? outcome.error.sentence : `The statement was ${outcome?.kind}.`);
}
