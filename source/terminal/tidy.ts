/** When the start is over, milliseconds: until then the young generation may grow. */
const started = 5000;

/**
 * Keeps the memory of a screen that stays open all day where it was in the first minute: the engine lets the young
 * generation grow to tens of megabytes though a table drawn again makes little garbage. Answers what ends it.
 */
export function keepTidy(): () => void {
	const timer = setTimeout(async () => {
		const {setFlagsFromString} = await import('node:v8');
		setFlagsFromString('--semi-space-growth-factor=1');
	}, started);
	timer.unref();
	return () => clearTimeout(timer);
}
