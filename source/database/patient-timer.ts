/** A timer that fires so much later than it should was held up by a process that stood still. */
const overslept = 1000;

/** What the server then still has: its answer may have been waiting all the while. */
const secondChance = 1000;

/** A timer on somebody else's answer. */
export interface PatientTimer {
	/** It begins anew. */
	refresh(): void;
	clear(): void;
}

/**
 * Calls back after `delay` milliseconds without a refresh. Where the process itself stood still (stopped, suspended, or
 * blocked by a terminal that takes nothing) that time does not count: what came meanwhile is read first.
 */
export function createPatientTimer(delay: number, act: () => void): PatientTimer {
	let due = 0;
	let timer: NodeJS.Timeout | undefined;
	function arm(after: number): void {
		clearTimeout(timer);
		due = performance.now() + after;
		timer = setTimeout(fire, after);
	}
	function fire(): void {
		if (performance.now() - due < overslept) act();
		else arm(secondChance);
	}
	arm(delay);
	return {refresh: () => arm(delay), clear: () => clearTimeout(timer)};
}
