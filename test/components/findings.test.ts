import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {drawFindings, findingsHeight} from '../../source/components/findings.ts';
import type {Finding} from '../../source/monitor/snapshot.ts';
import {clip, measure} from '../../source/terminal/fit.ts';
import {plain} from '../support/draw.ts';
import {snapshot} from '../support/fixture.ts';

const [leases, dead] = snapshot.findings;
const long: Finding = {rule: 'x', severity: 'warning', queue: undefined, sentence: 'word '.repeat(60)};
const hostile: Finding = {rule: 'y', severity: 'warning', queue: 'evil\u001b[2J\u202e', sentence: '🐘\n'.repeat(9)};

const agents = '   agents: 14 leases expired, nobody has claimed for 4m';
const mail = '   mail: 312 tasks dead, SMTPServerDisconnected';

function lines(findings: readonly (Finding | undefined)[], width: number, rows = 24): readonly string[] {
	const given = findings.filter(finding => finding !== undefined);
	const drawn = drawFindings({...snapshot, findings: given}, width, rows, plain);
	expect(findingsHeight({...snapshot, findings: given}, width, rows, plain)).toBe(drawn.length);
	return drawn.map(line => stripVTControlCharacters(line).trimEnd());
}

test.each([
	[120, 24, [leases, dead], [`${agents}${mail}`]],
	[100, 24, [leases, dead], [`${agents}   mail: 312 tasks dead…`]],
	[80, 24, [leases, dead], [agents, mail]],
	[80, 24, [leases, dead, leases, leases], [agents, `${mail}   ! 2 more`]],
	[80, 24, [leases, long, dead], [agents, `${'   '}${clip(long.sentence, 66)}   ! 1 more`]],
	[60, 24, [leases, dead], ['   agents: 14 leases expired, nobody has', `   claimed for 4m   mail: 312 tasks dead…`]],
	[80, 24, [leases], [agents]],
	[80, 15, [leases, dead], [`   agents: 14 leases expired, nobody has claimed for 4m   ! 1 more`]],
	[60, 15, [leases, dead], ['   agents: 14 leases expired…   ! 1 more']],
	[80, 15, [leases], [agents]],
] as const)('at %i columns and %i rows the worst is whole, then the next', (width, rows, findings, said) => {
	const [first, ...rest] = said;
	const count = ` ▲ ${findings.length} finding${findings.length === 1 ? '' : 's'}`;
	expect(lines(findings, width, rows)).toEqual([`${count}${first}`, ...rest]);
});

test('a worst finding that is longer than two lines is cut, and the others are counted', () => {
	const [first = '', second = '', ...more] = lines([long, leases, dead], 80);
	expect(more).toEqual([]);
	expect(first).toMatch(/^ △ 3 findings {3}(word )+word$/);
	expect(second).toMatch(/^ {3}(word )+w?o?r?d?… {3}! 2 more$/);
});

test.each([60, 80, 120, 200])('whatever is said fits %i columns, and nothing is lost without a word', width => {
	for (const findings of [[long], [long, leases], [hostile, long, dead], [leases, hostile, long, dead]]) {
		for (const rows of [15, 24]) {
			const drawn = lines(findings, width, rows);
			const text = drawn.join(' ');
			expect(drawn.length).toBeLessThanOrEqual(rows < 20 ? 1 : 2);
			for (const line of drawn) expect(measure(line)).toBeLessThanOrEqual(width);
			expect(text).not.toMatch(/[\u0000-\u001f\u202e]/u);
			const said = ['leases expired', '312 tasks', 'word', 'evil'].filter(part => text.includes(part)).length;
			expect(said + Number(/! (\d+) more/.exec(text)?.[1] ?? 0)).toBe(findings.length);
		}
	}
});

test('that nothing is found is a verdict only once every queue was read', () => {
	const said = (change: Partial<typeof snapshot>) =>
		drawFindings({...snapshot, findings: [], ...change}, 80, 24, plain)
			.map(line => stripVTControlCharacters(line).trim())
			.join('\n');
	const [first, ...others] = snapshot.queues;
	if (first === undefined) throw new Error('No queue in the fixture.');
	expect(said({})).toBe('● no findings');
	const unread = others.map(queue => ({...queue, readAt: undefined}));
	expect(said({queues: [first, ...unread]})).toBe(
		`no findings so far; ${unread.length} of ${snapshot.queues.length} queues are still to be read`,
	);
});
