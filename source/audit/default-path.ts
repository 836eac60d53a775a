import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';

/** Where the record of actions is kept unless `--audit` says otherwise: the state directory of the XDG convention. */
export function defaultAuditPath(environment: NodeJS.ProcessEnv): string {
	const state = environment['XDG_STATE_HOME'];
	// The convention: a relative path is to be ignored.
	const base = state !== undefined && isAbsolute(state) ? state : join(homedir(), '.local', 'state');
	return join(base, 'absurd-top', 'audit.jsonl');
}
