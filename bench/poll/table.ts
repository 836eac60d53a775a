import type {Measurement} from './measure.ts';

const columns: ReadonlyArray<readonly [title: string, text: (row: Measurement) => string]> = [
	['queues', ({label}) => label],
	['tick ms', ({ticks}) => ticks.whole.median.toFixed(1)],
	['cpu ms', ({ticks}) => ticks.whole.cpu.toFixed(1)],
	['worst', ({ticks}) => ticks.whole.worst.toFixed(1)],
	['first', ({ticks}) => ticks.whole.first.toFixed(0)],
	['cut to 15 ms', ({ticks}) => `${ticks.cut.median.toFixed(1)} (${ticks.cut.queues} queues)`],
	['locks', ({ticks}) => String(ticks.locks)],
	['backend MB', ({ticks}) => ticks.memory.toFixed(1)],
	['dashboard ms', ({dashboard}) => dashboard.milliseconds?.toFixed(1) ?? dashboard.error ?? ''],
	['its locks', ({dashboard}) => (dashboard.locks === undefined ? '–' : String(dashboard.locks))],
];

/** Titles and rows of measurements, as texts. Times are server time of one tick over all queues, milliseconds. */
export function cellsOf(rows: readonly Measurement[]): readonly (readonly string[])[] {
	return [columns.map(([title]) => title), ...rows.map(row => columns.map(([, text]) => text(row)))];
}

/** Prints measurements, one a line. */
export function printTable(rows: readonly Measurement[], print: (line: string) => void = console.log): void {
	const cells = cellsOf(rows);
	const widths = columns.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)));
	for (const line of cells) {
		print(
			line
				.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
				.join('  '),
		);
	}
}
