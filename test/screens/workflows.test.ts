import {describe, expect, test} from 'vitest';
import {parseFilter} from '../../source/monitor/filter/parse.ts';
import {groupWorkflows, type WorkflowReport, type WorkflowTask} from '../../source/monitor/workflows.ts';
import {workflowFilter, workflowsScreen} from '../../source/screens/workflows/workflows.ts';
import {measure} from '../../source/terminal/fit.ts';
import {cursorLine, drive} from '../support/drive.ts';
import {now, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const hostile = 'evil\u001b[2J\u202e🐘\n"quoted", *';

const task = (number: number, rest: Partial<WorkflowTask> = {}): WorkflowTask => ({
	queue: 'mail',
	taskId: uuid(number),
	runId: uuid(1000 + number),
	taskName: `ship__1__step-${number}`,
	state: 'completed',
	enqueuedAt: now - 60_000 * number,
	finishedAt: now - 60_000 * number + 5000,
	workflow: uuid(500),
	header: 'workflow_run_id',
	workflowName: undefined,
	tenant: 'acme',
	...rest,
});

const open = {state: 'running', finishedAt: undefined} as const;
const tasks: readonly WorkflowTask[] = [
	task(30),
	task(29),
	task(9, {workflow: 'failing', state: 'failed'}),
	task(8, {workflow: 'failing', ...open}),
	task(7, {workflow: 'failing', ...open, state: 'sleeping', queue: 'agents'}),
	task(3, {workflow: hostile, workflowName: hostile, tenant: hostile, ...open}),
	task(20, {workflow: 'stopped', header: 'workflow_run', state: 'cancelled'}),
];

const report: WorkflowReport = {
	workflows: groupWorkflows(tasks),
	looked: 10_000,
	backTo: now - 7_200_000,
	progress: 'limit',
	renewing: false,
	at: now - 1000,
	unread: [],
};

function show(value: WorkflowReport, width = 120, height = 20) {
	const answers = {workflows: {kind: 'ready', value, readAt: now}} as const;
	return drive(workflowsScreen, {screen: 'workflows'}, {answers, width, height, hands: recordedHands()});
}

test.each([
	[60, 11],
	[80, 20],
	[120, 36],
	[200, 46],
])('every line fits %ix%i and is harmless', (width, height) => {
	const rows = show(report, width, height).rows();
	expect(rows).toHaveLength(height);
	for (const row of rows) expect(measure(row)).toBeLessThanOrEqual(width);
	expect(rows.join('')).not.toMatch(/\u001b\[2J|\u202e|\n/);
});

describe('workflows', () => {
	test('open ones with failed tasks first, then open ones, then the newest; counted by state', () => {
		const lines = show(report).text().split('\n');
		expect(lines[0]).toMatch(/^ Workflows 4 {2}open 2 · failing 1 {2}10,000 tasks read, 2h00m back; w looks further/);
		expect(lines[2]).toMatch(/^▸✗ running +ship +failing +2 queues +acme .* 3 +1 +1 +1 +9m00s +7m$/);
		expect(lines[3]).toContain('running   evil');
		expect(lines[4]).toMatch(/^ ⊘ cancelled +ship +stopped .* 1 +1 +5s +19m$/);
		expect(lines[5]).toMatch(/^ ✓ completed +ship .* 2 +2 +1m05s +28m$/);
	});

	test('the filter narrows by state, queue and age', () => {
		const screen = show(report);
		screen.run('list.filter');
		screen.type(...'state:running queue:agents age>5m', 'enter');
		expect(screen.text()).toContain('Workflows 1 of 4');
		expect(cursorLine(screen.text())).toContain('failing');
	});

	test('Enter lists its tasks; R takes the failed ones, C the open ones, of the row under the cursor', () => {
		const screen = show(report);
		screen.run('list.open', 'list.copyId', 'action.retry', 'action.cancel');
		expect(screen.opened).toEqual([{screen: 'tasks', filter: 'queue:agents,mail headers.workflow_run_id:failing'}]);
		expect(screen.copied).toEqual(['failing']);
		const ref = (number: number, queue = 'mail') => ({queue, taskId: uuid(number)});
		expect(screen.acted).toEqual([
			{kind: 'bulk', intent: {kind: 'retry', tasks: [ref(9)], hidden: 0, newestFirst: true}},
			{kind: 'bulk', intent: {kind: 'cancel', tasks: [ref(7, 'agents'), ref(8)], hidden: 0, newestFirst: true}},
		]);
		screen.run('list.bottom');
		expect(screen.whyNot('action.retry')).toBe('none of its tasks has failed for good');
		expect(screen.whyNot('action.cancel')).toBe('none of its tasks is open');
	});

	test('w looks further, to an end', () => {
		const screen = show(report);
		expect(screen.probe()).toEqual({kind: 'workflows', limit: 10_000});
		screen.run(...Array.from({length: 7}, () => 'tasks.further'));
		expect(screen.probe()).toEqual({kind: 'workflows', limit: 50_000});
		const whole = show({...report, progress: 'whole'});
		expect(whole.whyNot('tasks.further')).toBe('everything was looked at');
		whole.run('tasks.further');
		expect(whole.probe()).toEqual({kind: 'workflows', limit: 10_000});
		expect(whole.said).toEqual(['Cannot do that: everything was looked at.']);
	});

	test('a filter that can be read names a workflow, whatever it is called', () => {
		for (const workflow of ['plain', hostile, 'x'.repeat(200), '\n', '*', 'a\\"b']) {
			const [row] = groupWorkflows([task(1, {workflow, queue: hostile})]);
			const filter = row === undefined ? '' : workflowFilter(row);
			expect([workflow, parseFilter(filter).error, parseFilter(filter).terms.length]).toEqual([workflow, undefined, 2]);
		}
	});

	test('without any it says what makes them appear, and whether more could be looked at', () => {
		const none = {...report, workflows: [], progress: 'whole' as const};
		expect(show(none, 80).text()).toContain('No task has workflow_run_id or workflow_run in its headers.');
		expect(show(none, 80).text()).toContain('{"workflow_run_id": "order-7"}');
		expect(show({...none, progress: 'limit'}, 80).text()).toContain('None of the newest 10,000 tasks has');
	});
});
