import type {Theme} from '../terminal/theme.ts';

/** A bar of `width` cells, `part` of them full (0 to 1; whatever lies outside counts as the nearer end). */
export function bar(part: number, width: number, theme: Theme): string {
	const share = Number.isFinite(part) ? Math.max(0, Math.min(1, part)) : 0;
	// A lease with anything left is never drawn as empty, one that was used is never drawn as whole.
	const rounded = Math.round(share * width);
	const full = share > 0 && share < 1 ? Math.max(1, Math.min(width - 1, rounded)) : rounded;
	return theme.glyph.barFull.repeat(full) + theme.glyph.barEmpty.repeat(width - full);
}
