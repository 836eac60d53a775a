import type {Severity} from './snapshot.ts';

interface Standing {
	shown: Severity;
	next: Severity;
	ticks: number;
}

/** Ticks in a row that must agree before a queue changes its class. */
const agreeing = 2;

/** The class that each queue is shown in: it changes only after two ticks that agree, so that rows do not jump. */
export class TroubleOrder {
	readonly #standings = new Map<string, Standing>();

	/** Takes in what a tick found about a queue; answers the class to show. The first finding holds at once. */
	observe(queue: string, severity: Severity): Severity {
		const standing = this.#standings.get(queue);
		if (!standing) {
			this.#standings.set(queue, {shown: severity, next: severity, ticks: 0});
			return severity;
		}
		standing.ticks = severity === standing.next ? standing.ticks + 1 : 1;
		standing.next = severity;
		if (standing.ticks >= agreeing) standing.shown = severity;
		return standing.shown;
	}

	forget(queue: string): void {
		this.#standings.delete(queue);
	}
}
