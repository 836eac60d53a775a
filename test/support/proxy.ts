import {connect, createServer, type Socket} from 'node:net';

/** A TCP proxy in front of a server that counts how often the talk turns, and can stop passing anything on. */
export interface CountingProxy {
	readonly port: number;
	/** Times that the client spoke after the server had spoken, or first: one for each round trip. */
	turns(): number;
	/** Bytes that the server has sent so far. */
	received(): number;
	/** Connections that were made so far. */
	connections(): number;
	/** From now on nothing is passed on, in either direction; the connections stay open. */
	freeze(): void;
	close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback. */
export async function startProxy(target: number): Promise<CountingProxy> {
	let turns = 0;
	let received = 0;
	let connections = 0;
	let frozen = false;
	const sockets = new Set<Socket>();
	const server = createServer(client => {
		connections++;
		const upstream = connect(target, '127.0.0.1');
		let clientSpeaks = false;
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.setNoDelay(true);
		}
		client.on('data', chunk => {
			if (!clientSpeaks) turns++;
			clientSpeaks = true;
			if (!frozen) upstream.write(chunk);
		});
		upstream.on('data', chunk => {
			clientSpeaks = false;
			received += chunk.length;
			if (!frozen) client.write(chunk);
		});
		client.on('close', () => upstream.destroy());
		upstream.on('close', () => client.destroy());
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
	return {
		port: address.port,
		turns: () => turns,
		received: () => received,
		connections: () => connections,
		freeze() {
			frozen = true;
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise(resolve => server.close(resolve));
		},
	};
}
