import {existsSync, readFileSync} from 'node:fs';
import {stripVTControlCharacters} from 'node:util';
import {describe, expect, it} from 'vitest';
import {bindings, liveScopes} from '../../source/keys/bindings.ts';
import {hintLine} from '../../source/keys/hints.ts';
import {insertKeyTable, keyTable} from '../../source/keys/table.ts';
import {measure} from '../../source/terminal/fit.ts';
import {createTheme} from '../../source/terminal/theme.ts';

const theme = createTheme({ascii: false, colour: true});

function hints(scopes: keyof typeof liveScopes, width: number, off: readonly string[] = []): string {
	const whyNot = (id: string) => (off.includes(id) ? 'not now' : undefined);
	return hintLine({scopes: liveScopes[scopes], width, theme, whyNot, back: scopes === 'overview' ? 'quit' : 'back'});
}

describe('hint line', () => {
	it('fits every width, and shows the way out before anything else', () => {
		for (const scopes of ['overview', 'run', 'help', 'prompt', 'dialog', 'form'] as const) {
			for (let width = 1; width < 200; width++) expect(measure(hints(scopes, width))).toBeLessThanOrEqual(width);
		}
		expect(stripVTControlCharacters(hints('overview', 20))).toBe(' ? help  q quit');
		expect(stripVTControlCharacters(hints('overview', 80))).toMatchInlineSnapshot(
			`" Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"`,
		);
		expect(stripVTControlCharacters(hints('run', 80))).toContain('q back');
		expect(stripVTControlCharacters(hints('dialog', 80))).toBe(' n close');
	});

	it('dims what cannot be done now', () => {
		expect(hints('overview', 80, ['action.retry'])).toContain(theme.paint.dim('R retry'));
	});
});

describe('table of keys', () => {
	it('has a row for every binding but those of popups that only show', () => {
		const rows = keyTable().split('\n').slice(2);
		expect(rows).toHaveLength(bindings.filter(({scope}) => scope !== 'help').length);
		expect(rows.join('\n')).toContain('| `j` `↓` | next row |');
	});

	it('goes between its marks', () => {
		const text = 'a\n<!-- keys: made by scripts/key-table.ts -->\nold\n<!-- end of keys -->\nb';
		expect(insertKeyTable(text)).toBe(text.replace('old', keyTable()));
		expect(insertKeyTable('no marks')).toBe('no marks');
	});

	it.runIf(existsSync('README.md'))('is up to date in README.md (node scripts/key-table.ts)', () => {
		const readme = readFileSync('README.md', 'utf8');
		expect(insertKeyTable(readme)).toBe(readme);
	});
});
