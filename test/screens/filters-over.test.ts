import {afterEach, describe, expect, test} from 'vitest';
import type {ActionEntry} from '../../source/monitor/action-log.ts';
import {openView} from '../../source/screens/index.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {now, uuid} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {mountShell, type Rig} from '../support/shell.tsx';

const entry = (change: Partial<ActionEntry>): ActionEntry => ({
	id: 'i',
	at: now - 60_000,
	kind: 'retry',
	subject: 'task',
	place: 'jobs on db1:5432',
	tasks: [],
	open: change.tasks ?? [],
	queues: ['mail'],
	outcome: 'done',
	sentence: '',
	earlier: false,
	...change,
});

const entries: readonly ActionEntry[] = [
	entry({id: '1', subject: 'first invoice', tasks: [{queue: 'mail', taskId: uuid(1)}]}),
	entry({id: '2', subject: 'second invoice', outcome: 'failed', sentence: 'It was not failed any more.'}),
	entry({id: '3', kind: 'emit', subject: 'order.paid in queue billing', queues: ['billing'], at: now - 3_600_000}),
];

let rig: Rig;

async function opened(...keys: readonly string[]): Promise<void> {
	rig = await mountShell(checkedSnapshot, {
		columns: 120,
		rows: 40,
		now,
		openView,
		hands: recordedHands({log: () => entries}),
	});
	await rig.press(...keys);
}

afterEach(() => rig.end());

describe('the filter of the log', () => {
	test.each([
		['action:emit', ['order.paid']],
		['outcome:failed', ['second invoice']],
		['queue:mail !outcome:failed', ['first invoice']],
		['age>10m', ['order.paid']],
		[`id:${uuid(1).slice(-6)}`, ['first invoice']],
		['"not failed any"', ['second invoice']],
	])('%s', async (filter, found) => {
		await opened('@', '/', ...filter, 'enter');
		const shown = ['first invoice', 'second invoice', 'order.paid'].filter(each => rig.screen().includes(each));
		expect(shown).toEqual(found);
		expect(rig.screen()).toContain(`/${filter}  ${found.length} of 3`);
	});

	test('is live, says where it is wrong and what no entry has, and Esc clears it before it closes the log', async () => {
		await opened('@', '/', ...'invoice');
		expect(rig.screen()).not.toContain('order.paid');
		await rig.press(...' actoin:x');
		expect(rig.screen()).toContain('at 9 “actoin”: There is no key actoin. Did you mean action?');
		await rig.press('escape', '/', ...'outcome:faild ');
		expect(rig.screen()).toContain('at 9 “faild”: There is no outcome faild; did you mean failed?');
		await rig.press('escape', '/', ...'worker:w-7');
		expect(rig.screen()).toContain('at 1 “worker:w-7”: The rows here have no worker.');
		await rig.press('enter');
		expect(rig.screen()).toContain('no worker here');
		await rig.press('escape');
		expect(rig.screen()).toContain('order.paid');
		await rig.press('escape');
		expect(rig.screen()).not.toContain('Actions of this session');
	});

	test('offers its keys and their words to Tab', async () => {
		await opened('@', '/', ...'outcome:');
		expect(rig.screen()).toContain('Tab outcome:running outcome:done outcome:failed outcome:unknown');
		await rig.press('escape', '/', ...'qu');
		await rig.press('tab');
		expect(rig.screen()).toContain('/queue:');
	});

	test('q closes it at once, and keys of the screen below do nothing while it is typed', async () => {
		await opened('@', '/', ...'q2', 'enter', 'q');
		expect(rig.screen()).not.toContain('Actions of this session');
		expect(rig.screen()).toContain('Active claims');
	});
});

describe('the filter of the costs', () => {
	test('narrows by name and by words', async () => {
		await opened('D');
		const all = rig.rows().filter(row => /^ {3}\S+ .*in a tick/.test(row)).length;
		await rig.press('/', ...'name:tick-queue', 'enter');
		const shown = rig.rows().filter(row => /^ {3}\S+ .*in a tick/.test(row));
		expect(all).toBeGreaterThan(1);
		expect(shown).toHaveLength(1);
		expect(shown[0]).toContain('tick-queue');
		expect(rig.screen()).toContain('One round trip every');
	});
});

describe('the filter of the doctor', () => {
	const rules = checkedSnapshot.checks;
	const lines = () => rig.rows().filter(row => /(holds|unknown|fine)\s/.test(row.slice(0, 12)));

	test.each([
		['severity:critical', rules.filter(({findings}) => findings[0]?.severity === 'critical')],
		['severity:fine', rules.filter(({findings, unknown}) => findings.length + unknown.length === 0)],
		['rule:stale', rules.filter(({rule}) => rule.startsWith('stale'))],
		['queue:mail', rules.filter(each => [...each.findings, ...each.unknown].some(({queue}) => queue === 'mail'))],
	])('%s', async (filter, passing) => {
		expect(passing.length).toBeGreaterThan(0);
		expect(passing.length).toBeLessThan(rules.length);
		await opened('8', '/', ...filter, 'enter');
		expect(rig.screen()).toContain(`${passing.length} shown  /${filter}`);
		expect(lines()).toHaveLength(Math.min(passing.length, lines().length));
		expect(lines().length).toBeGreaterThan(0);
	});

	test('finds by words of the title and what was found, moves the cursor along, and Esc clears it', async () => {
		await opened('8', '/', ...'leases', 'enter');
		expect(lines().length).toBeGreaterThan(0);
		expect(lines().length).toBeLessThan(10);
		expect(rig.rows().some(row => row.startsWith('▸'))).toBe(true);
		await rig.press('escape');
		expect(rig.screen()).not.toContain('/leases');
		expect(rig.screen()).toContain('Doctor');
		await rig.press('escape');
		expect(rig.screen()).toContain('Active claims');
	});

	test('refuses keys that checks have not, and words that no severity is', async () => {
		await opened('8', '/', ...'error:x');
		expect(rig.screen()).toContain('at 1 “error:x”: The rows here have no error.');
		await rig.press('enter');
		expect(rig.screen()).toContain('no error here');
		expect(rig.screen()).toContain('No check matches the filter.');
		await rig.press('/', ...Array.from({length: 7}, () => 'backspace'), ...'severity:high ');
		expect(rig.screen()).toContain('There is no severity high; the severities are critical, warning, unknown, fine');
	});

	test('acts on nothing that is not shown', async () => {
		await opened('8', '/', ...'nothing-like-this', 'enter', 'y', 'enter');
		expect(rig.copied).toEqual([]);
		expect(rig.screen()).toContain('Doctor');
	});
});

describe('keys of other lists', () => {
	test('are refused on Tasks, which finds none by them', async () => {
		await opened('2', '/', ...'rule:stale');
		expect(rig.screen()).toContain('at 1 “rule:stale”: The rows here have no rule. The Doctor (8) has.');
	});
});
