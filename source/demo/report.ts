/** What the child process tells the program, over the channel between them. */
export type Report =
	| {
			readonly kind: 'ready';
			/** The directory of the socket `.s.PGSQL.5432`. */
			readonly directory: string;
	  }
	/** It could not start, or cannot go on; it ends by itself. */
	| {readonly kind: 'failed'; readonly sentence: string};

/** Narrows what came over the channel. */
export function isReport(message: unknown): message is Report {
	if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
	if (message.kind === 'ready') return 'directory' in message && typeof message.directory === 'string';
	return message.kind === 'failed' && 'sentence' in message && typeof message.sentence === 'string';
}
