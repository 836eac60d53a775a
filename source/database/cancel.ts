import {connect, type Socket} from 'node:net';
import type {ConnectionOptions} from 'node:tls';
import type {PipelineClient} from './client.ts';
import {nodeTls} from './node-tls.ts';

const sslRequestCode = 80_877_103;
const cancelRequestCode = 80_877_102;

function message(...words: readonly number[]): Buffer {
	const buffer = Buffer.alloc(4 * (words.length + 1));
	buffer.writeInt32BE(buffer.length, 0);
	for (const [index, word] of words.entries()) buffer.writeInt32BE(word, 4 * (index + 1));
	return buffer;
}

function secure(socket: Socket, tls: ConnectionOptions, direct: boolean, request: Buffer): Socket {
	const stream = nodeTls().connect({...tls, socket, ...(direct ? {ALPNProtocols: ['postgresql']} : {})});
	stream.once('secureConnect', () => stream.write(request));
	// Whatever is answered is thrown away: without reading, the server's close would not be seen.
	return stream.resume();
}

/**
 * Asks the server to cancel what this client's backend runs, on a connection of its own, by TLS where the client uses
 * it. Resolves when the server has closed that connection, which it does after it has sent the signal, or after
 * `timeout` milliseconds. Never rejects: a cancel is a wish, what the backend answers decides.
 */
export function requestCancel(client: PipelineClient, timeout: number): Promise<void> {
	const {target, processID, secretKey} = client;
	if (processID === null || secretKey === null) return Promise.resolve();
	const request = message(cancelRequestCode, processID, secretKey);
	const socket = target.address.startsWith('/')
		? connect(`${target.address}/.s.PGSQL.${target.port}`)
		: connect(target.port, target.address);
	return new Promise(resolve => {
		const timer = setTimeout(() => socket.destroy(), timeout);
		socket.once('close', () => {
			clearTimeout(timer);
			resolve();
		});
		socket.on('error', () => socket.destroy());
		socket.once('connect', () => {
			const {tls} = target;
			// Written, not ended: PgBouncer 1.18 dies when the asking side closes before the cancel was passed on.
			if (tls === undefined) socket.resume().write(request);
			else if (target.direct) secure(socket, tls, true, request).on('error', () => socket.destroy());
			else {
				socket.write(message(sslRequestCode));
				socket.once('data', () => secure(socket, tls, false, request).on('error', () => socket.destroy()));
			}
		});
	});
}
