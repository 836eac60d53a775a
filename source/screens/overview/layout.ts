import type {PanelId} from './state.ts';

/** Where a panel stands in the body, cells. */
export interface PanelPlace {
	readonly width: number;
	readonly height: number;
}

export interface OverviewLayout {
	/** Claims and failures stand beside each other under the queues. */
	readonly sideBySide: boolean;
	/** Empty lines between panels that stand under each other. */
	readonly space: number;
	readonly places: Readonly<Record<PanelId, PanelPlace>>;
}

/** From this width on, half of it holds a readable row. */
const sideBySideFrom = 110;

/** The part of the width that claims get beside the failures, whose messages are long. */
const claimsShare = 0.46;

/** From this height on panels are parted by an empty line. */
const spaceFrom = 30;

/** Lines of a panel that are no rows: its title and the titles of its columns. */
export const panelHead = 2;

const least = panelHead + 1;

/** Cells of the line between two panels that stand side by side. */
export const divider = 3;

/**
 * Shares the body among the panels: 8 to 5 to 5 lines, but no more for the queues than they need. It hangs on the window
 * and the number of queues alone, so that nothing jumps when claims come and go.
 */
export function layOut(width: number, height: number, queueCount: number): OverviewLayout {
	const sideBySide = width >= sideBySideFrom;
	const space = height >= spaceFrom ? 1 : 0;
	const wanted = panelHead + Math.max(1, queueCount);
	const lower = sideBySide ? 1 : 2;
	const room = height - space * lower;
	const share = Math.max(least, Math.floor(room * (sideBySide ? 0.5 : 8 / 18)));
	const queues = Math.max(0, Math.min(wanted, share, room));
	const rest = Math.max(0, room - queues);
	if (sideBySide) {
		const left = Math.floor((width - divider) * claimsShare);
		return {
			sideBySide,
			space,
			places: {
				queues: {width, height: queues},
				claims: {width: left, height: rest},
				failures: {width: width - divider - left, height: rest},
			},
		};
	}

	const claims = Math.ceil(rest / 2);
	return {
		sideBySide,
		space,
		places: {
			queues: {width, height: queues},
			claims: {width, height: claims},
			failures: {width, height: rest - claims},
		},
	};
}

/** Rows that fit into a panel. */
export function rowsOf(place: PanelPlace): number {
	return Math.max(0, place.height - panelHead);
}
