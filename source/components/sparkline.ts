const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const asciiLevels = ['_', '.', ':', '-', '=', '+', '*', '#'];

/**
 * One cell a value, oldest first, scaled to the highest of them. Zero and unknown look different: a flat line means that
 * nothing happened, a gap that nobody knows. Where there are more values than cells the newest are shown.
 */
export function sparkline(values: readonly (number | undefined)[], width: number, ascii: boolean): string {
	const shown = width >= values.length ? values : values.slice(values.length - width);
	const glyphs = ascii ? asciiLevels : levels;
	const highest = Math.max(0, ...shown.map(value => value ?? 0));
	return shown.map(value => (value === undefined ? ' ' : glyphs[level(value, highest, glyphs.length)])).join('');
}

function level(value: number, highest: number, count: number): number {
	if (highest <= 0 || value <= 0) {
		return 0;
	}

	// Anything that happened stands above the line of zero.
	return Math.max(1, Math.min(count - 1, Math.round((value / highest) * (count - 1))));
}
