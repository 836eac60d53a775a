import {randomUUID} from 'node:crypto';
import {
	closeSync,
	existsSync,
	fchmodSync,
	fstatSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readSync,
	writeSync,
} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import {dirname} from 'node:path';
import type {ActionEntry} from '../monitor/action-log.ts';
import type {SessionFacts} from '../monitor/snapshot.ts';
import {
	type IntentLine,
	type OutcomeLine,
	queuesOf,
	type SeenLine,
	subjectOf,
	unfinished,
	withoutKnown,
} from './lines.ts';

/** What an intent line says besides who, where and when. */
export type AuditCall = Pick<IntentLine, 'action' | 'function' | 'arguments' | 'tasks' | 'reason'> & {
	/** For the log, where no task says what it was done to. */
	readonly subject: string | undefined;
};

export type AuditOutcome = Pick<OutcomeLine, 'final' | 'outcome' | 'sentence' | 'sqlstate' | 'results'>;

/** The append-only record of actions: JSON lines in a file that only its owner may read. */
export interface AuditRecord {
	/** Why nothing can be recorded, hence nothing done; undefined when it can. */
	readonly refusal: string | undefined;
	/** Writes an intent and waits until it is on disk; answers its id. Throws a sentence when it cannot. */
	intend(call: AuditCall, facts: SessionFacts | undefined): string;
	/** Writes an outcome. Never throws: what was done was done; the log says that it is not recorded. */
	conclude(id: string, outcome: AuditOutcome): void;
	/** What was done in this session, and what an earlier one left open; the newest first. */
	entries(): readonly ActionEntry[];
	/** What an earlier session left open was shown. */
	seen(): void;
}

/** How much of the end of a record is read for what an earlier session left open, bytes. */
const tail = 1 << 20;

function readTail(file: number): string {
	const {size} = fstatSync(file);
	const length = Math.min(size, tail);
	const buffer = Buffer.alloc(length);
	readSync(file, buffer, 0, length, size - length);
	return buffer.toString('utf8');
}

function runs(machine: string, pid: number): boolean {
	if (machine !== hostname() || pid === process.pid || pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// It runs, and is somebody else's.
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/** As `mkdir -p`; Node's own never comes back from places such as /proc. */
function makeDirectory(path: string): void {
	if (existsSync(path)) return;
	if (!existsSync(dirname(path))) makeDirectory(dirname(path));
	mkdirSync(path, {mode: 0o700});
}

function osUser(): string {
	try {
		return userInfo().username;
	} catch {
		return `uid ${String(process.getuid?.() ?? '?')}`;
	}
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Opens the record; undefined = none is kept (`--no-audit`), only this session's log. `label` is the name of the
 * environment. Never throws.
 */
export function openAudit(path: string | undefined, environment: NodeJS.ProcessEnv, label?: string): AuditRecord {
	const entries = new Map<string, ActionEntry>();
	const started = new Map<string, number>();
	let refusal: string | undefined;
	let file: number | undefined;
	const unwritable = (error: unknown) =>
		`the record of actions ${path ?? ''} cannot be written (${messageOf(error)}); name another file with --audit, or start with --no-audit`;

	function write(line: IntentLine | OutcomeLine | SeenLine, synced: boolean): void {
		if (file === undefined) return;
		writeSync(file, `${JSON.stringify(line)}\n`);
		if (synced) fsyncSync(file);
	}

	try {
		if (path !== undefined) {
			makeDirectory(dirname(path));
			file = openSync(path, 'a+', 0o600);
			fchmodSync(file, 0o600);
			for (const entry of unfinished(readTail(file), runs)) entries.set(entry.id, entry);
		}
	} catch (error) {
		refusal = unwritable(error);
		if (file !== undefined) closeSync(file);
		file = undefined;
	}

	return {
		refusal,
		intend({subject, ...call}, facts) {
			const id = randomUUID();
			const now = new Date();
			const {user = '', host = '', port = 0, database = ''} = facts ?? {};
			const line: IntentLine = {
				type: 'intent',
				id,
				at: now.toISOString(),
				os_user: osUser(),
				ssh_connection: environment['SSH_CONNECTION'],
				machine: hostname(),
				pid: process.pid,
				db_user: user,
				host,
				port,
				database,
				label,
				...call,
			};
			try {
				write(line, true);
			} catch (error) {
				throw new Error(`Nothing was done: ${unwritable(error)}.`, {cause: error});
			}
			started.set(id, performance.now());
			entries.set(id, {
				id,
				at: now.getTime(),
				kind: call.action,
				subject: subject ?? subjectOf(call.tasks, call.function),
				place: `${database} on ${host}:${port}`,
				tasks: call.tasks,
				open: call.tasks,
				queues: queuesOf(call.tasks, call.arguments),
				outcome: 'running',
				sentence: '',
				reason: call.reason,
				earlier: false,
			});
			return id;
		},
		conclude(id, outcome) {
			const entry = entries.get(id);
			const duration = Math.round(performance.now() - (started.get(id) ?? performance.now()));
			let unrecorded = '';
			try {
				write({type: 'outcome', id, at: new Date().toISOString(), ...outcome, duration_ms: duration}, outcome.final);
			} catch (error) {
				unrecorded = ` (This outcome is not in the record: ${messageOf(error)}.)`;
			}
			if (entry === undefined) return;
			const open = withoutKnown(entry.open, outcome.results);
			const ended = outcome.final ? {outcome: outcome.outcome, sentence: outcome.sentence + unrecorded} : {};
			entries.set(id, {...entry, open, ...ended});
		},
		entries: () => [...entries.values()].sort((first, second) => second.at - first.at),
		seen() {
			for (const {id, earlier} of entries.values()) {
				if (!earlier || started.has(id)) continue;
				started.set(id, 0);
				try {
					write({type: 'seen', id}, false);
				} catch {
					// Then it is shown once more.
				}
			}
		},
	};
}
