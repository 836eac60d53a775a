import {expect, test} from 'vitest';
import {diagnose, diagnoseClock, rules} from '../../source/monitor/diagnosis.ts';
import type {Failure, QueueSnapshot} from '../../source/monitor/snapshot.ts';
import {emptyQueue} from '../support/stub-monitor.ts';

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;
const exact = (value: number) => ({value, exactness: 'exact'}) as const;

function failure(change: Partial<Failure>): Failure {
	return {
		queue: 'mail',
		taskId: '01890000-0000-7000-8000-000000f24ab5',
		runId: 'r',
		taskName: 'send',
		attempt: 1,
		maxAttempts: 5,
		failedAt: now - minute,
		outcome: 'dead',
		taskState: 'failed',
		errorName: 'SMTPError',
		errorMessage: '',
		worker: undefined,
		leaseEndedAt: undefined,
		...change,
	};
}

type Case = readonly [rule: string, queue: Partial<QueueSnapshot>, failures: readonly Failure[], found: string];

const cases: readonly Case[] = [
	[
		'queue-unreadable',
		{trouble: {sentence: 'Queue mail could not be read.', sqlstate: '42501', retryAt: now}},
		[],
		'critical: Queue mail could not be read.',
	],
	[
		'queue-unreadable',
		{trouble: {sentence: 'Queue mail is locked.', sqlstate: '55P03', retryAt: now}},
		[],
		'warning: Queue mail is locked.',
	],
	[
		'stale-leases',
		{expired: exact(14), lastClaimAt: now - 4 * minute},
		[],
		'critical: 14 leases expired, nobody has claimed for 4m00s',
	],
	[
		'backlog',
		{ready: exact(418), oldestReadyAt: now - 4.2 * minute, lastClaimAt: undefined},
		[],
		'critical: 418 ready, the oldest for 4m12s; nobody has ever claimed',
	],
	[
		'backlog',
		{
			ready: {value: 10_000, exactness: 'atLeast'},
			oldestReadyAt: now - 12 * minute,
			lastClaimAt: now - 100,
			drains: {kind: 'never'},
		},
		[],
		'warning: ≥10000 ready, the oldest for 12m00s; it does not get shorter',
	],
	['failure-share', {fail5m: {failed: 7, finished: 38}}, [], 'warning: 18.4% of 38 attempts failed in 5m'],
	['failure-share', {fail5m: {failed: 30, finished: 40}}, [], 'critical: 75.0% of 40 attempts failed in 5m'],
	[
		'dead-letters',
		{},
		[failure({}), failure({}), failure({errorName: 'Other', failedAt: now - 5 * minute})],
		'warning: 3 tasks dead within 5m00s, mostly SMTPError',
	],
	[
		'retry-storm',
		{},
		[failure({outcome: 'retried', attempt: 412, maxAttempts: null}), failure({outcome: 'retried', attempt: 2})],
		'warning: retry storm: send …f24ab5 failed attempt 412 without a limit',
	],
];

test.each(cases)('%s', (rule, queue, failures, found) => {
	const findings = diagnose({queue: {...emptyQueue('mail', now), ...queue}, failures, now});
	expect(findings.map(finding => [finding.rule, `${finding.severity}: ${finding.sentence}`])).toEqual([[rule, found]]);
});

test('every rule is tried', () => {
	expect(new Set(cases.map(([rule]) => rule))).toEqual(new Set(rules.map(rule => rule.id)));
});

test('what is ordinary is no finding', () => {
	const busy: Partial<QueueSnapshot> = {
		ready: exact(40),
		oldestReadyAt: now - 2000,
		running: exact(8),
		expired: exact(1),
		lastClaimAt: now - 300,
		fail5m: {failed: 3, finished: 4},
	};
	const failures = [failure({outcome: 'retried', attempt: 2}), failure({failedAt: now - 2 * 60 * minute})];
	expect(diagnose({queue: {...emptyQueue('mail', now), ...busy}, failures, now})).toEqual([]);
	expect(diagnose({queue: emptyQueue('mail', now), failures: [], now})).toEqual([]);
});

test('clocks more than two seconds apart are a finding', () => {
	expect(diagnoseClock(undefined)).toEqual([]);
	expect(diagnoseClock(-1900)).toEqual([]);
	expect(diagnoseClock(-65_000)[0]?.sentence).toMatch(/1m05s behind/);
});
