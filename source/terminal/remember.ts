/** Answers kept at most, by one function; a screen has some hundred texts. */
const limit = 4096;

/** A longer text is no name that is met again: not worth its memory. */
const longest = 400;

/**
 * Remembers what a costly function of a text answered: the same names stand on the screen frame after frame. Forgets all
 * at once when full, which costs one frame and no book-keeping.
 */
export function remember<Answer>(compute: (text: string, variant: string) => Answer): typeof compute {
	const known = new Map<string, Answer>();
	return (text, variant) => {
		if (text.length > longest) return compute(text, variant);
		const key = `${variant} ${text}`;
		const answer = known.get(key);
		if (answer !== undefined) return answer;
		const computed = compute(text, variant);
		if (known.size >= limit) known.clear();
		known.set(key, computed);
		return computed;
	};
}
