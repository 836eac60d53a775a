import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {drills} from './incidents/list.ts';
import {wayOf} from './incidents/page.ts';

test('docs/incidents.md has every drill with its story, its first screen, its keys and its fix', () => {
	const page = readFileSync('docs/incidents.md', 'utf8');
	const sections = page.split(/^## /m).slice(1);
	expect(sections.map(section => section.split('\n')[0])).toEqual(drills.map(({title}) => title));
	for (const [index, drill] of drills.entries()) {
		const section = sections[index] ?? '';
		expect(section).toContain(drill.story);
		expect(section).toMatch(drill.says);
		expect(section).toContain(`**What to do:** ${drill.fix}`);
		for (const step of drill.steps) expect(section).toContain(wayOf(step));
	}
});
