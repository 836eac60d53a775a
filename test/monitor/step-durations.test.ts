import {expect, test} from 'vitest';
import {withDurations} from '../../source/monitor/step-durations.ts';

const at = (seconds: number) => seconds * 1000;

function saved(name: string, seconds: number, text = '{}', ownerRunId = 'one') {
	const state = {bytes: text.length, text, complete: true};
	return {name, status: 'committed', ownerRunId, updatedAt: at(seconds), state};
}

function durations(checkpoints: Parameters<typeof withDurations>[0], runs: Parameters<typeof withDurations>[1]) {
	return withDurations(checkpoints, runs, at(100)).map(({duration}) => duration);
}

test('a step took the time since the one before it, the first since the claim', () => {
	const run = {runId: 'one', attempt: 1, startedAt: at(100)};
	expect(durations([saved('plan', 108), saved('search', 130)], [run])).toEqual([8000, 22_000]);
});

test('what lies across a sleep, a wait or a claim that nobody recorded is not told', () => {
	const runs = [{runId: 'one', attempt: 1, startedAt: at(500)}];
	const list = [
		saved('plan', 104),
		saved('nap', 104, '"2026-01-01T00:00:00.000Z"'),
		saved('after nap', 300),
		saved('$awaitEvent:paid', 400, '{"ok": true}'),
		saved('after the event', 505),
		saved('end', 507),
	];
	// The nap's own checkpoint costs nothing; the claim after it is gone, the last one is known.
	expect(durations(list, runs)).toEqual([4000, 0, undefined, undefined, 5000, 2000]);
});

test('each attempt counts from its own claim', () => {
	const runs = [
		{runId: 'one', attempt: 1, startedAt: at(100)},
		{runId: 'two', attempt: 2, startedAt: at(200)},
		{runId: 'slept', attempt: 3, startedAt: at(900)},
	];
	const list = [saved('plan', 110), saved('rank', 203, '{}', 'two'), saved('early', 650, '{}', 'slept')];
	expect(durations(list, runs)).toEqual([10_000, 3000, undefined]);
});
