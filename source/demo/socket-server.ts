import {createServer, type Socket} from 'node:net';
import {FrameReader, type Unit} from './frames.ts';

/** What the server needs of PGlite: one backend that answers protocol messages. */
export interface Backend {
	/** Answers messages; the bytes of the answer arrive at `onRawData`, and are only valid during that call. */
	execProtocolRawStream(
		message: Uint8Array,
		options: {syncToFs?: boolean; onRawData: (data: Uint8Array) => void},
	): Promise<void>;
	isInTransaction(): boolean;
}

export interface SocketServer {
	/** Ends all connections and removes the socket. */
	close(): Promise<void>;
}

interface Client {
	readonly socket: Socket;
	readonly waiting: Uint8Array[];
	gone: boolean;
}

/** A client that leaves a transaction open for so long (milliseconds) holds up everybody and is put out. */
const idleInTransaction = 5_000;

/**
 * Serves a backend that has one session to several clients on a unix socket. PGlite's own socket server passes
 * single messages on in order of arrival, so that one client's Bind may meet another one's Parse. Here a client has the
 * backend to itself from the first message to the one it waits for (Sync, Query), and on until its transaction is over.
 */
export function serveSocket(backend: Backend, path: string): Promise<SocketServer> {
	const arbiter = new Arbiter(backend);
	const server = createServer(socket => {
		arbiter.welcome(socket);
	});
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(path, () => {
			resolve({
				close: () => {
					arbiter.dismissAll();
					return new Promise(done => {
						server.close(() => done());
					});
				},
			});
		});
	});
}

class Arbiter {
	readonly #backend: Backend;
	readonly #clients = new Set<Client>();
	/** Clients with something to run, in the order in which they came. */
	readonly #line: Client[] = [];
	/** Whose transaction is open. */
	#owner: Client | undefined;
	#timer: NodeJS.Timeout | undefined;
	#busy = false;
	#closed = false;

	constructor(backend: Backend) {
		this.#backend = backend;
	}

	welcome(socket: Socket): void {
		const client: Client = {socket, waiting: [], gone: false};
		const reader = new FrameReader();
		this.#clients.add(client);
		socket.on('data', data => {
			try {
				for (const unit of reader.push(data)) this.#take(client, unit);
			} catch {
				socket.destroy();
			}
		});
		// What goes wrong with a client's socket is told by the `close` that follows.
		socket.on('error', () => undefined);
		socket.on('close', () => this.#part(client));
	}

	/** After this the backend is left alone, so that it may be closed. */
	dismissAll(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		for (const client of this.#clients) client.socket.destroy();
	}

	#take(client: Client, unit: Unit): void {
		if (unit.kind === 'messages') {
			client.waiting.push(unit.bytes);
			this.#line.push(client);
			void this.#work();
		} else if (unit.kind === 'encryption') {
			client.socket.write('N');
		} else {
			// PGlite cannot be interrupted, so a request to cancel is only taken note of, as a server does.
			client.socket.end();
		}
	}

	#part(client: Client): void {
		client.gone = true;
		client.waiting.length = 0;
		this.#clients.delete(client);
		this.#line.push(client);
		void this.#work();
	}

	async #work(): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		for (let client = this.#next(); client !== undefined && !this.#closed; client = this.#next()) {
			await this.#serve(client);
		}
		this.#busy = false;
	}

	/** The owner of the open transaction, or else whoever is first in line. */
	#next(): Client | undefined {
		const owner = this.#owner;
		const index = owner === undefined ? 0 : this.#line.indexOf(owner);
		return index < 0 ? undefined : this.#line.splice(index, 1)[0];
	}

	async #serve(client: Client): Promise<void> {
		if (client.gone) {
			await this.#cleanUp(client);
			return;
		}
		const unit = client.waiting.shift();
		if (unit === undefined) return;
		try {
			await this.#backend.execProtocolRawStream(unit, {
				syncToFs: false,
				onRawData: data => client.socket.write(Buffer.from(data)),
			});
		} catch {
			// The backend could not take the messages at all; a client sees a lost connection.
			client.socket.destroy();
		}
		this.#own(this.#backend.isInTransaction() ? client : undefined);
	}

	#own(client: Client | undefined): void {
		clearTimeout(this.#timer);
		this.#owner = client;
		if (client === undefined) return;
		this.#timer = setTimeout(() => client.socket.destroy(), idleInTransaction);
	}

	/** Ends the transaction, the settings and the named statements that a client left behind in the one session. */
	async #cleanUp(client: Client): Promise<void> {
		for (const text of this.#owner === client ? ['rollback', 'discard all'] : ['discard all']) {
			await this.#backend.execProtocolRawStream(query(text), {syncToFs: false, onRawData: () => undefined});
		}
		this.#own(undefined);
	}
}

/** A Query message. */
function query(text: string): Uint8Array {
	const body = Buffer.from(`${text}\0`);
	const head = Buffer.alloc(5, 'Q');
	head.writeInt32BE(body.length + 4, 1);
	return new Uint8Array(Buffer.concat([head, body]));
}
