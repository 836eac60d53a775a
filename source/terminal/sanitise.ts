/**
 * Everything that could steer a terminal, or hide in it. `\p{C}` are controls, format characters, lone surrogates,
 * private use and unassigned code points; the rest are spaces other than the plain one, line separators, and
 * characters that draw nothing (variation selectors, Hangul fillers) or change the width of their neighbour (skin
 * tones), about which terminals disagree.
 */
const suspicious = /[\p{C}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u2800]/u;
const suspiciousPieces = /\r\n|[\p{C}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u2800]/gu;

/**
 * ASCII, Latin letters and the glyphs that we draw with ourselves: harmless, each one cell wide, none joins another.
 * Nearly every text is made of them, and needs neither sanitising nor segmenting.
 */
const plain =
	/^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2039\u203a\u2190\u2191\u2192\u2193\u21b5\u21c4\u2212\u221e\u2264\u2265\u2298\u2400-\u2421\u2500-\u25a0\u25b2\u25b3\u25b8\u25be\u25c6\u25cb\u25cc\u25cf\u25d0\u2713\u2717]*$/;
const lineBreak = /^[\r\n\v\f\u0085\u2028\u2029]+$/;
const bidiControl = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
const space = /^[\t\u2800\p{Zs}]$/u;
const ignorable = /^[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u;

/** What stands for a line break inside one line. */
export const lineBreakSymbol = '↵';

/** What stands for a character that turns the direction of writing. */
export const bidiSymbol = '⇄';

/** True for text that is harmless and as wide as it is long. */
export function isPlain(text: string): boolean {
	return plain.test(text);
}

/**
 * Makes text harmless for a terminal, on one line: control characters become their symbols (`␛`), C1 controls, private
 * and unassigned characters `�`, line breaks `↵`, tabs and odd spaces a space, bidi controls `⇄`; what draws nothing is
 * dropped. Its cost grows with the text, so cut first: `fit` does.
 */
export function sanitise(text: string): string {
	if (isPlain(text) || !suspicious.test(text)) return text;
	return text.replace(suspiciousPieces, symbolFor);
}

/** A text without lines of its own, as a name in a dialog must be: else it could pass for a line that we wrote. */
export function onOneLine(text: string): string {
	return text.replaceAll(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g, lineBreakSymbol);
}

function symbolFor(piece: string): string {
	if (lineBreak.test(piece)) return lineBreakSymbol;
	if (space.test(piece)) return ' ';
	const code = piece.codePointAt(0) ?? 0;
	if (code < 0x20) return String.fromCodePoint(0x2400 + code);
	if (code === 0x7f) return '␡';
	if (bidiControl.test(piece)) return bidiSymbol;
	if (ignorable.test(piece)) return '';
	return '\ufffd';
}
