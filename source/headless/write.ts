/**
 * Writes text and resolves when it was handed over, so that the process may end. A reader that has gone away (`| head`)
 * is no error; anything else rejects.
 */
export function writeAll(stream: NodeJS.WritableStream, text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const settle = (error?: Error | null) => {
			// A pipe reports the same error once more as an event, which without a listener would end the program.
			setImmediate(() => stream.removeListener('error', settle));
			if (!error || ('code' in error && error.code === 'EPIPE')) resolve();
			else reject(error);
		};
		stream.on('error', settle);
		stream.write(text, settle);
	});
}
