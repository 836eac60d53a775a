import type {DrawContext} from '../../source/screens/screen.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {now, snapshot} from './fixture.ts';

/** Frames as text: no colour, so that what colour alone would say is missing. */
export const plain = createTheme({ascii: false, colour: false});

/** A context to draw a screen with, without a shell around it. */
export function drawContext(width: number, height: number, rest: Partial<DrawContext> = {}): DrawContext {
	return {
		snapshot,
		answers: {},
		width,
		height,
		theme: plain,
		now,
		utc: true,
		hands: undefined,
		...rest,
	};
}

const colourCodes = /\u001b\[[0-9;]*m/g;

/** Rows without bold, dim, inverse and colours. */
export function plainText(rows: readonly string[]): string {
	return rows.map(row => row.replaceAll(colourCodes, '').trimEnd()).join('\n');
}
