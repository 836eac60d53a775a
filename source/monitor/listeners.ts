/** Listeners that are told when something changed. */
export class Listeners {
	readonly #listeners = new Set<() => void>();

	/** Adds a listener; answers the function that removes it. */
	add(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}

	notify(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
