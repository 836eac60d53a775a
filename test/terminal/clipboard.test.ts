import {describe, expect, it} from 'vitest';
import {copyBytes} from '../../source/terminal/clipboard.ts';

/** What a terminal would put on its clipboard; undefined when it would not understand. */
function received(bytes: string): string | undefined {
	const payload = /\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/.exec(bytes)?.[1];
	return payload === undefined ? undefined : Buffer.from(payload, 'base64').toString('utf8');
}

const text = 'käse 漢字 \u001b]0;x\u0007';

describe('copying', () => {
	it('sends the raw text by OSC 52', () => {
		const copy = copyBytes(text, {TERM: 'xterm-256color'});
		expect(copy.kind === 'bytes' && received(copy.bytes)).toBe(text);
	});

	it('passes through tmux: wrapped, and bare for a tmux that listens itself', () => {
		const copy = copyBytes(text, {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'});
		const bytes = copy.kind === 'bytes' ? copy.bytes : '';
		const wrapped = /^\u001bPtmux;(.*?[^\u001b])\u001b\\(.*)$/s.exec(bytes);
		expect(received(wrapped?.[1]?.replaceAll('\u001b\u001b', '\u001b') ?? '')).toBe(text);
		expect(received(wrapped?.[2] ?? '')).toBe(text);
	});

	it('passes through screen in pieces', () => {
		const long = 'x'.repeat(3000);
		const copy = copyBytes(long, {TERM: 'screen-256color'});
		const pieces = copy.kind === 'bytes' ? copy.bytes.split('\u001b\\').slice(0, -1) : [];
		expect(pieces.length).toBeGreaterThan(4);
		for (const piece of pieces) {
			expect(piece.startsWith('\u001bP')).toBe(true);
			expect(piece.length).toBeLessThanOrEqual(770);
		}
		expect(received(pieces.map(piece => piece.slice(2)).join(''))).toBe(long);
	});

	it('refuses what terminals do not take', () => {
		expect(copyBytes('x'.repeat(74_000), {}).kind).toBe('bytes');
		expect(copyBytes('x'.repeat(200_000), {})).toEqual({
			kind: 'refused',
			reason: "200 kB are more than a terminal's clipboard takes (75 kB)",
		});
	});
});
