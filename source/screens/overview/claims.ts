import {bar} from '../../components/bar.ts';
import type {Column} from '../../components/column.ts';
import type {ListSpec} from '../../components/list.ts';
import {createListMemory} from '../../components/list-memory.ts';
import type {TableSpec} from '../../components/table.ts';
import {rowTexts, rowValues} from '../../monitor/filter/rows.ts';
import type {Claim} from '../../monitor/snapshot.ts';
import {formatAge} from '../../terminal/duration.ts';
import {formatNumber} from '../../terminal/figures.ts';
import {fit} from '../../terminal/fit.ts';
import type {Theme, Tone} from '../../terminal/theme.ts';
import {queueColumn} from '../table/common-columns.ts';
import type {CellContext} from './context.ts';

type ClaimColumn = Column<Claim, CellContext>;

/** Cells of the bar itself; the time left stands behind it. */
const barCells = 4;

/** Below this the checkpoint's name is worth more than its age. */
const roomForAge = 11;

/** From this width on there is room for `expired`. */
const roomForWord = 11;

/** Milliseconds until the lease runs out, negative when it has; undefined = no lease. */
export function leaseLeft(claim: Claim, now: number): number | undefined {
	return claim.leaseExpiresAt === null ? undefined : claim.leaseExpiresAt - now;
}

export function isExpired(claim: Claim, now: number): boolean {
	const left = leaseLeft(claim, now);
	return left !== undefined && left <= 0;
}

/** `2/5`, `2/∞` where attempts are not limited. Cut between its numbers, never within one: `9/1…` would be another limit. */
export function attemptText(attempt: number, maxAttempts: number | null, theme: Theme, width: number): string {
	const number = formatNumber(attempt);
	const texts = [`${number}/${maxAttempts ?? (theme.ascii ? 'inf' : '∞')}`, `${number}/…`, number];
	return texts.find(text => text.length <= width) ?? number;
}

function leaseText(claim: Claim, {now, theme}: CellContext, width: number): string {
	const left = leaseLeft(claim, now);
	if (left === undefined) {
		return 'no lease';
	}

	if (left <= 0) {
		return `${width < roomForWord ? 'out' : 'expired'} ${formatAge(-left)}`;
	}

	const part = claim.leaseSpan === undefined ? 1 : left / claim.leaseSpan;
	return `${bar(part, barCells, theme)} ${formatAge(left)}`;
}

function leaseTone(claim: Claim, {now}: CellContext): Tone {
	const left = leaseLeft(claim, now);
	if (left === undefined) {
		return 'dim';
	}

	if (left <= 0) {
		return 'error';
	}

	return claim.leaseSpan !== undefined && left < claim.leaseSpan / 4 ? 'warning' : 'plain';
}

function checkpointText({progress}: Claim, {now}: CellContext, width: number): string {
	if (progress === undefined) {
		return '';
	}

	if (progress === null) {
		return '–';
	}

	const age = formatAge(Math.max(0, now - progress.at));
	return width < roomForAge ? progress.checkpoint : `${fit(progress.checkpoint, width - age.length - 1)} ${age}`;
}

const columns: readonly ClaimColumn[] = [
	{
		id: 'task',
		title: 'task',
		width: 9,
		grow: 2,
		max: 40,
		align: 'left',
		text: claim => claim.taskName,
		sort: claim => claim.taskName,
	},
	{
		id: 'id',
		title: 'id',
		width: 7,
		max: 13,
		align: 'left',
		leaves: 2,
		tone: () => 'dim',
		text: (claim, context) => context.short(claim.taskId),
		sort: undefined,
	},
	queueColumn(6, 20),
	{
		id: 'attempt',
		title: 'att',
		width: 4,
		align: 'left',
		text: (claim, {theme}, width) => attemptText(claim.attempt, claim.maxAttempts, theme, width),
		tone: claim => (claim.maxAttempts !== null && claim.attempt >= claim.maxAttempts ? 'warning' : 'plain'),
		sort: claim => claim.attempt,
	},
	{
		id: 'worker',
		title: 'worker',
		width: 8,
		grow: 1,
		max: 30,
		align: 'left',
		leaves: 4,
		truncate: 'start',
		text: claim => claim.worker ?? '–',
		sort: claim => claim.worker,
	},
	{
		id: 'checkpoint',
		title: 'since',
		width: 7,
		grow: 4,
		max: 34,
		align: 'left',
		leaves: 3,
		text: checkpointText,
		sort: claim => claim.progress?.at,
	},
	{
		id: 'running',
		title: 'running',
		width: 7,
		align: 'right',
		leaves: 1,
		text: (claim, {now}) => formatAge(Math.max(0, now - claim.claimedAt)),
		sort: (claim, {now}) => now - claim.claimedAt,
	},
	{
		id: 'lease',
		title: 'lease',
		width: 9,
		max: 13,
		grow: 1,
		align: 'left',
		text: leaseText,
		tone: leaseTone,
		sort: (claim, {now}) => leaseLeft(claim, now),
	},
];

function describe(id: string): string {
	return `run …${id.slice(-6)} is no longer running`;
}

/** Active claims: those whose lease has run out first, then the oldest. */
export const claimTable: TableSpec<Claim, CellContext> & ListSpec<Claim, CellContext> = {
	columns,
	memory: createListMemory(({now}) => now),
	id: claim => `${claim.queue} ${claim.runId}`,
	compare: (first, second, {now}) =>
		Number(isExpired(second, now)) - Number(isExpired(first, now)) ||
		first.claimedAt - second.claimedAt ||
		(first.runId < second.runId ? -1 : 1),
	texts: rowTexts.claims,
	values: (claim, {now}) => rowValues.claims(claim, now),
	gone: describe,
	marker: (claim, {now}, theme) =>
		isExpired(claim, now)
			? {glyph: theme.glyph.critical, tone: 'error'}
			: {glyph: theme.glyph.running, tone: 'running'},
};
