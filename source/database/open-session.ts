import type {ConnectionPlan} from './attempt.ts';
import {connect} from './connect.ts';
import type {Passwords} from './passwords.ts';
import {createSession} from './session.ts';
import type {Session} from './statement.ts';

/**
 * Opens a session that reads; call it again after the session was lost. `readOnly` = the program was started to look
 * only: the server is told so, too. Rejects with a SessionError.
 */
export async function openSession(plan: ConnectionPlan, passwords: Passwords, readOnly: boolean): Promise<Session> {
	return createSession(await connect(plan, {passwords, readOnly}));
}
