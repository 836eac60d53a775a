/** Cuts the bytes that a client sends into units that the database must answer without anybody else in between. */
export type Unit =
	/** TLS or GSS asked for before the start: answered by one byte `N`. */
	| {readonly kind: 'encryption'}
	/** Asks to cancel something: it comes on a connection of its own, is not answered, and ends the connection. */
	| {readonly kind: 'cancel'}
	| {readonly kind: 'terminate'}
	| {readonly kind: 'messages'; readonly bytes: Uint8Array<ArrayBuffer>};

const encryptionCodes: readonly number[] = [80877103, 80877104];
const cancelCode = 80877102;

/** Sync, Query, FunctionCall, Flush, CopyDone and CopyFail: after these the client waits for an answer. */
const ends = new Set(['S', 'Q', 'F', 'H', 'c', 'f'].map(letter => letter.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);

/** The largest message that is believed; a length beyond it means that this is not the protocol. */
const longest = 64 * 1024 * 1024;

/** Collects what one client sends. */
export class FrameReader {
	#bytes: Buffer = Buffer.alloc(0);
	#started = false;

	/** Takes the bytes of one read and answers the units that are complete now. Throws when this is not the protocol. */
	push(data: Buffer): Unit[] {
		this.#bytes = this.#bytes.length === 0 ? data : Buffer.concat([this.#bytes, data]);
		const units: Unit[] = [];
		for (let unit = this.#next(); unit !== undefined; unit = this.#next()) units.push(unit);
		return units;
	}

	#next(): Unit | undefined {
		return this.#started ? this.#nextMessages() : this.#nextStart();
	}

	/** Messages before and with the start have a length but no letter. */
	#nextStart(): Unit | undefined {
		if (this.#bytes.length < 8) return undefined;
		const length = checked(this.#bytes.readInt32BE(0), 8);
		if (this.#bytes.length < length) return undefined;
		const code = this.#bytes.readInt32BE(4);
		const bytes = this.#take(length);
		if (encryptionCodes.includes(code)) return {kind: 'encryption'};
		if (code === cancelCode) return {kind: 'cancel'};
		this.#started = true;
		return {kind: 'messages', bytes};
	}

	/** Everything up to the first message after which the client waits. */
	#nextMessages(): Unit | undefined {
		let end = 0;
		while (this.#bytes.length >= end + 5) {
			const letter = this.#bytes[end];
			const next = end + 1 + checked(this.#bytes.readInt32BE(end + 1), 4);
			if (this.#bytes.length < next) return undefined;
			if (letter === terminate) {
				this.#take(next);
				return {kind: 'terminate'};
			}
			end = next;
			if (letter !== undefined && ends.has(letter)) return {kind: 'messages', bytes: this.#take(end)};
		}
		return undefined;
	}

	/** A copy, because PGlite keeps the array that it is given. */
	#take(length: number): Uint8Array<ArrayBuffer> {
		const taken = new Uint8Array(this.#bytes.subarray(0, length));
		this.#bytes = this.#bytes.subarray(length);
		return taken;
	}
}

function checked(length: number, least: number): number {
	if (length < least || length > longest) throw new Error(`A message of ${length} bytes is not Postgres protocol.`);
	return length;
}
