import type {Probe, ProbeAnswers} from './probe.ts';
import type {Duration, RunRef, Snapshot} from './snapshot.ts';

/** The live monitor as screens and the headless twin see it: the current Snapshot, and a few wishes. */
export interface Monitor {
	readonly snapshot: Snapshot;
	readonly answers: ProbeAnswers;
	/** Calls back after every new Snapshot or answer; answers the function that ends it. */
	subscribe(listener: () => void): () => void;
	/** What the screen on top wants polled; undefined = nothing but the core tick. Asking for the same again is free. */
	look(probe: Probe | undefined): void;
	/** Stops and resumes the tick. Paused means no SQL but what is asked for. */
	pause(paused: boolean): void;
	/** One tick now, also while paused. */
	refresh(): void;
	/** One tick now for what the last ones left out. */
	catchUp(): void;
	/** Changes the interval: milliseconds between the starts of two ticks. */
	setInterval(interval: Duration): void;
	/**
	 * Tells which queues are on screen, so that they are kept hot, which claims, so that their checkpoints are read, and
	 * whether the rules themselves are, so that their slow questions are asked often.
	 */
	show(visible: {
		readonly queues: readonly string[];
		readonly claims: readonly RunRef[];
		readonly checkup?: boolean | undefined;
	}): void;
	/** Resolves when the first tick has been answered or has failed. */
	readonly ready: Promise<void>;
	/** Ends the tick and closes the connection. */
	close(): Promise<void>;
}
