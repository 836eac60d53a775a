import type {Statement, StatementOutcome, WritingSession} from './statement.ts';

/** The one connection of the hands: opened when first needed and again after it was lost, used by one at a time. */
export interface HandsSession {
	/** Runs `work` alone on an open session. Rejects with a SessionError when it cannot be opened or is lost. */
	use<Result>(work: (session: WritingSession) => Promise<Result>): Promise<Result>;
	close(): Promise<void>;
}

/** Milliseconds for what a dialog asks. */
const askDeadline = 5000;

/** Keeps the session of the hands. */
export function createHandsSession(open: () => Promise<WritingSession>): HandsSession {
	let session: Promise<WritingSession> | undefined;
	let last: Promise<unknown> = Promise.resolve();

	function current(): Promise<WritingSession> {
		session ??= open().then(
			opened => {
				opened.onLost(() => {
					session = undefined;
				});
				return opened;
			},
			(error: unknown) => {
				session = undefined;
				throw error;
			},
		);
		return session;
	}

	return {
		use(work) {
			const result = last.then(async () => work(await current()));
			last = result.catch(() => undefined);
			return result;
		},
		async close() {
			const open = await session?.catch(() => undefined);
			await open?.close();
		},
	};
}

/** Asks several things at once; an error of one is thrown as its sentence. */
export async function askAll(
	session: Pick<WritingSession, 'read'>,
	statements: readonly Statement[],
): Promise<ReadonlyArray<Extract<StatementOutcome, {kind: 'rows'}>>> {
	const {outcomes} = await session.read(statements, askDeadline);
	return outcomes.map(outcome => {
		if (outcome.kind === 'rows') return outcome;
		throw new Error(outcome.kind === 'error' ? outcome.error.sentence : 'The database did not answer in time.');
	});
}
