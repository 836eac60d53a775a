import {describe, expect, test} from 'vitest';
import type {CheckpointSnapshot, RunDetail, RunSnapshot} from '../../source/monitor/run-detail.ts';
import {savedSteps} from '../../source/monitor/saved-steps.ts';
import {withDurations} from '../../source/monitor/step-durations.ts';
import {timelineOf} from '../../source/monitor/timeline.ts';
import type {SegmentKind} from '../../source/monitor/timeline-track.ts';
import {runDetail} from '../support/run-fixture.ts';

const start = Date.UTC(2026, 0, 2, 3, 4, 5);

/** Numbers that look random and are the same in every run of the tests. */
function random(seed: number): (least: number, most: number) => number {
	let state = seed * 2_654_435_761 + 1;
	return (least, most) => {
		state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
		return least + (state % (most - least + 1));
	};
}

/** A life as it really went: what the database would hold afterwards, and what it does not tell. */
interface Life {
	readonly detail: RunDetail;
	readonly now: number;
	/** True length of each step, by checkpoint name. */
	readonly steps: ReadonlyMap<string, number>;
	/** By attempt. */
	readonly owners: ReadonlyMap<string, number>;
	/** Time that workers held the task and worked on what was saved or lost. */
	readonly pauses: number;
}

function json(text: string) {
	return {bytes: text.length, text, complete: true};
}

type Checkpoint = Omit<CheckpointSnapshot, 'duration'>;

/** A task that is played. */
interface World {
	readonly pick: (least: number, most: number) => number;
	readonly checkpoints: Checkpoint[];
	readonly steps: Map<string, number>;
	readonly owners: Map<string, number>;
	at: number;
	startedAt: number;
	firstStartedAt: number | undefined;
	pauses: number;
}

/** A timer, an event wait or a step; after the first two the run is claimed anew, somewhat late. */
function playStep(world: World, runId: string, attempt: number): void {
	const {pick, checkpoints, steps, owners} = world;
	const kind = (['timer', 'event', 'step', 'step', 'step'] as const)[pick(0, 4)] ?? 'step';
	const own = `step-${checkpoints.length}`;
	const name = kind === 'event' ? `$awaitEvent:${own}` : own;
	const took = kind === 'timer' ? 0 : pick(1, 20_000);
	world.at += took;
	const wakeAt = world.at + pick(1000, 60_000);
	const state = kind === 'timer' ? json(JSON.stringify(new Date(wakeAt).toISOString())) : json('1');
	checkpoints.push({name, status: 'committed', ownerRunId: runId, updatedAt: world.at, state});
	owners.set(name, attempt);
	if (kind === 'step') {
		steps.set(name, took);
		return;
	}
	world.at = (kind === 'timer' ? wakeAt : world.at) + pick(1, 3000);
	world.startedAt = world.at;
	world.pauses++;
}

function playRun(world: World, attempt: number, last: boolean): RunSnapshot {
	const {pick} = world;
	const createdAt = world.at;
	world.at += (attempt === 1 ? 0 : 30_000) + pick(1, 5000);
	world.startedAt = world.at;
	world.firstStartedAt ??= world.at;
	for (let left = pick(0, 5); left > 0; left--) playStep(world, `run-${attempt}`, attempt);
	world.at += pick(1, 9000);
	const state = last ? ((['completed', 'running', 'failed'] as const)[pick(0, 2)] ?? 'failed') : 'failed';
	const failure = {name: 'Error', message: 'no', trace: undefined, document: json('{}')};
	return {
		runId: `run-${attempt}`,
		attempt,
		state,
		worker: 'w:1',
		createdAt,
		startedAt: world.startedAt,
		availableAt: world.startedAt,
		completedAt: state === 'completed' ? world.at : undefined,
		failedAt: state === 'failed' ? world.at : undefined,
		leaseExpiresAt: world.at + 20_000,
		wakeEvent: undefined,
		eventPayload: undefined,
		failure: state === 'failed' ? failure : undefined,
		result: undefined,
	};
}

/** Plays a task: attempts of steps, timers and event waits, claims that take a while, failures with a back-off of 30 s. */
function live(seed: number): Life {
	const pick = random(seed);
	const world: World = {
		pick,
		checkpoints: [],
		steps: new Map(),
		owners: new Map(),
		at: start,
		startedAt: start,
		firstStartedAt: undefined,
		pauses: 0,
	};
	const attempts = pick(1, 4);
	const runs: RunSnapshot[] = [];
	for (let attempt = 1; attempt <= attempts; attempt++) {
		runs.push(playRun(world, attempt, attempt === attempts));
	}
	const {steps, owners, pauses, at, firstStartedAt} = world;
	const detail: RunDetail = {
		...runDetail,
		enqueuedAt: start,
		firstStartedAt,
		state: runs.at(-1)?.state ?? 'failed',
		attempts,
		retryStrategy: json('{"kind": "fixed", "base_seconds": 30}'),
		runs,
		runCount: runs.length,
		checkpoints: withDurations(world.checkpoints, runs, firstStartedAt),
		checkpointCount: world.checkpoints.length,
		waits: [],
	};
	return {detail, now: at, steps, owners, pauses};
}

const lives = Array.from({length: 300}, (_, seed) => live(seed));

describe('any life', () => {
	test('there are lives of every kind among them', () => {
		expect(lives.some(({pauses}) => pauses > 2)).toBe(true);
		expect(new Set(lives.map(({detail}) => detail.state)).size).toBe(3);
		expect(new Set(lives.map(({detail}) => detail.runs.length)).size).toBe(4);
	});

	test('lanes have no holes and do not overlap: every moment from the spawning on is told once', () => {
		for (const {detail, now} of lives) {
			const {lanes, from, to} = timelineOf(detail, now);
			const segments = lanes.flatMap(lane => lane.segments);
			expect(segments[0]?.from).toBe(start);
			expect(segments.at(-1)?.to).toBe(detail.state === 'running' ? now + 20_000 : now);
			for (const [index, segment] of segments.entries()) {
				expect(segment.to).toBeGreaterThanOrEqual(segment.from);
				if (index > 0) expect(segment.from).toBe(segments[index - 1]?.to);
			}
			expect([from, to]).toEqual([segments[0]?.from, segments.at(-1)?.to]);
		}
	});

	test('every checkpoint stands once, in the lane of the attempt that saved it', () => {
		for (const {detail, now, owners} of lives) {
			const named = timelineOf(detail, now).lanes.flatMap(lane =>
				lane.segments.flatMap(({name}) => (name === undefined ? [] : [[name, lane.attempt] as const])),
			);
			const expected = [...owners].map(([name, attempt]) => [name.replace('$awaitEvent:', ''), attempt]);
			expect(named).toEqual(expected);
		}
	});

	test('a step is as long as it really was, or said to be unclear and no shorter', () => {
		const told = lives.flatMap(({detail, now, steps}) =>
			timelineOf(detail, now).lanes.flatMap(lane =>
				lane.segments.flatMap(({kind, name, from, to}) => {
					const real = steps.get(name ?? '');
					return real === undefined ? [] : [{name, clear: kind === 'step', took: to - from, real}];
				}),
			),
		);
		expect(told.filter(({clear, took, real}) => (clear ? took !== real : took < real))).toEqual([]);
		const clear = told.filter(each => each.clear).length;
		// Only what follows a pause whose next claim was overwritten by a later one is unclear.
		expect(clear).toBeGreaterThan(told.length * 0.6);
	});

	test('what an attempt was spared is what the steps before it took', () => {
		let spared = 0;
		for (const {detail, steps, owners} of lives) {
			for (const run of detail.runs) {
				const saved = savedSteps(run, detail);
				const before = [...steps].filter(([name]) => (owners.get(name) ?? 0) < run.attempt);
				expect(saved?.by.flatMap(({names}) => names).sort() ?? []).toEqual(before.map(([name]) => name).sort());
				if (saved === undefined) continue;
				const real = before.reduce((sum, [, took]) => sum + took, 0);
				if (saved.unknown === 0) expect(saved.time).toBe(real);
				else expect(saved.time).toBeLessThan(real);
				spared++;
			}
		}
		expect(spared).toBeGreaterThan(100);
	});
});

describe('gaps and ends', () => {
	const kinds = (detail: RunDetail, now: number) =>
		timelineOf(detail, now).lanes.flatMap(lane => lane.segments.map((segment): SegmentKind => segment.kind));
	const [first, second] = runDetail.runs;
	if (!first || !second) throw new Error('The fixture has two runs.');
	const now = (second.startedAt ?? 0) + 60_000;
	const alone: RunDetail = {...runDetail, runs: [first], checkpoints: [], state: 'failed', attempts: 1};

	test('an attempt that was claimed late after its back-off was unclaimed for that long', () => {
		const late = {...second, startedAt: second.createdAt + 42_000, availableAt: second.createdAt + 42_000};
		const lane = timelineOf({...runDetail, runs: [first, late], checkpoints: []}, now).lanes.find(
			each => each.kind === 'waiting' && each.attempt === 2,
		);
		expect(lane?.segments.map(({kind, from, to}) => [kind, to - from])).toEqual([
			['back-off', 30_000],
			['queued', 12_000],
		]);
	});

	test('a lease that ran out is a gap until somebody takes the run away', () => {
		const failure = {name: '$ClaimTimeout', message: 'm', trace: undefined, document: json('{}')};
		const started = first.startedAt ?? 0;
		const run = {...first, leaseExpiresAt: started + 10_000, failedAt: started + 35_000, failure};
		const segments = timelineOf({...alone, runs: [run]}, now).lanes.at(-1)?.segments;
		expect(segments?.map(({kind, from, to}) => [kind, to - from])).toEqual([
			['work', 10_000],
			['expired', 25_000],
		]);
		const held = {...run, state: 'running' as const, failedAt: undefined, failure: undefined};
		expect(kinds({...alone, state: 'running', runs: [held]}, started + 40_000)).toEqual(['queued', 'work', 'expired']);
		expect(kinds({...alone, state: 'running', runs: [held]}, started + 4000)).toEqual(['queued', 'work', 'lease']);
	});

	test('a retry by hand: dead until then, and no back-off', () => {
		const failed = first.failedAt ?? 0;
		const again = {...second, createdAt: failed + 600_000, startedAt: failed + 601_000, availableAt: failed + 601_000};
		const lane = timelineOf({...runDetail, runs: [first, again], checkpoints: []}, failed + 700_000).lanes.find(
			each => each.kind === 'waiting' && each.attempt === 2,
		);
		expect(lane?.segments.map(({kind, from, to}) => [kind, to - from])).toEqual([
			['dead', 600_000],
			['queued', 1000],
		]);
	});

	test('asleep until later, waiting for ever, woken and unclaimed', () => {
		const started = first.startedAt ?? 0;
		const asleep = {
			...first,
			state: 'sleeping' as const,
			failedAt: undefined,
			failure: undefined,
			leaseExpiresAt: undefined,
		};
		const detail = (change: Partial<RunSnapshot>): RunDetail => ({
			...alone,
			state: 'sleeping',
			runs: [{...asleep, ...change}],
		});
		const timer = timelineOf(detail({availableAt: started + 90_000}), started + 1000);
		expect(timer.to).toBe(started + 90_000);
		expect(kinds(detail({availableAt: started + 90_000}), started + 1000)).toEqual(['queued', 'sleep']);
		expect(kinds(detail({availableAt: started + 90_000}), started + 99_000)).toEqual(['queued', 'sleep', 'queued']);
		const forEver = timelineOf(detail({availableAt: Number.POSITIVE_INFINITY, wakeEvent: 'paid'}), started + 5000);
		expect(forEver.to).toBe(started + 5000);
		expect(forEver.lanes.at(-1)?.segments).toEqual([{kind: 'wait', from: started, to: started + 5000, name: 'paid'}]);
	});

	test('a step that returns an instant of the past is no sleep', () => {
		const started = first.startedAt ?? 0;
		const state = json('"2020-01-01T00:00:00Z"');
		const checkpoints = withDurations(
			[
				{name: 'today', status: 'committed', ownerRunId: first.runId, updatedAt: started + 2000, state},
				{name: 'next', status: 'committed', ownerRunId: first.runId, updatedAt: started + 5000, state},
			],
			[first],
			started,
		);
		const segments = timelineOf({...alone, firstStartedAt: started, checkpoints}, now).lanes.at(-1)?.segments;
		expect(segments?.slice(0, 2).map(({kind, from, to}) => [kind, to - from])).toEqual([
			['step', 2000],
			['step', 3000],
		]);
	});

	test('nothing but a spawned task, and a task whose runs are gone', () => {
		const fresh = {...first, state: 'pending' as const, startedAt: undefined, failedAt: undefined, failure: undefined};
		const pending: RunDetail = {
			...alone,
			state: 'pending',
			firstStartedAt: undefined,
			runs: [{...fresh, availableAt: runDetail.enqueuedAt}],
		};
		expect(kinds(pending, runDetail.enqueuedAt + 5000)).toEqual(['queued']);
		const gone = timelineOf({...alone, runs: []}, now);
		expect(gone.lanes).toEqual([]);
		expect(gone.to).toBeGreaterThan(gone.from);
	});
});
