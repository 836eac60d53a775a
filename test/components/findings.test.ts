import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {drawFindings} from '../../source/components/findings.ts';
import type {Finding} from '../../source/monitor/snapshot.ts';
import {measure} from '../../source/terminal/fit.ts';
import {plain} from '../support/draw.ts';
import {snapshot} from '../support/fixture.ts';

const [leases, dead] = snapshot.findings;
const long: Finding = {rule: 'x', severity: 'warning', queue: undefined, sentence: 'word '.repeat(60)};
const hostile: Finding = {rule: 'y', severity: 'warning', queue: 'evil\u001b[2J\u202e', sentence: '🐘\n'.repeat(9)};

function line(findings: readonly (Finding | undefined)[], width: number): string {
	const given = findings.filter(finding => finding !== undefined);
	return stripVTControlCharacters(drawFindings({...snapshot, findings: given}, width, plain)).trimEnd();
}

test.each([
	[
		120,
		[leases, dead],
		'   agents: 14 leases expired, nobody has claimed for 4m   mail: 312 tasks dead, SMTPServerDisconnected',
	],
	[100, [leases, dead], '   agents: 14 leases expired, nobody has claimed for 4m   mail: 312 tasks dead…'],
	[80, [leases, dead], '   agents: 14 leases expired…   mail: 312 tasks dead…'],
	[80, [leases, long, dead], '   agents: 14 leases expired, nobody has claimed for 4m   ! 2 more'],
	[60, [leases, dead], '   agents: 14 leases expired…   ! 1 more'],
	[80, [leases], '   agents: 14 leases expired, nobody has claimed for 4m'],
] as const)('at %i columns no finding is cut in the middle', (width, findings, said) => {
	expect(line(findings, width)).toBe(` ▲ ${findings.length} finding${findings.length === 1 ? '' : 's'}${said}`);
});

test.each([60, 80, 120, 200])('whatever is said fits %i columns, and nothing is lost without a word', width => {
	for (const findings of [[long], [long, leases], [hostile, long, dead], [leases, hostile, long, dead]]) {
		const text = line(findings, width);
		expect(measure(text)).toBeLessThanOrEqual(width);
		expect(text).not.toMatch(/[\u0000-\u001f\u202e]/u);
		const said = ['leases expired', '312 tasks', 'word', 'evil'].filter(part => text.includes(part)).length;
		expect(said + Number(/! (\d+) more/.exec(text)?.[1] ?? 0)).toBe(findings.length);
	}
});
