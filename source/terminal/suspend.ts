type SuspendTerminal = (callback: () => Promise<void>) => Promise<void>;

/** Long enough for the stop to happen; where nobody can stop us (no job control) we are back after it. */
const stopTime = 100;

/**
 * Ctrl-Z: gives the terminal back, stops the whole process group as the terminal itself would (`npm start` stops with
 * us), and draws anew after `fg`. The timer keeps the process alive over the stop: it does not run while stopped.
 */
export async function suspend(suspendTerminal: SuspendTerminal): Promise<void> {
	if (process.platform === 'win32') return;
	await suspendTerminal(async () => {
		const back = new Promise<void>(resolve => setTimeout(resolve, stopTime));
		// Who listens to this signal is not stopped by it.
		const listeners = process.listeners('SIGTSTP');
		process.removeAllListeners('SIGTSTP');
		process.kill(0, 'SIGTSTP');
		await back;
		for (const listener of listeners) process.on('SIGTSTP', listener);
	});
}

/** Ctrl-L: takes the screen anew, so that whatever wrote over it is gone. */
export async function redraw(suspendTerminal: SuspendTerminal): Promise<void> {
	await suspendTerminal(async () => {});
}
