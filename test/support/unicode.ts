import type xterm from '@xterm/headless';
import stringWidth from 'string-width';

const widths = new Map<number, 0 | 1 | 2>();

function widthOf(codepoint: number): 0 | 1 | 2 {
	const known = widths.get(codepoint);
	if (known !== undefined) return known;
	const measured = stringWidth(String.fromCodePoint(codepoint));
	const width = measured === 0 ? 0 : measured === 1 ? 1 : 2;
	widths.set(codepoint, width);
	return width;
}

/**
 * Teaches the emulator the widths of a terminal of today: by itself it knows those of Unicode 6, in which no emoji is
 * wide. The value packs the width and whether the character joins the one before, as the emulator does itself.
 */
export function teachModernWidths(terminal: InstanceType<typeof xterm.Terminal>): void {
	terminal.unicode.register({
		version: 'modern',
		wcwidth: widthOf,
		charProperties(codepoint, preceding) {
			const width = widthOf(codepoint);
			const before = (preceding >> 1) & 3;
			const joins = width === 0 && preceding !== 0 && before !== 0;
			return (Math.max(width, joins ? before : 0) << 1) | (joins ? 1 : 0);
		},
	});
	terminal.unicode.activeVersion = 'modern';
}
