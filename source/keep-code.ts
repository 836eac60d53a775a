import type {Ran} from './code-cache.ts';

declare global {
	interface ImportMeta {
		/** The launcher's way to keep what was compiled; nothing where the program was not started by it. */
		readonly keepCode?: (ran: Ran) => void;
	}
}

/** What such a run needs has been compiled by now: kept, so that the next start need not do it again. */
export function keepCode(ran: Ran): void {
	import.meta.keepCode?.(ran);
}
