import {type DocumentRow, row} from '../../components/document.ts';
import type {CheckpointSnapshot, RunDetail, RunSnapshot} from '../../monitor/run-detail.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import {beginningOf} from '../../monitor/timeline.ts';
import {formatDuration} from '../../terminal/duration.ts';
import type {Glyph, Tone} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';
import {chartRows, laneCenters} from './chart.ts';
import {distanceText, momentText} from './moment.ts';
import {agreement} from './progress.ts';
import type {SectionContext} from './sections.ts';
import {stateStyles} from './state-style.ts';

interface Entry {
	readonly id: string;
	readonly at: Instant;
	readonly glyph: Glyph;
	readonly tone: Tone;
	readonly text: string;
	/** How long it took, where that is known. */
	readonly took: number | undefined;
}

function checkpointEntry({name, ownerRunId, updatedAt, duration, status}: CheckpointSnapshot, index: number): Entry {
	const odd = status === 'committed' ? '' : `, ${status}`;
	return {
		id: `c${index}:${ownerRunId ?? ''}:${name}`,
		at: updatedAt,
		glyph: 'completed',
		tone: 'plain',
		text: `checkpoint ${name}${odd}`,
		took: duration,
	};
}

/**
 * The last claim: earlier ones are not recorded. After a sleep or a wait it says nothing about how long the run waited
 * for a worker, which shows by checkpoints that are older than the claim.
 */
function claimEntry(run: RunSnapshot, before: RunSnapshot | undefined, detail: RunDetail): Entry | undefined {
	const {runId, attempt, startedAt, worker} = run;
	if (startedAt === undefined) {
		return undefined;
	}

	const again = detail.checkpoints.some(({ownerRunId, updatedAt}) => ownerRunId === runId && updatedAt < startedAt);
	const by = worker === undefined ? '' : ` by ${worker}`;
	// The back-off of a retry is no waiting for a worker.
	const {born, due} = beginningOf(run, before, detail);
	const since = due > born ? ' after its back-off' : '';
	const waited = again ? '' : `, waited ${formatDuration(Math.max(0, startedAt - due))}${since}`;
	return {
		id: `s${runId}`,
		at: startedAt,
		glyph: 'running',
		tone: 'running',
		text: `attempt ${attempt} claimed${again ? ' again' : ''}${by}${waited}`,
		took: undefined,
	};
}

function endEntry({runId, attempt, completedAt, failedAt, failure, startedAt}: RunSnapshot): Entry | undefined {
	const at = completedAt ?? failedAt;
	if (at === undefined) {
		return undefined;
	}

	const failed = completedAt === undefined;
	const why = failure === undefined ? '' : `: ${failure.name}: ${failure.message}`;
	return {
		id: `e${runId}`,
		at,
		...stateStyles[failed ? 'failed' : 'completed'],
		text: failed ? `attempt ${attempt} failed${why}` : `attempt ${attempt} completed`,
		took: startedAt === undefined ? undefined : at - startedAt,
	};
}

/** What runs now; a guess, and said to be one. */
function likelyEntry({state, likely, checkpoints, runs}: RunDetail, now: Instant): Entry | undefined {
	if (state !== 'running' || likely === undefined) {
		return undefined;
	}

	const since = Math.max(checkpoints.at(-1)?.updatedAt ?? 0, runs.at(-1)?.startedAt ?? 0);
	return {
		id: 'likely',
		at: now,
		...stateStyles.running,
		text: `probably ${likely.name}: ${agreement(likely)}`,
		took: since === 0 ? undefined : now - since,
	};
}

/** What is to come: the wake-up, the end of a wait, of a back-off or of a lease. */
function nextEntry(run: RunSnapshot, now: Instant): Entry | undefined {
	const {runId, state, availableAt, wakeEvent, attempt, startedAt, leaseExpiresAt} = run;
	if (state === 'running' && leaseExpiresAt !== undefined) {
		const over = leaseExpiresAt <= now;
		return {
			id: `n${runId}`,
			at: leaseExpiresAt,
			glyph: over ? 'critical' : 'warning',
			tone: over ? 'error' : 'dim',
			text: over ? 'lease ran out: whoever claims next in this queue ends this attempt' : 'lease runs out',
			took: undefined,
		};
	}

	if (state !== 'sleeping') {
		return undefined;
	}

	const text =
		wakeEvent === undefined
			? startedAt === undefined && attempt > 1
				? `back-off ends, attempt ${attempt} can be claimed`
				: 'sleep ends'
			: `wait for event ${wakeEvent} times out`;
	return {id: `n${runId}`, at: availableAt, ...stateStyles.sleeping, text, took: undefined};
}

function entries(detail: RunDetail, now: Instant): readonly Entry[] {
	const start: Entry = {id: 'q', at: detail.enqueuedAt, ...stateStyles.pending, text: 'enqueued', took: undefined};
	const waits = detail.waits.map(
		(wait, index): Entry => ({
			id: `w${index}:${wait.runId}:${wait.stepName}`,
			at: wait.createdAt,
			...stateStyles.sleeping,
			text: `waits for event ${wait.eventName} (step ${wait.stepName})`,
			took: undefined,
		}),
	);
	const cancelled: Entry | undefined =
		detail.cancelledAt === undefined
			? undefined
			: {id: 'x', at: detail.cancelledAt, ...stateStyles.cancelled, text: 'cancelled', took: undefined};
	const runs = detail.runs.flatMap((run, index) => [
		claimEntry(run, detail.runs[index - 1], detail),
		endEntry(run),
		nextEntry(run, now),
	]);
	return [start, ...detail.checkpoints.map(checkpointEntry), ...waits, likelyEntry(detail, now), ...runs, cancelled]
		.filter(entry => entry !== undefined)
		.sort((first, second) => first.at - second.at);
}

/** What was left out because there is too much of it. */
function missing({runs, runCount, checkpoints, checkpointCount}: RunDetail): readonly DocumentRow[] {
	const parts = [
		runCount > runs.length ? `the ${runs.length} newest of ${runCount} attempts` : '',
		checkpointCount > checkpoints.length ? `the ${checkpoints.length} newest of ${checkpointCount} checkpoints` : '',
	].filter(part => part !== '');
	return parts.length === 0 ? [] : [row('m', [{text: `Only ${parts.join(' and ')}.`, tone: 'warning'}])];
}

/** Everything that happened, in order, and what is to come below it. */
function listRows(detail: RunDetail, context: DrawContext): readonly DocumentRow[] {
	const {now, theme} = context;
	return entries(detail, now).map(({id, at, glyph, tone, text, took}) => {
		const coming = at > now;
		return row(
			id,
			[
				{text: `${momentText(at, context).padEnd(8)} `, tone: 'dim'},
				{text: `${took === undefined ? '' : formatDuration(Math.max(0, took))}`.padStart(7), tone: 'plain'},
				{text: ` ${theme.glyph[glyph]} `, tone},
				{text, tone: coming ? 'dim' : tone},
				{text: coming ? `, ${distanceText(at, now)}`.replace(/, $/, '') : '', tone: 'dim'},
			],
			text,
		);
	});
}

/** The chart, below it the same as a list, and the facts that found no room above. */
export function timelineRows({detail, draw, width, zoom, center, facts}: SectionContext): readonly DocumentRow[] {
	return [
		...missing(detail),
		...chartRows(detail, draw, {width, zoom, center}),
		row('gap', []),
		...listRows(detail, draw),
		...(facts.length === 0 ? [] : [row('facts', [])]),
		...facts.map((pieces, index) => row(`f${index}`, pieces, pieces.map(({text}) => text).join(''))),
	];
}

/** The instant behind a row of this section: where a zoom looks when the cursor is on it. */
export function centerOf(detail: RunDetail, now: Instant, id: string | undefined): Instant | undefined {
	const entry = entries(detail, now).find(each => each.id === id);
	return entry === undefined ? laneCenters(detail, now).get(id ?? '') : entry.at - (entry.took ?? 0) / 2;
}
