const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const asciiCells = [' ', '.', '.', ':', ':', ':', '#', '#', '#'];

/**
 * A chart of columns, one cell a value, oldest first, `height` lines from the top. What happened at all is never drawn as
 * nothing; what is not known is a dot on the ground line.
 */
export function columnChart(
	values: readonly (number | undefined)[],
	height: number,
	ascii: boolean,
): readonly string[] {
	const cells = ascii ? asciiCells : eighths;
	const highest = Math.max(1, ...values.map(value => value ?? 0));
	return Array.from({length: height}, (_, line) => {
		const below = (height - 1 - line) * 8;
		return values
			.map(value => {
				if (value === undefined) return line === height - 1 ? (ascii ? '-' : '·') : ' ';
				const full = value <= 0 ? 0 : Math.max(1, Math.round((value / highest) * height * 8));
				return cells[Math.max(0, Math.min(8, full - below))] ?? ' ';
			})
			.join('');
	});
}
