import {Socket} from 'node:net';
import {requestCancel} from './cancel.ts';
import type {PipelineClient} from './client.ts';
import {type Doing, describeError, SessionError} from './errors.ts';
import {createPatientTimer} from './patient-timer.ts';
import type {PipelineReplies} from './pipeline.ts';
import type {DatabaseError} from './statement.ts';

/** One connection as sessions see it: alive until it is lost, and never waited for without an end. */
export interface Line {
	readonly client: PipelineClient;
	onLost(listener: (error: DatabaseError) => void): void;
	/**
	 * Runs `work` on the connection. When `deadline` milliseconds pass, counted anew with each `beat`, what the server
	 * runs is cancelled; when not a byte of it comes then, the connection is given up: a server that is slow, or far away,
	 * has not stopped answering. Rejects with a SessionError when the connection is lost.
	 */
	guard(
		deadline: number,
		work: (beat: () => void) => Promise<PipelineReplies>,
	): Promise<{replies: PipelineReplies; late: boolean}>;
	/** An error of this connection as a sentence; `acting` when it was an action that failed. */
	describe(thrown: unknown, what: string, acting?: boolean): DatabaseError;
	close(): Promise<void>;
}

/** Milliseconds that a server has to answer a cancel before the connection counts as dead. */
const grace = 5000;

/** How much the server has sent so far. */
function bytesFrom({connection: {stream}}: PipelineClient): number {
	return stream instanceof Socket ? stream.bytesRead : 0;
}

/** Watches over a connected client. */
export function createLine(client: PipelineClient, place: Doing['place']): Line {
	let lost: DatabaseError | undefined;
	let closing = false;
	const listeners: ((error: DatabaseError) => void)[] = [];
	const describe = (thrown: unknown, what: string, acting = false): DatabaseError =>
		describeError(thrown, {what, place, acting});

	function lose(error: DatabaseError): DatabaseError {
		if (lost) return lost;
		lost = error;
		client.connection.stream.destroy();
		if (!closing) for (const listener of listeners) listener(error);
		return error;
	}

	// While somebody waits for answers these say best why it ended: the server's last words come before its silence.
	let waiting = false;
	let pending: DatabaseError | undefined;
	function broken(thrown: unknown): void {
		const error = {...describe(thrown, 'Connection lost'), fatal: true};
		if (waiting) pending ??= error;
		else lose(error);
	}
	client.on('error', broken);
	client.on('end', () => broken(new Error('Connection terminated unexpectedly')));

	function silent(): void {
		lose(describe(Object.assign(new Error('no answer'), {code: 'SILENT'}), 'Connection lost'));
	}

	function firstFatal({opening, statements, closing: end}: PipelineReplies): DatabaseError | undefined {
		if (lost) return lost;
		for (const reply of [opening, ...statements, end]) {
			if (reply.kind !== 'error') continue;
			const error = describe(reply.error, 'Connection lost');
			if (error.fatal) return error;
		}
		return pending;
	}

	return {
		client,
		describe,
		onLost(listener) {
			if (lost) listener(lost);
			else listeners.push(listener);
		},
		async guard(deadline, work) {
			if (lost) throw new SessionError(lost);
			let cancelled: Promise<void> | undefined;
			const late = createPatientTimer(deadline, () => {
				cancelled = requestCancel(client, grace);
			});
			let heard = bytesFrom(client);
			const dead = createPatientTimer(deadline + grace, () => {
				const now = bytesFrom(client);
				if (now === heard) return silent();
				heard = now;
				dead.refresh();
			});
			const beat = () => {
				if (cancelled === undefined) late.refresh();
				dead.refresh();
			};
			waiting = true;
			const replies = await work(beat);
			waiting = false;
			late.clear();
			dead.clear();
			// A cancel that is still on its way would hit the next transaction.
			await cancelled;
			const fatal = firstFatal(replies);
			if (fatal) throw new SessionError(lose(fatal));
			return {replies, late: cancelled !== undefined};
		},
		async close() {
			closing = true;
			if (lost) return;
			// A server that does not say good-bye must not keep the program: end() waits for ever by itself.
			const forced = setTimeout(() => client.connection.stream.destroy(), 1000);
			await client.end();
			clearTimeout(forced);
		},
	};
}
