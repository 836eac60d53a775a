import {describe, expect, test} from 'vitest';
import {checkUp, databaseRules, diagnose, queueRules} from '../../source/monitor/diagnosis.ts';
import type {LockHolder} from '../../source/monitor/facts.ts';
import type {Evidence, ServerEvidence, Verdict} from '../../source/monitor/rule.ts';
import {
	claim,
	day,
	evidence,
	exact,
	failure,
	hour,
	known,
	minute,
	now,
	partitions,
	serverEvidence,
	storage,
	taskId,
} from '../support/evidence.ts';
import {emptyQueue, session} from '../support/stub-monitor.ts';

// Each rule where it must hold, with its sentence, and close to that, where it must not.

type Case<Facts> = readonly [rule: string, holds: Facts, sentence: string, close: readonly Facts[]];

const times = <T>(count: number, make: (index: number) => T): T[] =>
	Array.from({length: count}, (_, index) => make(index));
const other = (index: number) => taskId.replace(/.{4}$/, String(1000 + index));
const run = {taskId, runId: 'r', taskName: 'sync'};
const timeout = {errorName: '$ClaimTimeout', outcome: 'retried', worker: 'w-1:1'} as const;
const stuck = {
	...run,
	after: 'rank',
	probable: 'summarize',
	since: now - 4 * minute,
	usual: 9000,
	longest: 21_000,
	samples: 40,
};
const partitioned = {storageMode: 'partitioned'} as const;
const poisoned = (index: number) =>
	failure({taskId: other(index), errorMessage: `mailbox 'a${index}' unavailable after ${index} s`});

const queueCases: readonly Case<Evidence>[] = [
	[
		'tables-missing',
		evidence({trouble: {sentence: 'Table r_mail is not there.', sqlstate: '42P01', retryAt: now}}),
		'critical: Table r_mail is not there.',
		[evidence({trouble: {sentence: 'no', sqlstate: '42501', retryAt: now}})],
	],
	[
		'queue-unreadable',
		evidence({trouble: {sentence: 'Queue mail cannot be read.', sqlstate: '42501', retryAt: now}}),
		'critical: Queue mail cannot be read.',
		[evidence({}), evidence({trouble: {sentence: 'Table r_mail is not there.', sqlstate: '42P01', retryAt: now}})],
	],
	[
		'stale-leases',
		evidence({expired: exact(14), lastClaimAt: now - 4 * minute}),
		'critical: 14 leases expired, nobody has claimed for 4m',
		[evidence({expired: exact(1), lastClaimAt: now - 300}), evidence({expired: exact(0), lastClaimAt: now - hour})],
	],
	[
		'backlog',
		evidence({ready: exact(418), oldestReadyAt: now - 4.2 * minute, lastClaimAt: undefined}),
		'critical: 418 ready, the oldest for 4m; nobody has ever claimed',
		[evidence({ready: exact(418), oldestReadyAt: now - 4.2 * minute, lastClaimAt: now - 300})],
	],
	[
		'backlog',
		evidence({
			ready: {value: 10_000, exactness: 'atLeast'},
			oldestReadyAt: now - 12 * minute,
			lastClaimAt: now - 100,
			drains: {kind: 'never'},
		}),
		'warning: ≥10000 ready, the oldest for 12m; it does not get shorter',
		[evidence({ready: exact(40), oldestReadyAt: now - 2000})],
	],
	[
		'growing',
		evidence({
			ready: exact(214),
			oldestReadyAt: now - 50_000,
			lastClaimAt: now,
			drains: {kind: 'never', growth: 3.14},
			donePerSecond: 8,
		}),
		'warning: 214 ready and it grows by 3.1 a second, 8.0 done a second: never drains',
		[
			evidence({ready: exact(214), lastClaimAt: now, drains: {kind: 'in', duration: minute}}),
			evidence({ready: exact(60), lastClaimAt: now, drains: {kind: 'never', growth: 3.14}}),
			evidence({ready: exact(214), lastClaimAt: now, drains: {kind: 'never', growth: 0}}),
		],
	],
	[
		'no-lease',
		evidence({}, {claims: [claim({leaseExpiresAt: null, claimedAt: now - hour}), claim()]}),
		'warning: 1 run held without a lease, the longest for 1h00m: never taken back',
		[
			evidence({}, {claims: [claim({leaseExpiresAt: null, claimedAt: now - 5 * minute})]}),
			evidence({}, {claims: [claim({claimedAt: now - hour})]}),
		],
	],
	[
		'failure-share',
		evidence({fail5m: {failed: 7, finished: 38}}),
		'warning: 18.4% of 38 attempts failed in 5m',
		[evidence({fail5m: {failed: 3, finished: 4}}), evidence({fail5m: {failed: 9, finished: 100}})],
	],
	[
		'failure-share',
		// Not all of it was counted as it finished.
		evidence({fail5m: {failed: 7, finished: 38}, caveats: {fail5m: true, donePerSecond: true, trend: true}}),
		'warning: about 18.4% of 38 attempts failed in 5m',
		[evidence({fail5m: {failed: 2, finished: 38}, caveats: {fail5m: true, donePerSecond: true, trend: true}})],
	],
	[
		'failure-share',
		evidence({fail5m: {failed: 30, finished: 40}}),
		'critical: 75.0% of 40 attempts failed in 5m',
		[evidence({fail5m: undefined})],
	],
	[
		'poison',
		evidence({}, {failures: times(6, poisoned)}),
		"warning: send (6 tasks) fails for one cause, all 6 attempts in 1m: SMTPError: mailbox 'a0' unavailable after 0 s",
		[
			evidence({}, {failures: times(4, poisoned)}),
			evidence({}, {failures: times(9, index => failure({errorMessage: `cause ${'abc'[index % 3]}`}))}),
			evidence({}, {failures: times(6, index => failure({...poisoned(index), failedAt: now - 2 * hour}))}),
		],
	],
	[
		'dead-letters',
		evidence({}, {failures: [failure(), failure(), failure({errorName: 'Other', failedAt: now - 5 * minute})]}),
		'warning: 3 tasks dead within 5m, mostly SMTPError',
		[evidence({}, {failures: [failure({failedAt: now - 2 * hour}), failure({outcome: 'retried'})]})],
	],
	[
		'retry-storm',
		evidence(
			{},
			{failures: [failure({outcome: 'retried', attempt: 412, maxAttempts: null}), failure({outcome: 'retried'})]},
		),
		'warning: retry storm: send …f24ab5 failed attempt 412 without a limit',
		[evidence({}, {failures: [failure({outcome: 'retried', attempt: 4})]})],
	],
	[
		'retry-storm',
		evidence(
			{},
			{failures: times(6, index => failure({outcome: 'retried', attempt: 6 - index, failedAt: now - 1000 * index}))},
		),
		'warning: retry storm: send …f24ab5 failed 6 times within 5s, without back-off',
		[
			evidence(
				{},
				{
					failures: times(4, index =>
						failure({outcome: 'retried', attempt: 4 - index, failedAt: now - 30_000 * index}),
					),
				},
			),
		],
	],
	[
		'lease-too-short',
		evidence({}, {failures: times(4, index => failure({...timeout, attempt: 4 - index}))}),
		'warning: send lost its lease 4 times in 1m: work longer than its lease',
		[
			evidence({}, {failures: times(4, index => failure({...timeout, taskId: other(index)}))}),
			evidence({}, {failures: times(2, index => failure({...timeout, attempt: 2 - index}))}),
		],
	],
	[
		'worker-lost',
		evidence({}, {failures: times(4, index => failure({...timeout, taskId: other(index)}))}),
		'warning: worker w-1:1 lost 4 tasks in 1m, 100.0% of all timeouts',
		[
			evidence({}, {failures: times(4, () => failure(timeout))}),
			evidence({}, {failures: times(4, index => failure({...timeout, taskId: other(index), worker: `w-${index}:1`}))}),
		],
	],
	[
		'unknown-task',
		evidence({}, {facts: {deferred: known([{...run, since: now - 2 * hour}])}}),
		'warning: no worker knows sync: 1 task put off again and again for 2h00m',
		[evidence({}, {facts: {deferred: known([{...run, since: now - 30_000}])}})],
	],
	[
		'endless-wait',
		evidence(
			{},
			{
				facts: {
					awaited: known([
						{name: 'paid:7', waiters: 2, capped: false, untimed: 2, oldestUntimed: now - 3 * day, emitted: false},
					]),
				},
			},
		),
		'warning: 2 tasks wait for event paid:7 for 3d0h without a time limit; it was never emitted',
		[
			evidence(
				{},
				{
					facts: {
						awaited: known([
							{name: 'a', waiters: 2, capped: false, untimed: 0, oldestUntimed: undefined, emitted: false},
						]),
					},
				},
			),
			evidence(
				{},
				{
					facts: {
						awaited: known([
							{name: 'a', waiters: 2, capped: false, untimed: 2, oldestUntimed: now - 20 * minute, emitted: false},
						]),
					},
				},
			),
		],
	],
	[
		'crowded-event',
		evidence(
			{},
			{
				facts: {
					awaited: known([
						{name: 'go', waiters: 1000, capped: true, untimed: 0, oldestUntimed: undefined, emitted: false},
					]),
				},
			},
		),
		'warning: ≥1000 tasks wait for event go, which was never emitted',
		[
			evidence(
				{},
				{
					facts: {
						awaited: known([
							{name: 'go', waiters: 1000, capped: true, untimed: 0, oldestUntimed: undefined, emitted: true},
						]),
					},
				},
			),
			evidence(
				{},
				{
					facts: {
						awaited: known([
							{name: 'go', waiters: 99, capped: false, untimed: 0, oldestUntimed: undefined, emitted: false},
						]),
					},
				},
			),
		],
	],
	[
		'cancellation-soon',
		evidence(
			{},
			{facts: {cancellations: known([{...run, policy: 'max_duration', limit: hour, strikesAt: now + 2 * minute}])}},
		),
		'warning: max_duration of sync …f24ab5 (1h00m) strikes in 2m',
		[
			evidence(
				{},
				{facts: {cancellations: known([{...run, policy: 'max_duration', limit: hour, strikesAt: now + 10 * minute}])}},
			),
			evidence(
				{},
				{facts: {cancellations: known([{...run, policy: 'max_duration', limit: minute, strikesAt: now + 50_000}])}},
			),
		],
	],
	[
		'slow-step',
		evidence(
			{},
			{
				facts: {
					steps: known([
						{taskName: 'agent', step: 'rank', recent: 9000, recentSamples: 5, before: 1200, beforeSamples: 40},
					]),
				},
			},
		),
		'warning: step rank of agent takes 9s, was 1.2s (medians of 5 and 40 runs)',
		[
			evidence(
				{},
				{
					facts: {
						steps: known([
							{taskName: 'agent', step: 'rank', recent: 9000, recentSamples: 2, before: 1200, beforeSamples: 40},
						]),
					},
				},
			),
			evidence(
				{},
				{
					facts: {
						steps: known([
							{taskName: 'agent', step: 'rank', recent: 900, recentSamples: 5, before: 12, beforeSamples: 40},
						]),
					},
				},
			),
			evidence(
				{},
				{
					facts: {
						steps: known([
							{taskName: 'agent', step: 'rank', recent: 9000, recentSamples: 5, before: 4000, beforeSamples: 40},
						]),
					},
				},
			),
		],
	],
	[
		'slow-running-step',
		evidence({}, {facts: {running: known([stuck])}}),
		'warning: sync …f24ab5 has probably been in summarize for 4m, usual 9s, longest 21s of 40 runs',
		[
			// Seen to take as long; too few to compare with; a multiple of next to nothing.
			evidence({}, {facts: {running: known([{...stuck, longest: 2.1 * minute}])}}),
			evidence({}, {facts: {running: known([{...stuck, samples: 9}])}}),
			evidence({}, {facts: {running: known([{...stuck, since: now - 10_000, usual: 40, longest: 90}])}}),
			evidence({}, {facts: {running: known([{...stuck, since: now - 30_000, usual: 1000, longest: 2000}])}}),
		],
	],
	[
		'slow-running-step',
		evidence({}, {facts: {running: known([{...stuck, probable: undefined, since: now - minute}, stuck])}}),
		'warning: sync …f24ab5 has probably been in summarize for 4m, usual 9s, longest 21s of 40 runs, and 1 other run',
		[evidence({}, {facts: {running: known([])}})],
	],
	[
		'slow-running-step',
		evidence({}, {facts: {running: known([{...stuck, probable: undefined}])}}),
		'warning: sync …f24ab5 has run on for 4m after rank, usual 9s, longest 21s of 40 runs',
		[evidence({}, {facts: {running: known([{...stuck, probable: undefined, since: now - 30_000}])}})],
	],
	[
		'no-partition-ahead',
		evidence(partitioned, {
			facts: {partitions: known(partitions(3, false)), storage: known({...storage, defaultPartition: 'disabled'})},
		}),
		'critical: no default partition and no partition ahead: writes fail in 3d0h (23514)',
		[
			evidence(partitioned, {
				facts: {partitions: known(partitions(28, false)), storage: known({...storage, defaultPartition: 'disabled'})},
			}),
			evidence(partitioned, {facts: {partitions: known(partitions(3))}}),
		],
	],
	[
		'default-partition-filled',
		evidence(partitioned, {
			facts: {
				partitions: known(partitions(28).map(part => (part.name === 'r_mail_d' ? {...part, empty: false} : part))),
			},
		}),
		'critical: rows in the default partition r_mail_d: no partition can be made for their weeks',
		[evidence(partitioned, {facts: {partitions: known(partitions(28))}})],
	],
	[
		'partitions-missing',
		evidence(partitioned, {facts: {partitions: known(partitions(9))}}),
		'warning: partitions end in 9d0h, the policy wants 28d0h ahead: nobody makes them',
		[
			evidence(partitioned, {facts: {partitions: known(partitions(22))}}),
			evidence({}, {facts: {partitions: known([])}}),
		],
	],
	[
		'partitions-missing',
		evidence(partitioned, {facts: {partitions: known(partitions(-2))}}),
		'critical: no partition for this week: new rows go to the default partition',
		[evidence(partitioned, {facts: {partitions: known(partitions(28))}})],
	],
	[
		'detach-backlog',
		evidence(partitioned, {
			facts: {
				partitions: known([
					...partitions(28),
					{
						parent: 't_mail',
						name: 't_mail_540',
						isDefault: false,
						from: now - 90 * day,
						until: now - 83 * day,
						detachPending: false,
						empty: true,
					},
				]),
			},
		}),
		'warning: 1 empty partition past the age of detaching',
		[
			evidence(partitioned, {
				facts: {
					partitions: known([
						...partitions(28),
						{
							parent: 't_mail',
							name: 't_mail_540',
							isDefault: false,
							from: now - 90 * day,
							until: now - 83 * day,
							detachPending: false,
							empty: false,
						},
						{
							parent: 't_mail',
							name: 't_mail_550',
							isDefault: false,
							from: now - 40 * day,
							until: now - 33 * day,
							detachPending: false,
							empty: true,
						},
					]),
				},
			}),
		],
	],
	[
		'detach-backlog',
		evidence(partitioned, {
			facts: {
				partitions: known(partitions(28).map((part, index) => ({...part, detachPending: index === 0}))),
				storage: known({...storage, leftovers: ['t_mail_540', 'r_mail_540']}),
			},
		}),
		'warning: a detach of t_mail_601 was left half done; 2 detached tables not dropped: t_mail_540',
		[evidence(partitioned, {facts: {partitions: known(partitions(28))}})],
	],
	[
		'retention',
		evidence({}, {facts: {oldestFinished: known(now - 47 * day)}}),
		'warning: finished tasks are kept for 47d0h, the policy says 30d0h: cleanup does not run, ~5000 tasks kept',
		[
			evidence({}, {facts: {oldestFinished: known(now - 31 * day)}}),
			evidence({}, {facts: {oldestFinished: known(null)}}),
		],
	],
	[
		'events-growing',
		evidence({}, {facts: {oldestEvent: known(now - 90 * day), storage: known({...storage, eventRows: 40_000})}}),
		'warning: ~40000 events, the oldest kept for 90d0h; the policy says 30d0h',
		[
			evidence({}, {facts: {oldestEvent: known(now - 90 * day)}}),
			evidence({}, {facts: {storage: known({...storage, eventRows: 40_000})}}),
		],
	],
	[
		'missing-index',
		evidence({}, {facts: {indexes: known({byState: false, byTask: true, invalid: []})}}),
		'critical: every claim scans: no usable index on (state, available_at) of its runs',
		[evidence({}, {facts: {indexes: known({byState: true, byTask: true, invalid: []})}})],
	],
	[
		'claim-cost',
		evidence({}, {facts: {storage: known({...storage, taskRows: 1_200_000, taskBytes: 3 * 1024 ** 3})}}),
		'warning: ~1200000 tasks, 3.0 GB are read by every claim to look for tasks to cancel',
		[
			evidence({}, {facts: {storage: known({...storage, taskRows: 1_200_000, sweepIndexed: true})}}),
			evidence({}, {facts: {storage: known({...storage, taskRows: 900_000})}}),
		],
	],
	[
		'dead-rows',
		evidence({}, {facts: {storage: known({...storage, dead: {rows: 400_000, live: 5000, vacuumedAt: undefined}})}}),
		'warning: 400000 dead rows beside 5000 live ones, never vacuumed',
		[
			evidence(
				{},
				{facts: {storage: known({...storage, dead: {rows: 400_000, live: 5_000_000, vacuumedAt: undefined}})}},
			),
			evidence({}, {facts: {storage: known({...storage, dead: {rows: 4000, live: 10, vacuumedAt: undefined}})}}),
		],
	],
];

const holder: LockHolder = {
	pid: 4711,
	user: 'ann',
	application: 'psql',
	state: 'idle in transaction',
	openFor: 5 * minute,
	query: 'lock table',
	tables: ['r_mail', 't_mail'],
	blocked: 3,
	strong: true,
};
const snapshotHolder = {
	kind: 'transaction',
	name: 'pid 7',
	user: 'ann',
	application: 'pg_dump',
	openFor: 3 * hour,
	transactions: 41_000,
} as const;
const job = {
	name: 'absurd_cleanup',
	command: '',
	active: true,
	status: 'failed',
	message: 'ERROR: permission denied',
	startedAt: now,
} as const;

const serverCases: readonly Case<ServerEvidence>[] = [
	[
		'lock-held',
		serverEvidence({locks: known([{...holder, blocked: 0}, holder])}),
		'critical: pid 4711 (psql, ann) holds locks on r_mail, t_mail for 5m, idle in transaction and blocks 3 sessions',
		[serverEvidence(), serverEvidence({locks: known([{...holder, blocked: 0, openFor: 300}])})],
	],
	[
		'lock-held',
		serverEvidence({locks: known([{...holder, blocked: 0, state: 'active'}])}),
		'warning: pid 4711 (psql, ann) holds locks on r_mail, t_mail for 5m',
		[serverEvidence({locks: known([{...holder, blocked: 0, openFor: 1900}])})],
	],
	[
		'vacuum-held-back',
		serverEvidence({
			horizon: known([
				{
					...snapshotHolder,
					kind: 'slot',
					name: 'reporting',
					user: undefined,
					application: undefined,
					openFor: undefined,
					transactions: 2_000_000,
				},
			]),
		}),
		'warning: vacuum is held back by replication slot reporting: 2000000 transactions since',
		[serverEvidence({horizon: known([{...snapshotHolder, kind: 'slot', openFor: undefined, transactions: 499_999}])})],
	],
	[
		'vacuum-held-back',
		serverEvidence({horizon: known([{...snapshotHolder, kind: 'prepared', name: 'tx-7', openFor: 11 * minute}])}),
		'warning: vacuum is held back by prepared transaction tx-7, open for 11m: 41000 transactions since',
		[serverEvidence({horizon: known([{...snapshotHolder, kind: 'prepared', name: 'tx-7', openFor: 9 * minute}])})],
	],
	[
		'vacuum-held-back',
		serverEvidence({horizon: known([snapshotHolder])}),
		'critical: vacuum is held back by pid 7 (pg_dump, ann), open for 3h00m: 41000 transactions since',
		[
			serverEvidence({horizon: known([{...snapshotHolder, openFor: 5 * minute}])}),
			serverEvidence({horizon: known([{...snapshotHolder, kind: 'slot', openFor: undefined}])}),
		],
	],
	[
		'cron',
		serverEvidence({cron: known([job])}),
		'warning: cron job absurd_cleanup failed: ERROR: permission denied',
		[
			serverEvidence({cron: known([{...job, status: 'succeeded'}])}),
			serverEvidence({cron: known([{...job, status: undefined}])}),
		],
	],
	[
		'cron',
		serverEvidence({cron: known([{...job, active: false}])}),
		'warning: cron job absurd_cleanup is switched off',
		[serverEvidence()],
	],
	[
		'schema-version',
		serverEvidence({}, {session: {...session, schemaVersion: '0.6.0'}}),
		'warning: schema 0.6.0 is newer than 0.5.0, the newest that this program knows',
		[serverEvidence(), serverEvidence({}, {session: {...session, schemaVersion: '≥ 0.1.0'}})],
	],
	[
		'schema-version',
		serverEvidence({}, {session: {...session, schemaVersion: 'main'}}),
		'warning: the schema calls itself main, which is no release; known are those up to 0.5.0',
		[serverEvidence({}, {session: {...session, schemaVersion: '0.4.0'}})],
	],
	[
		'replay-lag',
		serverEvidence({}, {replay: {lag: 4.2 * minute}}),
		'warning: this standby is 4m behind its primary: what you see is that old',
		[serverEvidence({}, {replay: {lag: 29_000}}), serverEvidence({}, {replay: undefined})],
	],
	[
		'clock-skew',
		serverEvidence({}, {clockSkew: -65_000}),
		"warning: This machine's clock is 1m05s behind the database's; ages are told in database time.",
		[serverEvidence({}, {clockSkew: -1900}), serverEvidence({}, {clockSkew: undefined})],
	],
];

function said(verdict: Verdict): string | undefined {
	if (verdict === undefined) return undefined;
	return 'unknown' in verdict ? `unknown: ${verdict.unknown}` : `${verdict.severity}: ${verdict.sentence}`;
}

test.each(queueCases)('%s', (id, holds, sentence, close) => {
	const rule = queueRules.find(each => each.id === id);
	expect(rule && said(rule.find(holds))).toBe(sentence);
	expect(close.map(each => rule && said(rule.find(each)))).toEqual(close.map(() => undefined));
});

test.each(serverCases)('%s', (id, holds, sentence, close) => {
	const rule = databaseRules.find(each => each.id === id);
	expect(rule && said(rule.find(holds))).toBe(sentence);
	expect(close.map(each => rule && said(rule.find(each)))).toEqual(close.map(() => undefined));
});

describe('all rules', () => {
	test('every rule is tried where it holds and close to that', () => {
		const tried = new Set([...queueCases, ...serverCases].map(([rule]) => rule));
		expect(tried).toEqual(new Set([...queueRules, ...databaseRules].map(rule => rule.id)));
		for (const [rule, , , close] of [...queueCases, ...serverCases])
			expect([rule, close.length > 0]).toEqual([rule, true]);
	});

	test('what is ordinary is no finding', () => {
		const busy = {ready: exact(40), oldestReadyAt: now - 2000, running: exact(8), lastClaimAt: now - 300} as const;
		const failures = [failure({outcome: 'retried', attempt: 2}), failure({failedAt: now - 2 * hour})];
		expect(diagnose(evidence(busy, {failures, claims: [claim()]}))).toEqual([]);
		expect(diagnose(evidence({...partitioned}, {facts: {partitions: known(partitions(28))}}))).toEqual([]);
	});

	test('what was not asked yet is unknown and no finding', () => {
		const unasked = {...evidence({}), facts: undefined};
		expect(diagnose(unasked)).toEqual([]);
		const checks = checkUp(serverEvidence({}, {facts: undefined}), [unasked]);
		expect(checks.find(({rule}) => rule === 'retention')?.unknown).toEqual([{queue: 'mail', reason: 'not asked yet'}]);
		expect(checks.find(({rule}) => rule === 'lock-held')?.unknown).toEqual([
			{queue: undefined, reason: 'not asked yet'},
		]);
		expect(checks.find(({rule}) => rule === 'backlog')?.unknown).toEqual([]);
	});

	test('a schema that calls itself main is told, after what happens now', () => {
		const backlog = evidence({ready: exact(9), oldestReadyAt: now - 6 * minute, lastClaimAt: now});
		const checks = checkUp(serverEvidence({}, {session: {...session, schemaVersion: 'main'}}), [backlog]);
		const held = checks.filter(({findings}) => findings[0]?.severity === 'warning').map(({rule}) => rule);
		expect(held).toEqual(['backlog', 'schema-version']);
	});

	test('a check carries the findings of all queues, the worst first, each with its remedy', () => {
		const first = evidence({ready: exact(9), oldestReadyAt: now - 6 * minute, lastClaimAt: now});
		const second = {
			...evidence({}),
			queue: {...emptyQueue("o'b", now), ready: exact(9), oldestReadyAt: now - 6 * minute},
		};
		const check = checkUp(serverEvidence(), [first, second]).find(({rule}) => rule === 'backlog');
		expect(check?.findings.map(({queue, severity}) => [queue, severity])).toEqual([
			["o'b", 'critical'],
			['mail', 'warning'],
		]);
		expect(check?.remedy.split('\n')).toEqual(check?.findings.map(({remedy}) => remedy));
		expect(check?.remedy.split('\n')[0]).toContain("queue o'b");
		expect(check?.findings.every(({queue, remedy}) => remedy?.includes(`queue ${queue}`))).toBe(true);
		for (const rule of queueRules) expect([rule.id, rule.remedy("o'b").includes("'o'b'")]).toEqual([rule.id, false]);
	});
});
