import {expect, test} from 'vitest';
import {csvTitles, renderCsv} from '../../source/headless/csv.ts';
import type {QueueSnapshot} from '../../source/monitor/snapshot.ts';
import {snapshot} from '../support/fixture.ts';
import {emptyQueue, liveSnapshot} from '../support/stub-monitor.ts';

test('every line has as many fields as there are titles', () => {
	const titles = csvTitles.trimEnd().split(',');
	const lines = renderCsv(snapshot).trimEnd().split('\r\n');
	expect(lines).toHaveLength(snapshot.queues.length);
	for (const line of lines) expect(line.replaceAll(/"(?:[^"]|"")*"/g, '').split(',')).toHaveLength(titles.length);
});

test('texts are quoted where they must be, and harmless', () => {
	const line = renderCsv(liveSnapshot(0, {queues: [emptyQueue('a,"b"\u001B[2J', 0)]}));
	expect(line).toMatch(/^1970-01-01T00:00:00\.000Z,"a,""b""␛\[2J",ok,/);
});

test('what is a lower bound or an estimate is named', () => {
	const at = csvTitles.trimEnd().split(',').indexOf('inexact');
	const said = (change: Partial<QueueSnapshot>) =>
		renderCsv(liveSnapshot(0, {queues: [{...emptyQueue('q', 0), ...change}]}))
			.trimEnd()
			.split(',')[at];
	expect(said({})).toBe('');
	const caveats = {fail5m: true, donePerSecond: true, trend: true};
	expect(said({caveats})).toBe('failed_5m~ finished_5m~ done_per_second~');
	expect(said({ready: {value: 10_000, exactness: 'atLeast'}, history: {value: 9, exactness: 'estimate'}})).toBe(
		'ready>= history~',
	);
	const capped = {value: 4000, exactness: 'atLeast'} as const;
	expect(said({waiting: capped, splitOf: 10_000, runTime: {p50: 1, p95: 2, samples: 40, seed: true}})).toBe(
		'waiting>= retrying>= sleeping>= p50_ms~ p95_ms~',
	);
});
