import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {addressKey} from '../../source/monitor/big-document.ts';
import {readFailure} from '../../source/monitor/failure-reason.ts';
import type {ProbeAnswers} from '../../source/monitor/probe.ts';
import type {RunDetail} from '../../source/monitor/run-detail.ts';
import {runDetailScreen} from '../../source/screens/run/run.ts';
import {openRun, type RunState} from '../../source/screens/run/state.ts';
import type {DrawContext} from '../../source/screens/screen.ts';
import {measure} from '../../source/terminal/fit.ts';
import {cursorLine, drive} from '../support/drive.ts';
import {liveTask, now, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {answered, runDetail} from '../support/run-fixture.ts';

function open(detail: Partial<RunDetail> = {}, options: Partial<DrawContext> = {}) {
	return drive(
		runDetailScreen,
		{screen: 'run', run: liveTask},
		{answers: answered({...runDetail, ...detail}), hands: recordedHands(), height: 30, ...options},
	);
}

function tabs(count: number): readonly string[] {
	return Array.from({length: count}, () => 'panel.next');
}

const trouble = {sentence: 'No task has this id in queue agents any more.', sqlstate: undefined};

describe('states', () => {
	test.each<[string, ProbeAnswers['run']]>([
		['nothing asked yet', undefined],
		['loading', {kind: 'loading'}],
		['the answer to another run', {kind: 'ready', value: {...runDetail, taskId: uuid(1)}, readAt: now}],
	])('%s: it says what is being read', (_name, run) => {
		const screen = open({}, {answers: {run}});
		expect(screen.text()).toBe(` Reading agents, task ${liveTask.taskId}…`);
		expect(screen.whyNot('action.cancel')).toBe('the task is not read yet');
	});

	test('not found: the sentence, the id, and the keys that lead on', () => {
		const text = open({}, {answers: {run: {kind: 'failed', trouble, value: undefined}}}).text();
		expect(text).toContain(liveTask.taskId);
		expect(text).toContain(`${trouble.sentence} Esc goes back`);
	});

	test('deleted while it is looked at: the last reading stays, and says that it is old', () => {
		const screen = open();
		screen.given({answers: {run: {kind: 'failed', trouble, value: runDetail}}});
		expect(screen.text()).toContain(`▲ ${trouble.sentence} What you see is the last`);
		expect(screen.text()).toContain('checkpoint search#2');
	});

	test('an error of the database keeps its code', () => {
		const failed = {sentence: 'Run cannot be read: canceling statement due to timeout.', sqlstate: '57014'};
		const text = open({}, {answers: {run: {kind: 'failed', trouble: failed, value: undefined}}}).text();
		expect(text).toContain('(57014)');
	});
});

describe('facts', () => {
	test('full ids, lease, policy and next retry are named', () => {
		const text = open({}, {width: 140}).text();
		expect(text).toContain(`task ${liveTask.taskId}`);
		expect(text).toContain(`run ${liveTask.runId}`);
		expect(text).toContain('lease runs out 13:03:14, in 1m');
		expect(text).toContain('max_duration 1h00m: strikes 13:59:31, in 57m');
		expect(text).toContain('exponential 30s × 2, at most 1h00m; attempt 3 would come after 1m00s');
		expect(text).toContain('picked up after 1.4s');
	});

	test('the last attempt, no back-off, no limit, no lease', () => {
		expect(open({attempts: 5}, {width: 140}).text()).toContain('this is the last attempt');
		expect(open({retryStrategy: undefined}, {width: 140}).text()).toContain(
			'at once, without back-off; attempt 3 would come at once',
		);
		const unlimited = open({maxAttempts: null}, {width: 140}).text();
		expect(unlimited).toContain('attempts 2 of unlimited');
		const runs = runDetail.runs.map(run => ({...run, leaseExpiresAt: undefined}));
		expect(open({runs}, {width: 140}).text()).toContain('lease none: it is never taken from its worker');
	});

	test('max_delay applies until the first start and never after it', () => {
		const cancellation = {bytes: 20, text: '{"max_delay": 200}', complete: true};
		expect(open({cancellation}, {width: 140}).text()).toMatch(/max_delay 3m20s(?!:)/);
		const waiting = open({cancellation, state: 'pending', firstStartedAt: undefined, runs: []}, {width: 140}).text();
		expect(waiting).toContain('max_delay 3m20s: strikes 13:02:50, in 50s');
	});
});

describe('sections', () => {
	test('Tab goes through all of them and back to the timeline', () => {
		const screen = open();
		const seen = Array.from({length: 9}, () => {
			const active = /▸(Timeline|Params|Headers|Result|Errors|Steps|Waits|Attempts|Family)/.exec(screen.text())?.[1];
			screen.run('panel.next');
			return active;
		});
		expect(seen).toEqual(['Timeline', 'Params', 'Headers', 'Result', 'Errors', 'Steps', 'Waits', 'Attempts', 'Family']);
		screen.run('panel.previous');
		expect(screen.text()).toContain('▸Family');
	});

	test('the timeline is in order of time, what is to come last', () => {
		const times = [
			...open()
				.text()
				.matchAll(/^[▸ ] (\d\d:\d\d:\d\d) /gm),
		].map(match => match[1] ?? '');
		expect(times).toHaveLength(10);
		expect([...times].sort()).toEqual(times);
		expect(open().text()).toMatch(/lease runs out, in 1m$/);
	});

	test('a lease that ran out is said to have, with what that means', () => {
		const runs = runDetail.runs.map(run => (run.attempt === 2 ? {...run, leaseExpiresAt: now - 40_000} : run));
		expect(open({runs}).text()).toMatch(/13:01:20 +▲ lease ran out: whoever claims next/);
		expect(open({runs}).text()).toContain('lease ran out 13:01:20, 40s ago');
	});

	test('a run that was claimed again after a sleep does not pretend to know its wait', () => {
		const runs = runDetail.runs.map(run => (run.attempt === 2 ? {...run, startedAt: now - 5000} : run));
		const text = open({runs}).text();
		expect(text).toContain('attempt 2 claimed again by w-7:311');
		expect(text).not.toMatch(/claimed again.*waited/);
	});

	test.each([
		[{state: 'sleeping' as const, wakeEvent: 'order.paid:42', availableAt: Number.POSITIVE_INFINITY}, 'never '],
		[
			{state: 'sleeping' as const, wakeEvent: 'order.paid:42', availableAt: now + 60_000},
			'wait for event order.paid:42 times out, in 1m',
		],
		[
			{state: 'sleeping' as const, startedAt: undefined, availableAt: now + 30_000},
			'back-off ends, attempt 2 can be claimed, in 30s',
		],
		[{state: 'sleeping' as const, availableAt: now + 30_000}, 'sleep ends, in 30s'],
	])('what comes next: %j', (change, sentence) => {
		const runs = runDetail.runs.map(run => (run.attempt === 2 ? {...run, ...change} : run));
		expect(open({runs, state: 'sleeping'}).text()).toContain(sentence);
	});

	test('the error of an attempt: title, message, stack and stored reason folded until Enter', () => {
		const screen = open();
		screen.run(...tabs(4));
		expect(screen.text()).toContain('attempt 1  TimeoutError  13:00:14  w-3:12');
		expect(screen.text()).not.toContain('llm.js');
		screen.run('list.down', 'list.down', 'list.open');
		expect(screen.text()).toContain('at call (/srv/agent/llm.js:41:11)');
		screen.run('list.down', 'run.fold');
		expect(cursorLine(screen.text().split('▸Errors')[1] ?? '')).toContain('▾ stack, 3 lines');
		screen.run('run.fold');
		expect(screen.text()).not.toContain('llm.js');
	});

	test('a stored cause stands below the message', () => {
		const stored =
			'{"name":"Error","message":"no offers","cause":{"name":"TypeError","message":"fetch failed","cause":"ECONNREFUSED"}}';
		const document = {bytes: stored.length, text: stored, complete: true};
		const failure = readFailure(document, {name: undefined, message: undefined});
		const screen = open({runs: runDetail.runs.map(run => ({...run, failure: run.failure && failure}))});
		screen.run(...tabs(4));
		expect(screen.text()).toMatch(/no offers\n +caused by TypeError: fetch failed\n +caused by ECONNREFUSED/);
	});

	test.each([
		[
			'a traceback of Python',
			'{"name":"KeyError","message":"id","traceback":"Traceback:\\n  File a.py\\nKeyError"}',
			'KeyError',
			'stack, 3 lines',
		],
		['a stack of one line', '{"name":"Error","message":"no","stack":"at main"}', 'Error', 'stack, 1 line'],
		['a stack that is null', '{"name":"Error","message":"no","stack":null}', 'Error', undefined],
		['what is no error', '{"message":"out of paper"}', 'Error', undefined],
		['any JSON at all', '["E_PAPER",7]', 'Error', undefined],
	])('%s', (_what, stored, name, stack) => {
		const document = {bytes: stored.length, text: stored, complete: true};
		const failure = readFailure(document, {name: undefined, message: undefined});
		const screen = open({runs: runDetail.runs.map(run => ({...run, failure: run.failure && failure}))});
		screen.run(...tabs(4));
		const text = screen.text().split('▸Errors')[1] ?? '';
		expect(text).toContain(`attempt 1  ${name}`);
		// Folded, with its length; nothing where there is none; and always what was stored.
		if (stack === undefined) expect(text).not.toContain('stack,');
		else expect(text).toContain(`▸ ${stack}`);
		expect(text).not.toContain('File a.py');
		expect(text).toContain('▸ as stored');
	});

	test('params keep their digits and copy as they are stored', () => {
		const screen = open();
		screen.run('panel.next');
		expect(screen.text()).toContain('90071992547409931');
		screen.run('list.down', 'list.down', 'list.down', 'list.copyRow');
		expect(screen.copied).toEqual(['90071992547409931']);
	});

	test('checkpoints unfold into their state', () => {
		const screen = open();
		screen.run(...tabs(5), 'list.down', 'list.open');
		expect(screen.text()).toMatch(/▾ search +21\.7s/);
		expect(screen.text()).toContain('0.910000000000000000001');
	});

	test.each([
		[2, {headers: undefined}, 'No headers.'],
		[3, {}, 'No result yet.'],
		[3, {state: 'failed' as const}, 'No result: it has failed for good.'],
		[3, {state: 'cancelled' as const}, 'No result: it was cancelled.'],
		[4, {runs: []}, 'No attempt has failed.'],
		[5, {checkpoints: [], checkpointCount: 0}, 'No checkpoint has been committed.'],
		[6, {}, 'It waits for no event.'],
	])('section %i without anything says so', (section, detail, sentence) => {
		const screen = open(detail);
		screen.run(...tabs(section));
		expect(screen.text()).toContain(sentence);
	});

	test('a thousand checkpoints scroll, and what was cut is said', () => {
		const [pattern] = runDetail.checkpoints;
		if (pattern === undefined) throw new Error('The fixture has no checkpoint.');
		const checkpoints = Array.from({length: 1000}, (_, index) => ({
			...pattern,
			name: `iteration#${index}`,
			updatedAt: now - 100_000 + index,
		}));
		const screen = open({checkpoints, checkpointCount: 4200});
		screen.run(...tabs(5));
		expect(screen.text()).toContain('The 1000 newest of 4200.');
		screen.run('list.bottom');
		expect(screen.text()).toContain('iteration#999');
		screen.run('list.halfUp');
		expect(screen.text()).toContain(cursorLine(screen.text()) ?? 'nothing');
	});

	test('cursor and folds stay on their rows when new attempts and checkpoints arrive', () => {
		const screen = open();
		screen.run(...tabs(7), 'list.bottom');
		const line = cursorLine(screen.text().split('▸Attempts')[1] ?? '');
		const [, second] = runDetail.runs;
		if (second === undefined) throw new Error('The fixture has no second run.');
		const runs = [...runDetail.runs, {...second, runId: uuid(9), attempt: 3}];
		screen.given({answers: answered({...runDetail, runs, runCount: 3, attempts: 3})});
		expect(cursorLine(screen.text().split('▸Attempts')[1] ?? '')).toBe(line);
	});
});

describe('actions', () => {
	test('they name the task that is shown, and Esc goes back', () => {
		const screen = open();
		screen.run('action.cancel', 'action.spawn', 'list.copyId', 'program.escape');
		expect(screen.acted).toEqual([
			{kind: 'dialog', intent: {kind: 'cancel', queue: 'agents', taskId: liveTask.taskId}},
			{kind: 'spawn-form', queue: 'agents', taskName: 'run-agent'},
		]);
		expect(screen.copied).toEqual([liveTask.taskId]);
		expect(screen.backs()).toBe(1);
	});

	test('what does not apply to its state is refused with the reason', () => {
		const screen = open();
		screen.run('action.retry');
		expect(screen.said).toEqual(['Cannot retry: it is running: only failed tasks can be retried.']);
		expect(screen.acted).toEqual([]);
	});
});

describe('the chart', () => {
	test('zoom follows the cursor, goes in and out again, and never past what can be seen', () => {
		const screen = open({}, {width: 120});
		const whole = screen.text();
		screen.run('run.zoomOut');
		expect(screen.text()).toBe(whole);
		screen.run('list.down', 'list.down', 'run.zoomIn', 'run.zoomIn');
		expect(screen.text()).toContain('zoom 4×');
		// On the bar of attempt 1 its steps have room for their names now.
		expect(screen.text()).toMatch(/attempt 1 .*plan 8\.2s.*search 21\.7s/);
		screen.run('list.bottom');
		// Neither what is on that bar nor how it ended is within what is shown now.
		expect(screen.text()).not.toMatch(/attempt 1 .*(?:plan 8\.2s|✗)/);
		screen.run('list.top', ...Array.from({length: 60}, () => 'run.zoomIn'));
		expect(screen.text()).toMatch(/zoom 8192× +\d\d:\d\d\.\d{3} /);
		screen.run(...Array.from({length: 60}, () => 'run.zoomOut'));
		expect(screen.text()).toBe(whole);
	});

	test('what was saved and what runs now stand above it, the guess marked as one', () => {
		const text = open({}, {width: 120}).text();
		expect(text).toContain('resumed: plan, search, search#2 were saved by attempt 1: 41.3s not run again.');
		expect(text).toContain('probably in summarize (4 of 5 finished tasks went on so, usually 9.0s)');
		expect(open({likely: undefined}, {width: 120}).text()).not.toContain('probably');
	});

	test('another section does not zoom, and says so', () => {
		const screen = open();
		screen.run('panel.next', 'run.zoomIn');
		expect(screen.said).toEqual(['Only the timeline zooms.']);
	});
});

describe('search', () => {
	const path = (screen: ReturnType<typeof open>) => {
		screen.run('run.copyPath');
		return screen.copied.at(-1);
	};

	test('it unfolds what hides the text, goes on with n, back with b, and round the end', () => {
		const screen = open();
		screen.run('panel.next', 'run.search');
		screen.type('t', 'e', 'a', 'M', 'x', 'backspace', 'enter');
		expect(cursorLine(screen.text().split('▸Params')[1] ?? '')).toMatch(/name +"team"/);
		expect(screen.text()).toContain('/teaM  1 of 1');
		expect(path(screen)).toBe('params.user.plan.name');
		screen.run('program.escape', 'run.search');
		screen.type('s', 'e', 'a', 't', 's', 'enter');
		expect(path(screen)).toBe('params.user.plan.seats');
		screen.run('program.escape');
		expect(screen.backs()).toBe(0);
		screen.run('program.escape');
		expect(screen.backs()).toBe(1);
	});

	test('n and b walk through all places and start again', () => {
		const screen = open();
		screen.run(...tabs(5), 'run.search');
		screen.type('s', 'e', 'a', 'r', 'c', 'h', 'enter');
		const places = () => /(\d+) of (\d+)/.exec(screen.text().split('/search')[1] ?? '')?.slice(1, 3);
		// The names of two checkpoints, and a string inside the folded state of a third.
		expect(places()).toEqual(['1', '3']);
		screen.run('run.searchNext');
		screen.run('run.searchNext');
		expect(places()).toEqual(['3', '3']);
		screen.run('run.searchNext');
		expect(places()).toEqual(['1', '3']);
		screen.run('run.searchPrevious');
		expect(places()).toEqual(['3', '3']);
	});

	test('what is not there, and nothing asked', () => {
		const screen = open();
		screen.run('run.searchNext', 'run.search');
		screen.type('z', 'z', 'q', 'enter');
		expect(screen.said).toEqual(['Nothing is looked for yet: / asks what.', 'Not in this section: zzq']);
	});
});

test('the trace id of traceparent is copied with y on its line', () => {
	const screen = open();
	screen.run(...tabs(2), 'list.copyId', 'list.bottom', 'list.copyId');
	expect(screen.copied).toEqual(['4bf92f3577b34da6a3ce929d0e0e4736', liveTask.taskId]);
});

describe('large documents', () => {
	const params = {bytes: 20_000_000, text: '', complete: false};
	const root = {field: 'params' as const, runId: undefined, checkpoint: undefined, path: []};
	const value = (text: string, complete: boolean, members: readonly string[] = []) => ({
		kind: members.length > 0 ? 'object' : 'string',
		bytes: complete ? text.length : 20_000_000,
		text,
		complete,
		members: members.map(key => ({key, kind: 'string', bytes: 9_000_000})),
		membersCut: false,
	});

	test('size first; Enter asks for the keys with their sizes, Enter on a key for its value', () => {
		const screen = open({params});
		screen.run('panel.next');
		expect(screen.text()).toContain('20 MB stored; nothing of it was read. Enter asks for its keys and sizes.');
		screen.run('list.open');
		expect(screen.text()).toContain('Reading params…');
		const keys = [addressKey(root), value('', false, ['body', 'two words'])] as const;
		screen.given({answers: answered({...runDetail, params, fetched: new Map([keys])})});
		expect(screen.text()).toMatch(/▸ body +string {2}9\.0 MB/);
		screen.run('list.bottom', 'run.copyPath', 'list.open');
		expect(screen.copied).toEqual(['params["two words"]']);
		expect(screen.text()).toContain('Reading params["two words"]…');
		const small = [addressKey({...root, path: ['two words']}), value('"here it is"', true)] as const;
		screen.given({answers: answered({...runDetail, params, fetched: new Map([keys, small])})});
		expect(screen.text()).toContain('"here it is"');
	});
});

describe('the tasks around it', () => {
	const child = {
		queue: 'reports',
		taskId: uuid(77),
		runId: uuid(78),
		taskName: 'render',
		state: 'failed' as const,
		enqueuedAt: now - 90_000,
		key: undefined,
	};
	const sibling = {
		...child,
		queue: 'agents',
		taskId: uuid(79),
		taskName: 'run-agent',
		state: 'completed' as const,
		key: 'order-4710',
		enqueuedAt: now - 900_000,
	};
	const [pattern] = runDetail.checkpoints;
	if (pattern === undefined) throw new Error('The fixture has no checkpoint.');
	const checkpoints = [...runDetail.checkpoints, {...pattern, name: `$awaitTaskResult:${child.taskId}`}];
	const relations = {children: new Map([[child.taskId, child]]), parents: undefined, family: [sibling]};

	test('children and tasks with a key of the family are links; y copies the id of the one under the cursor', () => {
		const screen = open({checkpoints, relations});
		screen.run('panel.previous');
		expect(screen.text()).toMatch(/render …\w{6} {2}reports {2}✗ failed/);
		expect(screen.text()).toMatch(/Other tasks with a key like order…\n.*earlier order-4710 {2}run-agent/);
		screen.run('list.bottom', 'list.copyId', 'list.open');
		expect(screen.copied).toEqual([sibling.taskId]);
		expect(screen.opened).toEqual([
			{screen: 'run', run: {queue: 'agents', taskId: sibling.taskId, runId: sibling.runId}},
		]);
	});

	test('the parent is looked for only when asked, and not being found is said', () => {
		const screen = open({checkpoints, relations});
		screen.run('panel.previous', 'list.down');
		expect(screen.text()).toContain('Enter looks for it');
		screen.run('list.open');
		screen.given({answers: answered({...runDetail, checkpoints, relations: {...relations, parents: []}})});
		expect(screen.text()).toContain('None among the 5,000 checkpoints');
		screen.given({answers: answered({...runDetail, checkpoints, relations: {...relations, parents: [child]}})});
		screen.run('list.top', 'list.down', 'list.open');
		expect(screen.opened).toEqual([{screen: 'run', run: {queue: 'reports', taskId: child.taskId, runId: child.runId}}]);
	});

	test('a child that is gone, and none at all', () => {
		const gone = open({checkpoints, relations: {...relations, children: new Map([[child.taskId, null]])}});
		gone.run('panel.previous');
		expect(gone.text()).toContain(`${child.taskId} is in no queue any more`);
		const alone = open({relations});
		alone.run('panel.previous');
		expect(alone.text()).toContain('It has awaited no other task.');
	});
});

test('only while the family is looked at it is asked for, and the parent only after Enter', () => {
	const probe = (state: RunState) => runDetailScreen.probe(state);
	const state = openRun(liveTask);
	expect(probe(state)).toMatchObject({kind: 'run', relations: undefined});
	expect(probe({...state, section: 'family'})).toMatchObject({relations: 'near'});
	expect(probe({...state, section: 'family', parents: true})).toMatchObject({relations: 'parents'});
});

test.each([20, 41, 80, 133])('hostile names keep the chart %i cells wide', width => {
	const hostile = '\u001b[2J\u202e漢字\n\u009b31m👩‍👩‍👧';
	const checkpoints = runDetail.checkpoints.map(step => ({...step, name: step.name + hostile}));
	const runs = runDetail.runs.map(run => ({
		...run,
		failure: run.failure && {...run.failure, name: hostile, message: hostile},
	}));
	const likely = {name: hostile, usual: 1000, agree: 1, of: 1};
	const screen = open({checkpoints, runs, likely}, {width});
	screen.run('list.down', 'list.down', 'run.zoomIn');
	for (const line of screen.rows()) {
		const bare = stripVTControlCharacters(line);
		expect(bare).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
		expect(measure(bare)).toBe(width);
	}
});

test('a claim waited since the task could be claimed: since it was enqueued, or since its back-off', () => {
	const [first, second] = runDetail.runs;
	if (first === undefined || second === undefined) throw new Error('The fixture has two attempts.');
	// Its retry strategy begins with 30 s.
	const change = {
		checkpoints: [],
		runs: [
			// The row of the run is written a little after the task was enqueued.
			{...first, createdAt: runDetail.enqueuedAt + 400, startedAt: runDetail.enqueuedAt + 1400},
			{...second, createdAt: first.failedAt ?? 0, startedAt: (first.failedAt ?? 0) + 30_200},
		],
	};
	const text = open(change, {width: 160, height: 46}).text();
	expect(text).toMatch(/attempt 1 claimed by \S+, waited 1\.4s\n/);
	expect(text).toMatch(/attempt 2 claimed by \S+, waited 200ms after its back-off\n/);
});
