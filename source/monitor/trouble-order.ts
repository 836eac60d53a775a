import type {Instant, Severity} from './snapshot.ts';

/** Ticks in a row that must agree before a queue changes its class. */
const agreeing = 2;

/** The class that a queue is shown in: it changes only after two ticks that agree, so that rows do not jump. */
export class Standing {
	#shown: Severity | undefined;
	#next: Severity | undefined;
	#ticks = 0;
	#at: Instant | undefined;

	/** Takes in what the tick of an instant found; answers the class to show. The first finding holds at once. */
	observe(severity: Severity, at: Instant): Severity {
		if (this.#shown === undefined) this.#shown = severity;
		else if (severity !== this.#next) this.#ticks = 1;
		else if (at !== this.#at) this.#ticks++;
		this.#next = severity;
		this.#at = at;
		if (this.#ticks >= agreeing) this.#shown = severity;
		return this.#shown;
	}
}
