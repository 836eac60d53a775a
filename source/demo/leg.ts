import {duration} from './chance.ts';
import {stepResult} from './failure.ts';
import type {TaskSpec} from './tasks.ts';

/** One attempt of a simulated task, from its claim to its end. */
export interface Leg {
	readonly endsAt: number;
	readonly failed: boolean;
	/** Checkpoints, in the order in which they were saved at `at`. */
	readonly saved: readonly {
		readonly checkpoint_name: string;
		readonly state: ReturnType<typeof stepResult>;
		readonly at: number;
	}[];
}

/** Plays the steps of a task but for the first `done` ones. */
export function simulateLeg(task: TaskSpec, done: number, start: number): Leg {
	const saved: Leg['saved'][number][] = [];
	let at = start;
	for (const [index, step] of task.steps.entries()) {
		if (index < done) continue;
		const took = duration(step.seconds);
		if (step.failure !== undefined && Math.random() < step.failure.share) {
			return {endsAt: at + took / 2, failed: true, saved};
		}
		at += took;
		if (step.name === undefined) continue;
		saved.push({checkpoint_name: checkpointName(task, index, step.name), state: stepResult(step.name, took), at});
	}
	return {endsAt: at + 5, failed: false, saved};
}

/** As absurd-sdk numbers them: `search`, `search#2`. */
function checkpointName(task: TaskSpec, index: number, name: string): string {
	const count = task.steps.slice(0, index + 1).filter(step => step.name === name).length;
	return count === 1 ? name : `${name}#${count}`;
}

/** Milliseconds until the next attempt, as the engine computes them. */
export function retryDelay({options: {retryStrategy}}: TaskSpec, attempt: number): number {
	if (retryStrategy === undefined) return 0;
	const {kind, baseSeconds = 0, factor = 2, maxSeconds = 86_400} = retryStrategy;
	if (kind === 'none') return 0;
	return 1000 * (kind === 'fixed' ? baseSeconds : Math.min(maxSeconds, baseSeconds * factor ** (attempt - 1)));
}
