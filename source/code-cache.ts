import {
	closeSync,
	existsSync,
	fstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';

/** What ran when the code was kept: the two need different functions. */
export type Ran = 'screen' | 'once';

/** A build that was not started for that long has no use for its files, milliseconds. */
const unused = 30 * 24 * 3_600_000;

/**
 * V8 ends the process when it is given code with a bit wrong. So it is written twice: to compare two halves takes a
 * fraction of what a digest would.
 */
function once(twice: Buffer): Buffer | undefined {
	const half = twice.length / 2;
	return half > 0 && twice.subarray(0, half).equals(twice.subarray(half)) ? twice.subarray(0, half) : undefined;
}

/** `absurd-top` in `XDG_CACHE_HOME`, else in `~/.cache`. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
	const cache = environment['XDG_CACHE_HOME'];
	return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'absurd-top');
}

/** A file that nobody else could have written: what it holds is going to run. */
function readOwn(path: string): Buffer | undefined {
	let file: number;
	try {
		file = openSync(path, 'r');
	} catch {
		// None yet, or not for us to read: the program starts without.
		return undefined;
	}
	try {
		const {uid, mode} = fstatSync(file);
		const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
		return own ? readFileSync(file) : undefined;
	} finally {
		closeSync(file);
	}
}

/** The compiled code of one build, kept in files of one folder for the Node that runs. */
export class CodeCache {
	readonly #folder: string;
	readonly #build: string;

	/** `build` names the text that was compiled: V8 itself only compares lengths. */
	constructor(folder: string, build: string) {
		this.#folder = folder;
		this.#build = `${build}-${process.version}-${process.arch}`;
	}

	has(ran: Ran): boolean {
		return existsSync(this.#file(ran));
	}

	/** The code kept of such a run; nothing where there is none, or where somebody else could have written it. */
	read(ran: Ran): Buffer | undefined {
		const kept = readOwn(this.#file(ran));
		return kept && once(kept);
	}

	/** Keeps it, whole or not at all; where nothing can be written every start is as slow as the first. */
	write(ran: Ran, code: Buffer): void {
		const whole = this.#file(ran);
		const part = `${whole}.${process.pid}`;
		try {
			// A home that does not exist is none of our business: two levels, no more.
			for (const path of [dirname(this.#folder), this.#folder]) if (!existsSync(path)) mkdirSync(path, 0o700);
			writeFileSync(part, Buffer.concat([code, code]), {mode: 0o600, flush: true});
			renameSync(part, whole);
			this.#forget();
		} catch {
			rmSync(part, {force: true});
		}
	}

	#file(ran: Ran): string {
		return join(this.#folder, `${this.#build}-${ran}.code`);
	}

	#forget(): void {
		for (const name of readdirSync(this.#folder)) {
			const path = join(this.#folder, name);
			if (Date.now() - statSync(path).mtimeMs > unused) rmSync(path, {force: true});
		}
	}
}
