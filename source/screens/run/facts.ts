import type {Piece} from '../../components/line.ts';
import type {RunDetail, RunSnapshot} from '../../monitor/run-detail.ts';
import type {State} from '../../monitor/snapshot.ts';
import {formatDuration, formatSpan} from '../../terminal/duration.ts';
import {measure} from '../../terminal/fit.ts';
import type {DrawContext} from '../screen.ts';
import {distanceText, momentText} from './moment.ts';
import {retryDelay, retryPolicy, type Strike, strikes} from './policy.ts';

interface Fact {
	readonly label: string;
	readonly value: string;
}

type Clock = Pick<DrawContext, 'now' | 'utc'>;

const terminal: ReadonlySet<State> = new Set(['completed', 'failed', 'cancelled']);

/** The run of the last attempt: the one that is alive, when one is. */
export function lastRun({runs, runId}: RunDetail): RunSnapshot | undefined {
	return runs[runs.length - 1] ?? runs.find(run => run.runId === runId);
}

function leaseFact(detail: RunDetail, run: RunSnapshot | undefined, clock: Clock): Fact | undefined {
	if (detail.state !== 'running' || run === undefined) {
		return undefined;
	}

	const ends = run.leaseExpiresAt;
	if (ends === undefined) {
		return {label: 'lease', value: 'none: it is never taken from its worker'};
	}

	const word = ends <= clock.now ? 'ran out' : 'runs out';
	return {label: 'lease', value: `${word} ${momentText(ends, clock)}, ${distanceText(ends, clock.now)}`};
}

function retryFact(detail: RunDetail): Fact {
	const policy = retryPolicy(detail);
	const {kind, base, factor, max} = policy;
	const cap = max === undefined ? '' : `, at most ${formatSpan(max * 1000)}`;
	const how =
		kind === 'exponential'
			? `exponential ${formatSpan(base * 1000)} × ${factor}${cap}`
			: kind === 'fixed'
				? `fixed, ${formatSpan(base * 1000)}${cap}`
				: 'at once, without back-off';
	return {label: 'retry', value: `${how}${nextRetry(detail, retryDelay(policy, detail.attempts))}`};
}

function nextRetry({state, attempts, maxAttempts}: RunDetail, delay: number): string {
	if (terminal.has(state)) {
		return '';
	}

	return maxAttempts !== null && attempts >= maxAttempts
		? '; this is the last attempt'
		: `; attempt ${attempts + 1} would come ${delay === 0 ? 'at once' : `after ${formatSpan(delay)}`}`;
}

function strikeText({policy, limit, at}: Strike, alive: boolean, clock: Clock): string {
	const rule = `${policy} ${formatSpan(limit)}`;
	if (!alive || at === undefined) {
		return rule;
	}

	return at <= clock.now
		? `${rule}: cancelled at the next claim in its queue`
		: `${rule}: strikes ${momentText(at, clock)}, ${distanceText(at, clock.now)}`;
}

function cancellationFact(detail: RunDetail, clock: Clock): Fact | undefined {
	const alive = !terminal.has(detail.state);
	const text = strikes(detail).map(strike => strikeText(strike, alive, clock));
	return text.length === 0 ? undefined : {label: 'cancellation', value: text.join(', ')};
}

function timeFacts(detail: RunDetail, run: RunSnapshot | undefined, clock: Clock): readonly Fact[] {
	const {enqueuedAt, firstStartedAt, cancelledAt} = detail;
	const ended = cancelledAt ?? run?.completedAt ?? run?.failedAt;
	const picked = firstStartedAt === undefined ? '' : `, picked up after ${formatDuration(firstStartedAt - enqueuedAt)}`;
	const enqueued = {
		label: 'enqueued',
		value: `${momentText(enqueuedAt, clock)}, ${distanceText(enqueuedAt, clock.now)}${picked}`,
	};
	return terminal.has(detail.state) && ended !== undefined
		? [enqueued, {label: 'ended', value: `${momentText(ended, clock)}, after ${formatDuration(ended - enqueuedAt)}`}]
		: [enqueued];
}

/** What is worth knowing about a task besides its state, the most important first. */
function facts(detail: RunDetail, clock: Clock): readonly Fact[] {
	const run = lastRun(detail);
	const found = [
		{label: 'task', value: detail.taskId},
		{label: 'run', value: run?.runId ?? detail.runId},
		leaseFact(detail, run, clock),
		run?.worker === undefined ? undefined : {label: 'worker', value: run.worker},
		{label: 'attempts', value: `${detail.attempts} of ${detail.maxAttempts ?? 'unlimited'}`},
		retryFact(detail),
		cancellationFact(detail, clock),
		...timeFacts(detail, run, clock),
		detail.idempotencyKey === undefined ? undefined : {label: 'key', value: detail.idempotencyKey},
		detail.tenant === undefined ? undefined : {label: 'tenant', value: detail.tenant},
		{label: 'queue', value: detail.queue},
	];
	return found.filter(fact => fact !== undefined);
}

/** The longest value that is shown; a key of the application may be as long as it likes. */
const longest = 200;

/** Facts one after the other, as many a line as fit; none is broken over two lines. */
export function factLines(detail: RunDetail, clock: Clock, width: number): readonly (readonly Piece[])[] {
	const lines: Piece[][] = [];
	let left = 0;
	for (const {label, value} of facts(detail, clock)) {
		const shown = value.slice(0, longest);
		const cells = label.length + 1 + measure(shown);
		const line = lines[lines.length - 1];
		if (line !== undefined && left >= cells + 3) {
			line.push({text: ' · ', tone: 'dim'}, {text: `${label} `, tone: 'dim'}, {text: shown, tone: 'plain'});
			left -= cells + 3;
		} else {
			lines.push([
				{text: `${label} `, tone: 'dim'},
				{text: shown, tone: 'plain'},
			]);
			left = width - cells;
		}
	}

	return lines;
}
