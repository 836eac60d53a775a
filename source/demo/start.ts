import {type ChildProcess, spawn} from 'node:child_process';
import {rm} from 'node:fs/promises';
import {Socket} from 'node:net';
import {fileURLToPath} from 'node:url';
import {isReport} from './report.ts';

/** A running demo. */
export interface Demo {
	/** Connection string of the demo's database: a unix socket in a directory that only this user may enter. */
	readonly database: string;
	/** Resolves with a sentence when the demo ends without being closed; stays open otherwise. */
	readonly ended: Promise<string>;
	/** Ends the child process and removes the directory. */
	close(): Promise<void>;
}

/** How long (milliseconds) the child may take: a database made from nothing needs 3 to 7 s, more on a busy machine. */
const patience = 90_000;

/** In a checkout the child runs from source, else the bundle beside the program. */
function childScript(): string {
	return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './demo.js', import.meta.url));
}

/**
 * Starts the demo: Postgres, a schema and live workers in a child process. Rejects with a sentence when it cannot.
 * The child ends when this process ends, however it ends.
 */
export async function startDemo(script: string = childScript()): Promise<Demo> {
	const child = spawn(process.execPath, [script], {stdio: ['ignore', 'ignore', 'pipe', 'ipc']});
	const complaints = collectErrors(child);
	const exited = new Promise<string>(resolve => {
		child.once('error', error => resolve(`The demo's process cannot be started: ${error.message}.`));
		child.once('exit', (code, signal) => resolve(describeExit(code, signal, complaints())));
	});
	let closing = false;
	let directory: string | undefined;
	const close = async () => {
		closing = true;
		await endChild(child, exited);
		if (directory !== undefined) await rm(directory, {recursive: true, force: true});
	};
	try {
		directory = await firstReport(child, exited);
	} catch (error) {
		await close();
		throw error;
	}
	// From now on the child lives as long as this process and does not prolong its life.
	child.unref();
	child.channel?.unref();
	if (child.stderr instanceof Socket) child.stderr.unref();
	const ended = new Promise<string>(resolve => {
		void exited.then(sentence => {
			if (!closing) resolve(sentence);
		});
	});
	return {database: connectionString(directory), ended, close};
}

/** The directory of the socket, once the child is ready. */
function firstReport(child: ChildProcess, exited: Promise<string>): Promise<string> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			reject(new Error(`The demo was not ready within ${patience / 1000} s.`));
		}, patience);
		const fail = (sentence: string) => {
			clearTimeout(timer);
			reject(new Error(sentence));
		};
		void exited.then(fail);
		child.on('message', message => {
			if (!isReport(message)) return;
			if (message.kind === 'failed') return fail(message.sentence);
			clearTimeout(timer);
			resolve(message.directory);
		});
	});
}

/** Closing the channel is the sign to end; a child that is deep in a statement is ended after a moment. */
async function endChild(child: ChildProcess, exited: Promise<string>): Promise<void> {
	// Its end is waited for, so it counts again.
	child.ref();
	if (child.connected) child.disconnect();
	const timer = setTimeout(() => child.kill('SIGKILL'), 2_000);
	await exited;
	clearTimeout(timer);
}

/** Keeps the end of what the child writes to stderr. */
function collectErrors(child: ChildProcess): () => string {
	let text = '';
	child.stderr?.setEncoding('utf8').on('data', (data: string) => {
		text = (text + data).slice(-4_096);
	});
	return () => text;
}

function describeExit(code: number | null, signal: string | null, complaints: string): string {
	const how = signal === null ? `with code ${code}` : `by ${signal}`;
	const reason = complaints
		.split('\n')
		.map(line => line.trim())
		.find(line => /^[A-Z]\w*(?: \[\w+\])?: /.test(line));
	return `The demo's process ended ${how}${reason === undefined ? '.' : `: ${reason}`}`;
}

function connectionString(directory: string): string {
	const quoted = directory.replace(/[\\']/g, match => `\\${match}`);
	return `host='${quoted}' port=5432 user=postgres dbname=postgres sslmode=disable`;
}
