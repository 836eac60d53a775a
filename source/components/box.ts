import {clip, measure} from '../terminal/fit.ts';
import type {Theme} from '../terminal/theme.ts';

interface Border {
	readonly topLeft: string;
	readonly topRight: string;
	readonly bottomLeft: string;
	readonly bottomRight: string;
	readonly across: string;
	readonly down: string;
}

const unicode: Border = {topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', across: '─', down: '│'};
const ascii: Border = {topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', across: '-', down: '|'};

/** Cells and lines that the border takes away. */
export const boxMargin = {width: 4, height: 2};

/**
 * Puts a border with a title round lines that are `width` − 4 cells wide each. `label`, the name of the environment,
 * stands at the right end of the border.
 */
export function drawBox(
	title: string,
	lines: readonly string[],
	width: number,
	theme: Theme,
	label?: string,
): readonly string[] {
	const border = theme.ascii ? ascii : unicode;
	const name = clip(title, Math.max(0, width - 6));
	const paint = theme.paint.dim;
	const badge = label === undefined ? '' : clip(label, Math.max(0, Math.min(30, width - 9 - measure(name))));
	const rest = Math.max(0, width - 5 - measure(name) - (badge === '' ? 0 : measure(badge) + 3));
	const end = badge === '' ? '' : `${paint(' ')}${theme.paint.label(badge)}${paint(` ${border.across}`)}`;
	return [
		`${paint(`${border.topLeft}${border.across} `)}${theme.paint.title(name)}${paint(` ${border.across.repeat(rest)}`)}${end}${paint(border.topRight)}`,
		...lines.map(line => `${paint(`${border.down} `)}${line}${paint(` ${border.down}`)}`),
		paint(border.bottomLeft + border.across.repeat(Math.max(0, width - 2)) + border.bottomRight),
	];
}
