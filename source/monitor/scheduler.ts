import type {Clock} from './clock.ts';
import type {Duration} from './snapshot.ts';

/** Something to do now; answers in how many milliseconds to be called again, undefined = only when woken. */
export type Job = () => Promise<Duration | undefined>;

/**
 * The one owner of time: calls its job, never two at once, and again after as long as the job asks for. A machine that
 * slept calls it once, not once for each time it missed.
 */
export class Scheduler {
	readonly #clock: Clock;
	readonly #job: Job;
	#cancel: (() => void) | undefined;
	#running: Promise<void> | undefined;
	#again = false;
	#stopped = false;

	constructor(clock: Clock, job: Job) {
		this.#clock = clock;
		this.#job = job;
	}

	/** Calls the job now, or right after the call that is under way. */
	wake(): void {
		if (this.#stopped) return;
		if (this.#running) {
			this.#again = true;
			return;
		}
		this.#cancel?.();
		this.#cancel = undefined;
		this.#running = this.#run();
	}

	/** Ends it; resolves when the call under way has ended. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#cancel?.();
		await this.#running;
	}

	async #run(): Promise<void> {
		let delay: Duration | undefined;
		try {
			delay = await this.#job();
		} finally {
			this.#running = undefined;
			if (!this.#stopped) this.#next(delay);
		}
	}

	#next(delay: Duration | undefined): void {
		if (this.#again) {
			this.#again = false;
			this.wake();
		} else if (delay !== undefined) {
			this.#cancel = this.#clock.after(Math.max(0, delay), () => this.wake());
		}
	}
}
