import type stringWidth from 'string-width';
import {isPlain} from '../sanitise.ts';

const styles = /\u001B\[[\d;]*m/g;

/**
 * What the bundle has in the place of `string-width`, for Ink above all: it measures every styled line of every frame,
 * grapheme by grapheme where a line is not ASCII. Nearly all our lines are made of characters of known width; the rest
 * goes to the library, which is only loaded then (its tables of emoji cost a tenth of the start), with the same answer.
 */
export function quickStringWidth(library: () => typeof stringWidth): typeof stringWidth {
	return (text, options) => {
		if (options !== undefined) return library()(text, options);
		const bare = text.includes('\u001B') ? text.replace(styles, '') : text;
		return isPlain(bare) ? bare.length : library()(text);
	};
}
