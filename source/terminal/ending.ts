/** How the screen came to an end: an exit code for the shell, and what to tell once the terminal is its old self. */
export interface Ending {
	readonly code: number;
	readonly error: Error | undefined;
}

/** 128 + the number of the signal, as shells report it. */
const signals = {SIGINT: 130, SIGTERM: 143, SIGHUP: 129} as const satisfies Partial<Record<NodeJS.Signals, number>>;

/** A terminal that went away is a hang-up, whichever way we hear of it. */
const hangUp: Ending = {code: signals.SIGHUP, error: undefined};

/** What can end the screen from outside: signals, a closed terminal, an error that nobody caught. */
export interface Outside {
	readonly stdin: NodeJS.ReadableStream;
	readonly stdout: NodeJS.WritableStream;
}

/** Calls `end` with the exit code when a signal asks the program to end; answers the function that stops listening. */
export function onSignal(end: (code: number) => void): () => void {
	const undo = Object.entries(signals).map(([signal, code]) => {
		const listener = () => end(code);
		process.on(signal, listener);
		return () => process.off(signal, listener);
	});
	return () => {
		for (const step of undo) step();
	};
}

/**
 * Calls `end` when something from outside ends the program; answers the function that stops listening. An error that
 * nobody caught ends it as well: told after the terminal was restored, instead of by Node on top of a raw one.
 */
export function watchEndings({stdin, stdout}: Outside, end: (ending: Ending) => void): () => void {
	const undo = [onSignal(code => end({code, error: undefined}))];
	const failed = (error: unknown) => end({code: 1, error: error instanceof Error ? error : new Error(String(error))});
	const gone = () => end(hangUp);
	process.on('uncaughtException', failed);
	process.on('unhandledRejection', failed);
	stdout.on('error', gone);
	stdout.on('close', gone);
	stdin.on('error', gone);
	stdin.on('end', gone);
	undo.push(
		() => process.off('uncaughtException', failed),
		() => process.off('unhandledRejection', failed),
		() => stdin.off('error', gone).off('end', gone),
		// Its `error` stays watched: what is written while the terminal goes away must not throw.
		() => stdout.off('close', gone),
	);
	return () => {
		for (const step of undo) step();
	};
}
