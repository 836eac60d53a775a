import {shortId, shortIds} from '../../components/short-id.ts';
import type {Snapshot} from '../../monitor/snapshot.ts';
import type {Theme} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';

/** What the cells of the overview's tables know besides their row. */
export interface CellContext {
	/** Database time now. */
	readonly now: number;
	readonly theme: Theme;
	/** A figure older than this shows its age, milliseconds. */
	readonly staleAfter: number;
	/** The short form of a task's id, longer where two on this screen collide. */
	short(taskId: string): string;
}

/** One tick may be missed before anybody needs to know. */
const patience = 2;

/** A second of grace: the answer of a tick is drawn a moment after it was read. */
const grace = 1000;

function collisions(snapshot: Snapshot): ReadonlyMap<string, string> {
	return shortIds([...snapshot.claims, ...snapshot.failures].map(row => row.taskId));
}

/** Made once a Snapshot: finding the ids that collide costs more than drawing. */
const known = new WeakMap<Snapshot, ReadonlyMap<string, string>>();

export function cellContext({snapshot, now, theme}: DrawContext): CellContext {
	const ids = known.get(snapshot) ?? collisions(snapshot);
	known.set(snapshot, ids);
	return {
		now,
		theme,
		staleAfter: snapshot.effectiveInterval * patience + grace,
		short: id => ids.get(id) ?? shortId(id),
	};
}
