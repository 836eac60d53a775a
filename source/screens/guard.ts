/** Wraps callbacks, so that what breaks in one ends the program in good order and not in Node's own message. */
export type Guard = <Arguments extends readonly unknown[]>(
	callback: (...arguments_: Arguments) => void,
) => (...arguments_: Arguments) => void;

export function createGuard(onError: (error: Error) => void): Guard {
	return callback =>
		(...arguments_) => {
			try {
				callback(...arguments_);
			} catch (error) {
				onError(error instanceof Error ? error : new Error(String(error)));
			}
		};
}
