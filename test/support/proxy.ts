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
	/** From now on it passes on again; what came meanwhile is gone. */
	thaw(): void;
	/** Of the next answer so many bytes are passed on, then the client's connection is reset. */
	cutNextAnswer(bytes: number): void;
	/** From now on answers are passed on by so many bytes a tenth of a second: a busy server, or a bad line. */
	dribble(bytes: number): void;
	/** Connections are broken, and new ones go to another server's port: what a fail-over looks like. */
	aim(port: number): void;
	/**
	 * From now on the connections that are open are dead without an end: `answers` of the server are swallowed, or
	 * `everything` in either direction. New connections work.
	 */
	swallow(what: 'answers' | 'everything'): void;
	close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback. */
export async function startProxy(first: number): Promise<CountingProxy> {
	let target = first;
	let cutAfter: number | undefined;
	let turns = 0;
	let received = 0;
	let connections = 0;
	let frozen = false;
	let dribbling: number | undefined;
	/** What is swallowed on the connections up to a number. */
	let swallowed: {readonly upTo: number; readonly what: 'answers' | 'everything'} | undefined;
	const sockets = new Set<Socket>();
	const server = createServer(client => {
		const number = ++connections;
		const dead = () => (swallowed !== undefined && number <= swallowed.upTo ? swallowed.what : undefined);
		const upstream = connect(target, '127.0.0.1');
		let clientSpeaks = false;
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.setNoDelay(true);
		}
		const drops: Buffer[] = [];
		const dripping = setInterval(() => {
			if (drops.length === 0) return;
			const rest = Buffer.concat(drops.splice(0));
			client.write(rest.subarray(0, dribbling));
			if (rest.length > (dribbling ?? 0)) drops.push(rest.subarray(dribbling));
		}, 100);
		client.on('close', () => clearInterval(dripping));
		client.on('data', chunk => {
			if (!clientSpeaks) turns++;
			clientSpeaks = true;
			if (!frozen && dead() !== 'everything') upstream.write(chunk);
		});
		upstream.on('data', chunk => {
			clientSpeaks = false;
			received += chunk.length;
			if (cutAfter !== undefined) {
				client.write(chunk.subarray(0, cutAfter), () => client.resetAndDestroy());
				cutAfter = undefined;
			} else if (!frozen && dead() === undefined) {
				if (dribbling === undefined) client.write(chunk);
				else drops.push(chunk);
			}
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
		thaw() {
			frozen = false;
		},
		cutNextAnswer(bytes) {
			cutAfter = bytes;
		},
		dribble(bytes) {
			dribbling = bytes;
		},
		aim(port) {
			target = port;
			for (const socket of sockets) socket.destroy();
			sockets.clear();
		},
		swallow(what) {
			swallowed = {upTo: connections, what};
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise(resolve => server.close(resolve));
		},
	};
}
