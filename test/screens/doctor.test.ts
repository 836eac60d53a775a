import {describe, expect, test} from 'vitest';
import type {Check, Finding} from '../../source/monitor/snapshot.ts';
import {doctorScreen} from '../../source/screens/doctor/doctor.ts';
import {openView} from '../../source/screens/index.ts';
import {cursorLine, drive} from '../support/drive.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell} from '../support/shell.tsx';

const claims: Finding = {
	rule: 'stale-leases',
	severity: 'critical',
	queue: 'agents',
	sentence: '14 leases expired, nobody has claimed for 4m00s',
	proof: {panel: 'claims'},
};
const dead: Finding = {
	rule: 'dead-letters',
	severity: 'warning',
	queue: 'mail',
	sentence: '312 tasks dead within 52m00s, mostly SMTPServerDisconnected',
	proof: {panel: 'failures', filter: 'error:"SMTPServerDisconnected"'},
};
const kept: Finding = {
	rule: 'retention',
	severity: 'warning',
	queue: 'mail',
	sentence: 'finished tasks are kept for 47d0h, the policy says 30d0h: cleanup does not run',
	proof: {screen: 'doctor'},
};
const check = (rule: string, change: Partial<Check> = {}): Check => ({
	rule,
	title: `a title of ${rule}`,
	findings: [],
	unknown: [],
	remedy: `remedy of ${rule}`,
	...change,
});
const checks: readonly Check[] = [
	check('fine-one'),
	check('cron', {unknown: [{queue: undefined, reason: 'pg_cron is not in this database'}]}),
	check('dead-letters', {findings: [dead]}),
	check('stale-leases', {findings: [claims]}),
	check('retention', {findings: [kept]}),
];
const given = {...snapshot, checks, findings: [claims, dead, kept]};
const open = (rule?: string) => drive(doctorScreen, {screen: 'doctor', rule}, {snapshot: given});

describe('the doctor', () => {
	test('lists what holds, the worst first, then what cannot be known, then the rest', () => {
		const text = open().text();
		expect(text).toContain('5 checks');
		expect(text).toContain('3 hold · 1 do not · 1 cannot be known');
		const places = ['14 leases', '312 tasks', 'finished tasks', 'pg_cron is not', 'fine-one'].map(part =>
			text.indexOf(part),
		);
		expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true);
		expect(cursorLine(text)).toContain('14 leases');
	});

	test('says what the check under the cursor found, why it cannot know, or that all is well, and the remedy', () => {
		const driver = open();
		expect(driver.text()).toContain('remedy of stale-leases');
		driver.run('list.down', 'list.down', 'list.down');
		expect(driver.text()).toContain('Cannot be known: pg_cron is not in this database');
		driver.run('list.down');
		expect(driver.text()).toContain('It does not hold.');
		driver.run('list.copyId');
		expect(driver.copied).toEqual(['remedy of fine-one']);
	});

	test('Enter goes to the rows; where the proof is the text itself it says so', () => {
		const driver = open('dead-letters');
		driver.run('list.open');
		expect(driver.opened).toEqual([
			{screen: 'overview', focus: {panel: 'failures', queue: 'mail', filter: 'error:"SMTPServerDisconnected"'}},
		]);
		driver.run('list.down', 'list.open');
		expect(driver.opened).toHaveLength(1);
		expect(driver.said.at(-1)).toContain('below');
	});

	test.each([
		[
			{screen: 'events', filter: 'name:"paid"'},
			{screen: 'events', queue: 'mail', filter: 'name:"paid"'},
		],
		[
			{screen: 'tasks', filter: 'queue:"mail"'},
			{screen: 'tasks', filter: 'queue:"mail"'},
		],
		[{screen: 'storage'}, {screen: 'queue', queue: 'mail', part: 'storage', filter: undefined}],
	] as const)('Enter leads to the rows, on the screen that has them', (proof, request) => {
		const driver = drive(
			doctorScreen,
			{screen: 'doctor', rule: 'dead-letters'},
			{
				snapshot: {...given, checks: [check('dead-letters', {findings: [{...dead, proof}]})]},
			},
		);
		driver.run('list.open');
		expect(driver.opened).toEqual([request]);
	});

	test('no check moves under the cursor once a key was pressed', () => {
		const driver = open();
		driver.run('list.down');
		expect(cursorLine(driver.text())).toContain('312 tasks');
		driver.given({
			snapshot: {
				...given,
				checks: checks.map(each => ({...each, findings: each.rule === 'cron' ? [claims] : each.findings})),
			},
		});
		expect(cursorLine(driver.text())).toContain('312 tasks');
		expect(driver.whyNot('action.retry')).toContain('no task');
	});

	test('fits small windows', () => {
		for (const [width, height] of [
			[60, 11],
			[80, 20],
			[200, 46],
		] as const) {
			const rows = drive(doctorScreen, {screen: 'doctor'}, {snapshot: given, width, height}).rows();
			expect(rows.length).toBeLessThanOrEqual(height);
		}
	});
});

describe('the findings', () => {
	test('! opens them, keys move, Enter shows the rows, 8 the check', async () => {
		const rig = await mountShell(given, {columns: 100, rows: 30, now, openView});
		await rig.press('!');
		expect(rig.screen()).toMatch(/Findings 3[\s\S]*▸▲ agents: 14 leases expired/);
		await rig.press('j');
		expect(rig.screen()).toContain('▸△ mail: 312 tasks dead');
		await rig.press('enter');
		expect(rig.screen()).toMatch(/Recent failures.*queue mail.*error:"SMTPServerDisconnected"/);
		expect(rig.screen()).not.toContain('ConflictError');
		await rig.press('!', 'j', 'j', 'enter');
		expect(rig.screen()).toMatch(/▸△ holds +a title of retention/);
		await rig.press('y');
		expect(rig.copied).toEqual(['remedy of retention']);
		await rig.press('q');
		expect(rig.screen()).toContain('Recent failures');
		await rig.end();
	});

	test('without any, ! says so', async () => {
		const rig = await mountShell({...given, findings: []}, {now, openView});
		await rig.press('!');
		expect(rig.screen()).toContain('There are no findings');
		await rig.end();
	});
});
