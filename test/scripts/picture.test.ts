import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {pictureOf} from '../../scripts/picture/svg.ts';

/** The texts of a picture with their place, colour and weight. */
function texts(svg: string): readonly string[] {
	return [
		...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"[^>]* (fill=[^>]*)>([^<]*)<\/text>/g),
	].map(([, x, y, length, style, text]) => `${x},${y},${length} ${style} ${text}`);
}

test('a picture has the cells of the terminal where they stand, with their colours', async () => {
	const svg = await pictureOf('\u001B[31ma<b>&\u001B[0m c\r\n\u001B[1;7mok\u001B[0m 表x', 12, 2, 'A & B');
	expect(texts(svg)).toEqual([
		'14,28,42 fill="#e06c75" a&lt;b&gt;&amp;',
		'56,28,58.8 fill="#d8dee9"  c     ',
		'14,46,16.8 fill="#1b1f27" font-weight="bold" ok',
		'39.2,46,16.8 fill="#d8dee9" 表',
		'56,46,58.8 fill="#d8dee9" x      ',
	]);
	expect(svg).toContain('<rect x="14" y="32" width="16.8" height="18" fill="#d8dee9"/>');
	expect(svg).toContain('<title>A &amp; B</title>');
	expect(svg).not.toContain('\u001B');
});

test('what was written before the alternate screen is not in it', async () => {
	const svg = await pictureOf('secret\u001B[?1049h\u001B[Hscreen', 12, 2, '');
	expect(svg).toContain('>screen');
	expect(svg).not.toContain('secret');
});

test('the picture of the README is one, and shows the screen', () => {
	const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
	const [, name] = /!\[[^\]]+\]\((docs\/[\w-]+\.svg)\)/.exec(readme) ?? [];
	const svg = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
	const shown = texts(svg).join('\n');
	for (const word of ['absurd-top', 'Queues', 'Active claims', 'Recent failures', 'send-invoice'])
		expect(shown).toContain(word);
	// Nothing of the machine that it was made on.
	expect(shown).not.toMatch(/\/(?:home|tmp|root|work)\b/);
});
