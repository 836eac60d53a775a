import {expect, test} from 'vitest';
import {plainTable} from '../../source/headless/plain-table.ts';
import {renderText} from '../../source/headless/text.ts';
import {measure} from '../../source/terminal/fit.ts';
import {snapshot} from '../support/fixture.ts';
import {blankSnapshot, emptyQueue, liveSnapshot} from '../support/stub-monitor.ts';

const options = {ascii: false, rows: 100};

function sectionOf(text: string, title: string): string[] {
	const block = text.split('\n\n').find(each => each.startsWith(title));
	return block?.trimEnd().split('\n') ?? [];
}

test('shows every queue with its figures under their titles, worst first', () => {
	const [title, heads = '', ...rows] = sectionOf(renderText(snapshot, options), 'Queues');
	expect(title).toBe(`Queues ${snapshot.queues.length}`);
	expect(rows.map(row => row.split(/\s+/).slice(0, 2).join(' '))).toEqual([
		...['critical agents', 'warning mail'],
		...snapshot.queues.filter(({severity}) => severity === 'ok').map(({name}) => `ok ${name}`),
	]);
	const agents = rows[0] ?? '';
	// Right-aligned figures end where their titles end.
	for (const [head, figure] of [
		['ready', '418'],
		['oldest', '4m11s'],
		['expired', '14'],
		['wait', '40'],
		['drains', 'never'],
	] as const) {
		const end = heads.indexOf(` ${head} `) + 1 + head.length;
		expect(agents.slice(0, end)).toMatch(new RegExp(`\\s${figure}$`));
	}
});

test('shows whole ids and instants in UTC', () => {
	const text = renderText(snapshot, options);
	const [claim] = snapshot.claims;
	const [failure] = snapshot.failures;
	expect(sectionOf(text, 'Active claims').join()).toContain(claim?.taskId);
	expect(sectionOf(text, 'Recent failures').join()).toContain(failure?.taskId);
	expect(sectionOf(text, 'Recent failures')[2]).toMatch(/^2026-11-20T13:01:\d\d\.\d{3}Z {2}/);
	expect(sectionOf(text, 'absurd-top')[0]).toMatch(/ 2026-11-20T13:0\d:\d\d\.\d{3}Z$/);
});

test('tells checkpoints that were not read from none', () => {
	const [claim] = snapshot.claims;
	if (claim === undefined) throw new Error('The fixture has no claims.');
	const claims = [
		{...claim, progress: undefined},
		{...claim, progress: null},
	];
	const [, heads = '', ...rows] = sectionOf(renderText({...snapshot, claims}, options), 'Active claims');
	const column = heads.indexOf('checkpoint');
	expect(rows.map(row => row[column])).toEqual(['?', '-']);
});

test('counts what it leaves out', () => {
	const text = renderText(snapshot, {...options, rows: 3});
	expect(sectionOf(text, 'Active claims')).toHaveLength(3 + 3);
	expect(text).toContain(`and ${snapshot.claims.length - 3} more, all of them with --json`);
	expect(sectionOf(text, 'Queues')).toHaveLength(2 + snapshot.queues.length);
});

test('says so where nothing is there', () => {
	const text = renderText(liveSnapshot(0), options);
	expect(text).toContain('\nQueues 0\n');
	expect(text).toContain('1970-01-01T00:00:00.000Z');
	expect(renderText(blankSnapshot, options)).toMatch(/^absurd-top\n/);
});

test('tells why a queue could not be read', () => {
	const trouble = {sentence: 'The queue a is locked.', sqlstate: '55P03', retryAt: 0};
	const queues = [{...emptyQueue('a', 0), trouble, readAt: undefined, ready: undefined}];
	const [, , row] = sectionOf(renderText(liveSnapshot(0, {queues}), options), 'Queues');
	expect(row).toMatch(/^unreadable +a +- .*The queue a is locked\.$/);
});

test('lets no control character through, and keeps columns aligned beside wide ones', () => {
	const hostile = 'x\u001b[2J\u009b1m\u202e\r\n\u0007\t漢字\u{1f468}\u200d\u{1f469}é';
	const claims = snapshot.claims.map((claim, index) => (index === 0 ? {...claim, taskName: hostile} : claim));
	const failures = snapshot.failures.map(failure => ({...failure, errorMessage: hostile, queue: hostile}));
	const text = renderText({...snapshot, claims, failures}, options);
	expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
	const [, heads = '', wide = '', other = ''] = sectionOf(text, 'Active claims');
	const column = heads.indexOf('task id');
	for (const [row, claim] of [
		[wide, claims[0]],
		[other, claims[1]],
	] as const) {
		expect(measure(row.slice(0, row.indexOf(claim?.taskId ?? '?')))).toBe(column);
	}
});

test('writes nothing but ASCII when asked to', () => {
	const text = renderText(snapshot, {...options, ascii: true});
	expect(text).toMatch(/^[\n\x20-\x7e]*$/);
	expect(renderText(snapshot, options)).not.toMatch(/^[\n\x20-\x7e]*$/);
});

test('a column is as wide as its longest cell and no wider than allowed', () => {
	const columns = [
		{title: 'a', max: 5, text: (row: string) => row},
		{title: 'long title', align: 'right', max: 20, text: (row: string) => row.slice(0, 2)},
	] as const;
	expect(plainTable(columns, ['abcdefgh', 'x'])).toEqual([
		'a      long title',
		'abcd…          ab',
		'x               x',
	]);
});
