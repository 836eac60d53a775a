import type {Caveats} from '../monitor/caveats.ts';
import {slotSeconds} from '../monitor/finish-history.ts';
import type {Past, PastSlot} from '../monitor/snapshot.ts';

/** Stands before a trend of which a part was read from the index for the time before the start. */
export const reconstructedMark = '~';

/** The half hour as so many bars, each of equally many slots: oldest first, undefined = not all of it is known. */
export function barsOf(past: Past, bars: 30 | 60, pick: (slot: PastSlot) => number): readonly (number | undefined)[] {
	const each = past.slots.length / bars;
	return Array.from({length: bars}, (_, bar) =>
		past.slots
			.slice(bar * each, (bar + 1) * each)
			.reduce<number | undefined>((sum, slot) => (sum === undefined || !slot ? undefined : sum + pick(slot)), 0),
	);
}

/** Before a trend of five minutes: `~` when some of it was read from the index, else a blank: one cell. */
export function trendMark(caveats: Caveats | undefined): string {
	return caveats?.trend === true ? reconstructedMark : ' ';
}

/** A line below the bars that says of each whence it is known: `~` read from the index, `─` seen, a blank for a gap. */
export function originLine(past: Past, bars: 30 | 60, ascii: boolean): string {
	const length = (past.slots.length / bars) * slotSeconds * 1000;
	return barsOf(past, bars, () => 0)
		.map((bar, index) => {
			if (bar === undefined) return ' ';
			const from = past.until - (bars - index) * length;
			return from < past.liveFrom ? reconstructedMark : ascii ? '-' : '─';
		})
		.join('');
}
