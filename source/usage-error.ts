/** What was typed cannot be understood: one sentence, exit code 2. */
export class UsageError extends Error {
	constructor(sentence: string, options?: ErrorOptions) {
		super(sentence, options);
		this.name = 'UsageError';
	}
}
