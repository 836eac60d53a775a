import {isThin} from '../monitor/few-samples.ts';
import type {Count, QueueSnapshot, Snapshot} from '../monitor/snapshot.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {iso8601} from './iso8601.ts';

type Cell = string | number | null | undefined;

interface CsvColumn {
	readonly title: string;
	readonly cell: (queue: QueueSnapshot, snapshot: Snapshot) => Cell;
}

const time = (instant: number | undefined): Cell => (instant === undefined ? undefined : iso8601(instant));
const count = (value: Count | undefined): Cell => value?.value;

const counts = ['ready', 'running', 'expired', 'retrying', 'sleeping', 'waiting', 'history'] as const;

/** Columns whose number is a lower bound (`ready>=`) or an estimate (`history~`), in one cell: `ready>= history~`. */
function inexact(queue: QueueSnapshot): string {
	const {runTime, splitOf, caveats} = queue;
	const marks = counts.flatMap(name => {
		const exactness = queue[name]?.exactness ?? 'exact';
		return exactness === 'exact' ? [] : [`${name}${exactness === 'atLeast' ? '>=' : '~'}`];
	});
	const split = splitOf === undefined ? [] : ['retrying', 'sleeping', 'waiting'].map(name => `${name}>=`);
	return [
		...new Set([...marks, ...split]),
		...(caveats?.fail5m === true ? ['failed_5m~', 'finished_5m~'] : []),
		...(caveats?.donePerSecond === true ? ['done_per_second~'] : []),
		...(runTime !== undefined && isThin(runTime) ? ['p50_ms~', 'p95_ms~'] : []),
	].join(' ');
}

const columns: readonly CsvColumn[] = [
	{title: 'at', cell: (_queue, {at}) => time(at)},
	{title: 'queue', cell: ({name}) => name},
	{title: 'severity', cell: ({severity}) => severity},
	{title: 'ready', cell: ({ready}) => count(ready)},
	{title: 'oldest_ready_at', cell: ({oldestReadyAt}) => time(oldestReadyAt)},
	{title: 'running', cell: ({running}) => count(running)},
	{title: 'expired', cell: ({expired}) => count(expired)},
	{title: 'retrying', cell: ({retrying}) => count(retrying)},
	{title: 'sleeping', cell: ({sleeping}) => count(sleeping)},
	{title: 'waiting', cell: ({waiting}) => count(waiting)},
	{title: 'failed_5m', cell: ({fail5m}) => fail5m?.failed},
	{title: 'finished_5m', cell: ({fail5m}) => fail5m?.finished},
	{title: 'done_per_second', cell: ({donePerSecond}) => donePerSecond},
	{title: 'p50_ms', cell: ({runTime}) => runTime?.p50},
	{title: 'p95_ms', cell: ({runTime}) => runTime?.p95},
	{title: 'drains_ms', cell: ({drains}) => (drains.kind === 'in' ? drains.duration : undefined)},
	{title: 'history', cell: ({history}) => count(history)},
	{title: 'last_claim_at', cell: ({lastClaimAt}) => time(lastClaimAt)},
	{title: 'read_at', cell: ({readAt}) => time(readAt)},
	{title: 'trouble', cell: ({trouble}) => trouble?.sentence},
	{title: 'inexact', cell: inexact},
];

function quoted(cell: Cell): string {
	if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
	const text = sanitise(cell ?? '');
	return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The line of titles, with its line break. */
export const csvTitles: string = `${columns.map(({title}) => title).join(',')}\r\n`;

/**
 * The queues as CSV (RFC 4180), one line each: counts, milliseconds, ISO 8601 instants in UTC; what is not known is
 * empty. Texts are harmless for a terminal.
 */
export function renderCsv(snapshot: Snapshot): string {
	return snapshot.queues
		.map(queue => `${columns.map(({cell}) => quoted(cell(queue, snapshot))).join(',')}\r\n`)
		.join('');
}
