import {describe, expect, test} from 'vitest';
import type {FailedRun, FailureGroup, FailureReport} from '../../source/monitor/failure-groups.ts';
import type {Answer} from '../../source/monitor/snapshot.ts';
import {failuresScreen} from '../../source/screens/failures/failures.ts';
import {failureGroupScreen} from '../../source/screens/failures/group.ts';
import {measure} from '../../source/terminal/fit.ts';
import {cursorLine, drive} from '../support/drive.ts';
import {now, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const minute = 60_000;

function run(number: number): FailedRun {
	return {
		queue: 'mail',
		taskId: uuid(number),
		runId: uuid(number + 1000),
		taskName: 'send-invoice',
		attempt: 5,
		maxAttempts: 5,
		claimedAt: now - number * 1000 - 500,
		failedAt: now - number * 1000,
		outcome: 'dead',
		taskState: 'failed',
		errorName: 'SMTPServerDisconnected',
		errorMessage: `mailbox "${number}" unavailable \u001b[31m`,
		worker: 'w-3:12',
	};
}

function group(key: string, rest: Partial<FailureGroup> = {}): FailureGroup {
	return {
		key,
		taskName: 'send-invoice',
		errorName: 'SMTPServerDisconnected',
		pattern: 'mailbox ‹str› unavailable',
		dead: 312,
		retried: 18,
		cancelled: 0,
		firstAt: now - 52 * minute,
		lastAt: now - 3000,
		attempt: 5,
		maxAttempts: 5,
		trend: [0, 0, 1, 2, 4, 8, 8, 8, 6, 5],
		queues: ['mail'],
		share: {failed: 330, runs: 1793, since: now - 60 * minute},
		deadTasks: [1, 2, 3].map(number => ({queue: 'mail', taskId: uuid(number)})),
		runs: [1, 2, 3].map(run),
		...rest,
	};
}

const agent = {
	taskName: 'run-agent',
	errorName: '$ClaimTimeout',
	pattern: 'worker did not finish',
	dead: 30,
	retried: 0,
};

const report: FailureReport = {
	groups: [group('a'), group('b', {...agent, queues: ['agents', 'mail'], share: {failed: 3, runs: 7, since: now}})],
	from: now - 60 * minute,
	until: now,
	looked: 412,
	backTo: now - 120 * minute,
	progress: 'whole',
	sampled: {looked: 2000, progress: 'limit'},
	renewing: false,
	unread: [],
};

function open(change: Partial<FailureReport> = {}, options: {width?: number; height?: number} = {}) {
	const answers = {failures: {kind: 'ready', value: {...report, ...change}, readAt: now}} as const;
	return drive(failuresScreen, {screen: 'failures'}, {answers, hands: recordedHands(), ...options});
}

describe('failures', () => {
	test('one line a cause, the most dead first, with what it means', () => {
		const text = open().text();
		expect(text).toMatchInlineSnapshot(`
			" Failures 2  dead 342 · retrying 18                             5m [1h] 24h  7d
			    dead retry task          error                        share  last trend
			▸▲   312    18 send-invoice  SMTPServerDisconnected: ma…  18.4%   <5s ▁▁▂▃▅███▆▅
			 ▲    30     0 run-agent     $ClaimTimeout: worker did …    3/7   <5s ▁▁▂▃▅███▆▅












			 error: SMTPServerDisconnected: mailbox ‹str› unavailable
			 Failed within 1h, claimed ≤ 1h00m before. dead: for good; retry: another
			 attempt followed or is due. share: of its type’s runs of 1h00m (2,000
			 completed read; w reads on)."
		`);
	});

	test.each([
		[60, 11],
		[80, 20],
		[120, 36],
		[200, 46],
	])('no line is wider or missing in %ix%i', (width, height) => {
		for (const progress of ['reading', 'whole', 'limit', 'cap'] as const) {
			const rows = open({progress}, {width, height}).rows();
			expect(rows).toHaveLength(height);
			for (const row of rows) expect(measure(row)).toBeLessThanOrEqual(width);
		}
	});

	test('says how far it looked, and what leads further', () => {
		expect(open({progress: 'reading'}, {width: 120}).text()).toContain('looked at 412, back to 2h00m; Esc stops');
		expect(open({progress: 'limit'}, {width: 120}).text()).toContain('dead ≥342 · retrying ≥18');
		expect(open({progress: 'limit'}, {width: 120}).text()).toContain('w looks further');
		expect(open({progress: 'cap'}, {width: 120}).text()).toContain('no further');
		expect(open({unread: [{queue: 'jobs', sentence: 'no'}]}, {width: 120}).text()).toContain('jobs not read');
	});

	test('Esc stops the reading before it goes back', () => {
		const screen = open({progress: 'reading'});
		screen.run('program.escape');
		expect(screen.backs()).toBe(0);
		screen.run('program.escape');
		expect(screen.backs()).toBe(1);
	});

	test('Enter opens the runs of the group, R retries those of its tasks that are dead', () => {
		const screen = open();
		screen.run('list.down', 'list.open');
		expect(cursorLine(screen.text())).toContain('run-agent');
		expect(screen.opened).toMatchObject([{screen: 'failure-group', group: 'b'}]);
		expect(screen.whyNot('action.cancel')).toContain('Enter lists its tasks');
		screen.run('list.up', 'action.retry');
		const tasks = [1, 2, 3].map(number => ({queue: 'mail', taskId: uuid(number)}));
		expect(screen.acted).toEqual([{kind: 'bulk', intent: {kind: 'retry', tasks, hidden: 0, newestFirst: true}}]);
	});

	test('w looks further where something is left, and says why not where nothing is', () => {
		const limit = () => JSON.stringify(open({progress: 'limit'}).probe());
		expect(limit()).toContain('"limit":20000');
		const further = open({progress: 'limit'});
		further.run('failures.further');
		expect(JSON.stringify(further.probe())).toContain('"limit":50000');
		const sampled = open({sampled: {looked: 20_000, progress: 'limit'}});
		expect(sampled.whyNot('failures.further')).toBeUndefined();
		const whole = open({sampled: {looked: 700, progress: 'whole'}});
		whole.run('failures.further');
		expect(whole.said).toEqual(['Cannot do that: everything was looked at.']);
		expect(open({progress: 'reading'}).whyNot('failures.further')).toBeUndefined();
	});

	test('the window moves and starts over', () => {
		const screen = open({}, {width: 120});
		screen.run('failures.longer', 'failures.longer', 'failures.longer');
		expect(screen.text()).toContain('[7d]');
		screen.run('failures.shorter', 'failures.shorter', 'failures.shorter', 'failures.shorter');
		expect(screen.text()).toContain('[5m]');
	});
});

describe('failures of one cause', () => {
	const answers = {failures: {kind: 'ready', value: report, readAt: now}} as const;
	const wishes = {window: 1, limit: 20_000, stopped: false};
	const request = {screen: 'failure-group', wishes, group: 'a'} as const;

	test('lists its runs, newest first, harmless; Enter opens one, R retries it', () => {
		const screen = drive(failureGroupScreen, request, {answers, width: 120, hands: recordedHands()});
		expect(screen.text()).toContain('Failures of one cause 3');
		expect(screen.rows().join('')).not.toContain('\u001b[31m');
		screen.run('list.down', 'list.open', 'action.retry', 'list.copyId');
		const taskId = uuid(2);
		expect(screen.opened).toEqual([{screen: 'run', run: {queue: 'mail', taskId, runId: uuid(1002)}}]);
		expect(screen.acted).toMatchObject([{kind: 'dialog', intent: {kind: 'retry', queue: 'mail', taskId}}]);
		expect(screen.copied).toEqual([taskId]);
	});

	test('lists 500, says of how many, and w lists more until there are no others', () => {
		const many = Array.from({length: 1204}, (_, index) => run(index));
		const all = {dead: 1300, retried: 100, cancelled: 4};
		const given = (change: Partial<FailureReport>): {failures: Answer<FailureReport>} => ({
			failures: {
				kind: 'ready',
				value: {
					...report,
					groups: [group('a', {...all, runs: many})],
					sampled: {looked: 9, progress: 'whole'},
					...change,
				},
				readAt: now,
			},
		});
		const screen = drive(failureGroupScreen, request, {answers: given({}), width: 120, hands: recordedHands()});
		expect(screen.text()).toContain('Failures of one cause 500  newest 500 of 1,404, w lists more');
		expect(screen.whyNot('failures.further')).toBeUndefined();
		const asked = JSON.stringify(screen.probe());
		screen.run('failures.further', 'failures.further');
		// What was read already is listed without asking again.
		expect(JSON.stringify(screen.probe())).toBe(asked);
		expect(screen.text()).toContain('Failures of one cause 1204  newest 1,204 of 1,404, a shorter window has others');
		expect(screen.whyNot('failures.further')).toBe('everything was looked at');
		screen.given({answers: given({progress: 'limit'})});
		expect(screen.text()).toContain('newest 1,204 of ≥1,404, w looks further');
		screen.run('failures.further');
		expect(JSON.stringify(screen.probe())).toContain('"limit":50000');
	});

	test('a group that is listed whole says nothing of it', () => {
		const text = drive(
			failureGroupScreen,
			{...request, group: 'whole'},
			{
				answers: {
					failures: {
						kind: 'ready',
						value: {...report, groups: [group('whole', {dead: 3, retried: 0, cancelled: 0})]},
						readAt: now,
					},
				},
				width: 120,
			},
		).text();
		expect(text).toContain('Failures of one cause 3  send-invoice');
	});

	test('a refresh does not move the cursor to another run', () => {
		const screen = drive(failureGroupScreen, request, {answers, width: 120, hands: recordedHands()});
		screen.run('list.down');
		const more = {...report, groups: [group('a', {runs: [0, 1, 2, 3].map(run)})]};
		screen.given({answers: {failures: {kind: 'ready', value: more, readAt: now}}});
		screen.run('action.cancel', 'list.copyId');
		expect(screen.copied).toEqual([uuid(2)]);
	});
});
