type Environment = Readonly<Record<string, string | undefined>>;

/** What terminals take at most: more is cut by some and breaks others. */
const largest = 100_000;

/** GNU screen takes its passed-through strings in pieces of this size. */
const screenPiece = 768;

/** Bytes that put a text on the clipboard of the person's own machine, or why that cannot be. */
export type Copy =
	| {readonly kind: 'bytes'; readonly bytes: string}
	| {readonly kind: 'refused'; readonly reason: string};

/**
 * Copies by OSC 52, which works over ssh where nothing else does. tmux gets it twice, wrapped and bare: it listens to
 * one with `allow-passthrough`, to the other with `set-clipboard on`. Whether the terminal obeys cannot be known.
 */
export function copyBytes(text: string, environment: Environment): Copy {
	const payload = Buffer.from(text, 'utf8').toString('base64');
	if (payload.length > largest) {
		const size = Math.round(Buffer.byteLength(text) / 1000);
		return {kind: 'refused', reason: `${size} kB are more than a terminal's clipboard takes (75 kB)`};
	}
	const sequence = `\u001b]52;c;${payload}\u0007`;
	if (environment['TMUX']) {
		return {kind: 'bytes', bytes: `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\${sequence}`};
	}
	if (/^screen/.test(environment['TERM'] ?? '')) {
		const pieces = sequence.match(new RegExp(`.{1,${screenPiece}}`, 'gs')) ?? [];
		return {kind: 'bytes', bytes: pieces.map(piece => `\u001bP${piece}\u001b\\`).join('')};
	}
	return {kind: 'bytes', bytes: sequence};
}
