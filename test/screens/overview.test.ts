import {describe, expect, test} from 'vitest';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import type {DrawContext} from '../../source/screens/screen.ts';
import {drawContext} from '../support/draw.ts';
import {cursorLine, drive} from '../support/drive.ts';
import {agents, firstSecond, liveTask, mail, now, snapshot, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const open = (options: Partial<DrawContext> = {}) =>
	drive(overviewScreen, {screen: 'overview'}, {hands: recordedHands(), ...options});

describe('states', () => {
	test('before the first answer every panel says so', () => {
		expect(
			open({snapshot: firstSecond})
				.text()
				.match(/Reading…/g),
		).toHaveLength(3);
	});

	test('without queues, claims and failures each panel says what that means', () => {
		const text = open({snapshot: {...snapshot, queues: [], claims: [], claimCount: undefined, failures: []}}).text();
		expect(text).toContain('No queue in this database yet');
		expect(text).toContain('Nothing is running.');
		expect(text).toContain('No failure in the last minutes.');
	});

	test('a queue that cannot be read says why on its row, the others go on', () => {
		const trouble = {
			sentence: 'Queue mail cannot be read: permission denied for table r_mail',
			sqlstate: '42501',
			retryAt: now + 28_000,
		};
		const broken = open({width: 120, snapshot: {...snapshot, queues: [agents, {...mail, trouble}]}}).text();
		expect(broken).toMatch(
			/mail +Queue mail cannot be read: permission denied for table r_mail \(42501\); asked again in 28s/,
		);
		expect(broken).toMatch(/agents +418/);
		expect(broken).toContain('1 queue not read');
	});

	test('a queue that was not read yet is no queue with zeroes', () => {
		const unread = {...mail, readAt: undefined, ready: undefined, running: undefined};
		expect(open({snapshot: {...snapshot, queues: [unread]}}).text()).toMatch(/mail +not read yet/);
	});

	test('figures older than an interval show their age, fresh ones do not', () => {
		const text = open().text();
		expect(text).toMatch(/imports +10s/);
		expect(text).not.toMatch(/agents +\d+s/);
	});

	test('few finished runs are shown as a fraction, an estimate and a cap with their sign', () => {
		const text = open({width: 120}).text();
		expect(text).toMatch(/billing.* 3\/7 /);
		expect(text).toMatch(/imports.*≥10k/);
		expect(text).toMatch(/mail.*18\.4% .*~1\.0M/);
	});
});

test('a list that the Snapshot holds only a part of says so', () => {
	const [failure] = snapshot.failures;
	if (failure === undefined) throw new Error('The fixture has no failure.');
	const failures = Array.from({length: 200}, (_, index) => ({...failure, runId: uuid(index)}));
	const text = open({
		snapshot: {...snapshot, failures, failuresCapped: true, claimCount: {value: 1204, exactness: 'atLeast'}},
	}).text();
	expect(text).toContain('Recent failures ≥200');
	expect(text).toContain('Active claims 22 of ≥1,204');
});

describe('order', () => {
	test('trouble comes first, then the name', () => {
		const names = ['agents', 'mail', 'billing', 'imports', 'search', 'thumbnails'];
		const text = open().text();
		expect(
			names
				.map(name => text.indexOf(` ${name} `))
				.every((place, index, all) => index === 0 || place > (all[index - 1] ?? 0)),
		).toBe(true);
	});

	test('until the first key the order is live, afterwards no row moves, and Tab lets go', () => {
		const screen = open();
		const worse = {
			...snapshot,
			queues: snapshot.queues.map(queue =>
				queue.name === 'search' ? {...queue, severity: 'critical' as const} : queue,
			),
		};
		screen.given({snapshot: worse});
		expect(screen.text().split('\n')[3]).toMatch(/search/);
		screen.given({snapshot});
		screen.run('list.down');
		expect(cursorLine(screen.text())).toMatch(/mail/);
		screen.given({snapshot: worse});
		expect(screen.text().split('\n')[2]).toMatch(/agents/);
		expect(cursorLine(screen.text())).toMatch(/mail/);
		expect(screen.text()).toContain('order held');
		screen.run('panel.next');
		expect(screen.text().split('\n')[3]).toMatch(/search/);
	});

	test('a claim that ended moves the cursor to its neighbour and says so, until the next key', () => {
		const screen = open();
		screen.run('panel.next', 'list.bottom');
		const last = snapshot.claims[snapshot.claims.length - 1];
		expect(cursorLine(screen.text())).toContain(`…${last?.taskId.slice(-6)}`);
		screen.given({
			snapshot: {...snapshot, claims: snapshot.claims.slice(0, -1), claimCount: {value: 21, exactness: 'exact'}},
		});
		expect(screen.text()).toContain(`run …${last?.runId.slice(-6)} is no longer running`);
		expect(cursorLine(screen.text())).toBeDefined();
		screen.run('list.up');
		expect(screen.text()).not.toContain('no longer running');
	});

	test('two hundred claims in another order each tick: the action hits what the cursor was put on', () => {
		const [pattern] = snapshot.claims;
		if (pattern === undefined) throw new Error('The fixture has no claim.');
		const claims = Array.from({length: 200}, (_, index) => ({
			...pattern,
			taskId: uuid(index),
			runId: uuid(index + 300),
			claimedAt: now - index * 1000,
		}));
		const screen = open({snapshot: {...snapshot, claims}});
		screen.run('panel.next', 'list.pageDown', 'list.down');
		const line = cursorLine(screen.text());
		for (let tick = 1; tick <= 30; tick++) {
			const changed = claims.map((claim, index) => ({...claim, claimedAt: now - ((index * 37 * tick) % 200) * 1000}));
			screen.given({snapshot: {...snapshot, claims: changed.reverse()}});
			expect(cursorLine(screen.text())?.slice(0, 25)).toBe(line?.slice(0, 25));
		}

		screen.run('action.cancel');
		const [request] = screen.acted;
		const taskId = request?.kind === 'dialog' && request.intent.kind === 'cancel' ? request.intent.taskId : '';
		expect(line).toContain(`…${taskId.slice(-6)}`);
	});
});

describe('keys', () => {
	test('Tab goes round the panels, shift+Tab back', () => {
		const screen = open();
		screen.run('panel.next');
		expect(cursorLine(screen.text())).toContain('agents');
		screen.run('panel.next');
		expect(cursorLine(screen.text())).toContain('send-invoice');
		screen.run('panel.next');
		expect(cursorLine(screen.text())).toMatch(/▲ agents +418/);
		screen.run('panel.previous');
		expect(cursorLine(screen.text())).toContain('send-invoice');
	});

	test('o on a queue narrows claims and failures to it, again or Esc widens', () => {
		const screen = open();
		screen.run('list.down', 'overview.narrow');
		expect(screen.text()).toContain('Active claims 7 of 22');
		expect(screen.text()).toContain('Recent failures 199 of 343');
		screen.run('program.escape');
		expect(screen.text()).toContain('Active claims 22');
		expect(screen.backs()).toBe(0);
		screen.run('program.escape');
		expect(screen.backs()).toBe(1);
	});

	test('Enter opens the run of a claim or failure, y copies its full id', () => {
		const screen = open();
		screen.run('panel.next', 'list.open', 'list.copyId');
		const [claim] = snapshot.claims.filter(({runId}) => runId === snapshot.claims[13]?.runId);
		expect(screen.opened).toEqual([
			{screen: 'run', run: {queue: 'agents', taskId: claim?.taskId, runId: claim?.runId}},
		]);
		expect(screen.copied).toEqual([claim?.taskId]);
	});

	test('the filter is live, Enter keeps it, Esc clears it', () => {
		const screen = open();
		screen.run('panel.next', 'list.filter');
		screen.type('S', 'u', 'M');
		expect(screen.text()).toContain('Active claims 4 of 22  /SuM');
		screen.type('enter');
		expect(screen.text()).toContain('Active claims 4 of 22  /SuM');
		screen.run('list.filter');
		screen.type('q', 'q');
		expect(screen.text()).toContain('Nothing here matches “SuMqq”');
		screen.type('backspace', 'backspace', 'escape');
		expect(screen.text()).toMatch(/Active claims 22 /);
	});

	test('sorting shows its arrow, < > go through the columns, I turns it round', () => {
		const screen = open();
		screen.run('sort.right', 'sort.right');
		expect(screen.text()).toContain('ready▾');
		expect(screen.text().split('\n')[2]).toMatch(/agents/);
		screen.run('sort.invert');
		expect(screen.text()).toContain('ready▴');
		expect(screen.text().split('\n')[7]).toMatch(/agents/);
		screen.run('sort.left', 'sort.left');
		expect(screen.text()).not.toMatch(/[▾▴]/);
	});
});

describe('actions', () => {
	test.each([
		['action.retry', 'it is running: only failed tasks can be retried'],
		['action.cancel', undefined],
		['action.spawn', undefined],
	])('%s on a claim: %s', (command, reason) => {
		const screen = open();
		screen.run('panel.next');
		expect(screen.whyNot(command)).toBe(reason);
	});

	test('a dead task can be retried, not cancelled; a retried one neither is dead', () => {
		const screen = open();
		screen.run('panel.previous');
		expect(cursorLine(screen.text())).toContain('dead');
		expect(screen.whyNot('action.retry')).toBeUndefined();
		expect(screen.whyNot('action.cancel')).toContain('failed for good');
		screen.run('list.down', 'list.down');
		expect(cursorLine(screen.text())).toContain('retried');
		expect(screen.whyNot('action.retry')).toContain('only failed tasks');
	});

	test('the reasons of the program come before those of the row, and nothing opens', () => {
		const readOnly = open({
			hands: undefined,
			snapshot: {...snapshot, session: snapshot.session && {...snapshot.session, readOnly: 'session'}},
		});
		readOnly.run('panel.previous', 'action.retry');
		expect(readOnly.said).toEqual(['Cannot retry: read-only: started with --read-only.']);
		expect(readOnly.acted).toEqual([]);
		const standby = open({
			hands: undefined,
			snapshot: {...snapshot, session: snapshot.session && {...snapshot.session, readOnly: 'standby'}},
		});
		expect(standby.whyNot('action.spawn')).toContain('standby');
		const denied = open({hands: recordedHands({refusal: () => 'no right to call absurd.cancel_task'})});
		denied.run('panel.next');
		expect(denied.whyNot('action.cancel')).toBe('no right to call absurd.cancel_task');
		expect(open().whyNot('action.retry')).toBe('no task is under the cursor');
	});

	test('spawn and emit carry the queue and the name of the row into their form', () => {
		const screen = open();
		screen.run('list.down', 'action.emit', 'panel.next', 'list.bottom', 'action.spawn');
		expect(screen.acted).toEqual([
			{kind: 'emit-form', queue: 'mail', eventName: undefined},
			{kind: 'spawn-form', queue: 'mail', taskName: 'send-invoice'},
		]);
	});

	test('nothing can be chosen by accident: every other key only looks', () => {
		const screen = open();
		screen.run('list.open', 'list.filter', 'list.copyRow', 'sort.invert', 'unknown.command');
		expect(screen.acted).toEqual([]);
	});
});

test('what is visible is told: the queues and claims in the windows', () => {
	const state = overviewScreen.open({screen: 'overview'}, snapshot);
	const {queues, claims} = overviewScreen.visible(state, drawContext(80, 20));
	expect(queues).toEqual(['agents', 'mail', 'billing', 'imports', 'search', 'thumbnails']);
	expect(claims).toHaveLength(4);
	expect(claims.map(claim => claim.runId)).not.toContain(liveTask.runId);
});
