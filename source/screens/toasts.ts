import type {Toast} from '../components/status.ts';
import type {Clock} from '../monitor/clock.ts';

/** How long a note stays, milliseconds. */
const shownFor = 6000;

/** The note of the moment in the status line. */
export interface Toasts {
	current(): Toast | undefined;
	say(text: string, tone?: 'ok' | 'warning' | 'error'): void;
	close(): void;
}

/** One note at a time, each for some seconds; `changed` is called when one comes or goes. */
export function createToasts(clock: Clock, changed: () => void): Toasts {
	let toast: Toast | undefined;
	let cancel: (() => void) | undefined;
	return {
		current: () => toast,
		say(text, tone = 'ok') {
			toast = {text, tone: tone === 'ok' ? 'plain' : tone};
			cancel?.();
			cancel = clock.after(shownFor, () => {
				toast = undefined;
				changed();
			});
			changed();
		},
		close: () => cancel?.(),
	};
}
