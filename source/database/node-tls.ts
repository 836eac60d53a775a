import {createRequire} from 'node:module';
import type tls from 'node:tls';

const load = createRequire(import.meta.url);

/** Node's TLS, loaded by the first connection that needs it: it would take a twentieth of the start. */
export function nodeTls(): typeof tls {
	return load('node:tls');
}
