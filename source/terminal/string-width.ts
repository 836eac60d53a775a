import stringWidth, {type Options} from 'string-width';
import {isPlain} from './sanitise.ts';

const styles = /\u001B\[[\d;]*m/g;

/**
 * What the bundle has in the place of `string-width`, for Ink above all: it measures every styled line of every frame,
 * grapheme by grapheme where a line is not ASCII. Nearly all our lines are made of characters of known width; the rest
 * goes to the library, with the same answer (test/terminal/string-width.test.ts).
 */
export function quickStringWidth(text: string, options?: Options): number {
	if (options !== undefined) return stringWidth(text, options);
	const bare = text.includes('\u001B') ? text.replace(styles, '') : text;
	return isPlain(bare) ? bare.length : stringWidth(text);
}
