import {expect, test} from 'vitest';
import {countUnit, durationUnit, percentUnit, readThreshold} from '../../source/headless/thresholds.ts';
import {verdictOf} from '../../source/headless/verdict.ts';
import type {QueueSnapshot} from '../../source/monitor/snapshot.ts';
import {emptyQueue, liveSnapshot} from '../support/stub-monitor.ts';

const now = 1_800_000_000_000;

function judge(queue: Partial<QueueSnapshot>, key: string, text: string) {
	const unit = key === 'maxReadyAge' ? durationUnit : key === 'maxFailRate' ? percentUnit : countUnit;
	const snapshot = liveSnapshot(now, {queues: [{...emptyQueue('mail', now), ...queue}]});
	return verdictOf(snapshot, new Map([[key, readThreshold(text, '--flag', unit)]]));
}

test.each([
	['60s', 60, undefined],
	['1.5m,2h', 90, 7200],
	['500ms,1d', 0.5, 86_400],
	['90', 90, undefined],
])('the threshold %s', (text, warning, critical) => {
	expect(readThreshold(text, '--flag', durationUnit)).toEqual({warning, critical});
});

test.each([
	[59_000, 'OK'],
	[60_000, 'OK'],
	[60_001, 'WARNING'],
	[300_001, 'CRITICAL'],
] as const)('a value is wrong above the threshold, not at it: %d ms', (age, level) => {
	expect(judge({oldestReadyAt: now - age}, 'maxReadyAge', '60s,300s').level).toBe(level);
});

test('a failure rate of few attempts is shown and not judged', () => {
	const few = judge({fail5m: {failed: 19, finished: 19}}, 'maxFailRate', '5,20');
	expect([few.level, few.line.includes("'mail.fail_rate'=100%;5;20;0")]).toEqual(['OK', true]);
	expect(judge({fail5m: {failed: 2, finished: 20}}, 'maxFailRate', '5%,20%').level).toBe('WARNING');
	expect(judge({fail5m: {failed: 5, finished: 20}}, 'maxFailRate', '5%,20%').level).toBe('CRITICAL');
	const caveats = {fail5m: true, donePerSecond: false, trend: true};
	const line = (change: Partial<QueueSnapshot>) =>
		judge({fail5m: {failed: 5, finished: 20}, ...change}, 'maxFailRate', '5%,20%').line;
	expect([line({caveats}).includes('about 25.0% of the attempts'), line({}).includes('about')]).toEqual([true, false]);
});

test('what is not known is UNKNOWN, unless something is known to be wrong', () => {
	expect(judge({expired: undefined}, 'maxExpiredLeases', '0').level).toBe('UNKNOWN');
	const trouble = {sentence: 'No right.', sqlstate: '42501', retryAt: 0};
	const bad = {...emptyQueue('bad', now), trouble};
	const old = {...emptyQueue('old', now), oldestReadyAt: now - 90_000};
	const threshold = new Map([['maxReadyAge', readThreshold('60s', '--flag', durationUnit)]]);
	const {level, line} = verdictOf(liveSnapshot(now, {queues: [bad, old]}), threshold);
	expect(level).toBe('WARNING');
	expect(line).toMatch(/^ABSURD WARNING - old: .*; bad: No right\. \|/);
});

test('a hostile name neither ends the sentence nor the line, nor the label', () => {
	const snapshot = liveSnapshot(now, {
		queues: [{...emptyQueue("a|b'c=d\n", now), oldestReadyAt: now - 90_000}],
	});
	const {line} = verdictOf(snapshot, new Map([['maxReadyAge', {warning: 60, critical: undefined}]]));
	expect(line.match(/\|/g)).toHaveLength(1);
	expect(line.match(/\n/g)).toHaveLength(1);
	expect(line).toContain("'a¦b''c_d↵.ready_age'=90s;60;;0");
});

test('without thresholds the findings decide', () => {
	const finding = {rule: 'x', severity: 'critical', queue: 'mail', sentence: 'It burns'} as const;
	const {level, line} = verdictOf(liveSnapshot(now, {findings: [finding]}), new Map());
	expect([level, line.startsWith('ABSURD CRITICAL - mail: It burns')]).toEqual(['CRITICAL', true]);
	expect(verdictOf(liveSnapshot(now, {findings: []}), new Map()).level).toBe('OK');
});

test('a queue that was asked for and is not there is UNKNOWN, and no more than that', () => {
	const fine = liveSnapshot(now, {queues: [emptyQueue('mail', now)], findings: [], missing: ['gone']});
	expect(verdictOf(fine, new Map()).level).toBe('UNKNOWN');
	const finding = {rule: 'x', severity: 'warning', queue: 'mail', sentence: 'It smoulders'} as const;
	const {level, line} = verdictOf({...fine, findings: [finding]}, new Map());
	expect(level).toBe('WARNING');
	expect(line).toMatch(/mail: It smoulders; gone: there is no such queue/);
});
