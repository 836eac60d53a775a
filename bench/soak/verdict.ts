import type {Gauge} from './gauge.ts';

/** What is compared: the median of the gauges of the second fifth, when caches are full, and of the last fifth. */
interface Limit {
	readonly what: string;
	readonly unit: string;
	readonly of: (gauge: Gauge) => number;
	/** How much more the last fifth may have: windows of minutes still fill meanwhile. */
	readonly more: number;
}

const limits: readonly Limit[] = [
	{what: 'memory in use', unit: 'MB', of: ({heap}) => heap, more: 3},
	{what: 'memory of the process', unit: 'MB', of: ({resident}) => resident, more: 80},
	{what: 'handles', unit: '', of: ({handles}) => handles, more: 2},
	{what: 'open files', unit: '', of: ({files}) => files, more: 2},
	{what: 'memory of the backend', unit: 'MB', of: ({backendMemory}) => backendMemory, more: 8},
];

/** Processor time of the database for a tick may grow by this factor. */
const dearer = 1.5;

function median(values: readonly number[]): number {
	const known = values.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
	return known[Math.floor(known.length / 2)] ?? Number.NaN;
}

/** Processor time of the backend for each tick between two gauges of the same backend. */
function costs(gauges: readonly Gauge[]): readonly number[] {
	return gauges.flatMap((gauge, index) => {
		const before = gauges[index - 1];
		if (before === undefined || before.pid !== gauge.pid || gauge.ticks === before.ticks) return [];
		return [(gauge.backend - before.backend) / (gauge.ticks - before.ticks)];
	});
}

/** A table of what was gauged, and a sentence for everything that grew. */
export function verdict(gauges: readonly Gauge[]): {
	readonly lines: readonly string[];
	readonly grown: readonly string[];
} {
	const fifth = Math.max(2, Math.floor(gauges.length / 5));
	const [early, late] = [gauges.slice(fifth, 2 * fifth), gauges.slice(-fifth)];
	const compared = limits.map(({what, unit, of, more}) => ({
		what,
		unit,
		before: median(early.map(of)),
		after: median(late.map(of)),
		allowed: median(early.map(of)) + more,
	}));
	const half = Math.floor(gauges.length / 2);
	const [before, after] = [median(costs(gauges.slice(0, half))), median(costs(gauges.slice(half)))];
	const all = [
		...compared,
		{what: 'work of the database for a tick', unit: 'ms', before, after, allowed: before * dearer + 1},
	];
	const say = (value: number, unit: string) => `${value.toFixed(unit === '' ? 0 : 1)}${unit === '' ? '' : ` ${unit}`}`;
	return {
		lines: all.map(({what, unit, before, after}) => `${what}: ${say(before, unit)}, at the end ${say(after, unit)}`),
		grown: all
			.filter(({after, allowed}) => after > allowed)
			.map(
				({what, unit, after, allowed}) =>
					`The ${what} grew to ${say(after, unit)}; allowed were ${say(allowed, unit)}.`,
			),
	};
}
