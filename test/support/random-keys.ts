import type {Key} from 'ink';
import {pick} from './random.ts';

/** A key without any other. */
export const plain: Key = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageDown: false,
	pageUp: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	ctrl: false,
	shift: false,
	tab: false,
	backspace: false,
	delete: false,
	meta: false,
	super: false,
	hyper: false,
	capsLock: false,
	numLock: false,
};

/** Events of Ink that arrive together. */
export type Chunk = ReadonlyArray<readonly [input: string, key: Key]>;

const named: ReadonlyArray<readonly [string, Key]> = [
	['', {...plain, return: true}],
	['', {...plain, escape: true}],
	['', {...plain, tab: true}],
	['', {...plain, tab: true, shift: true}],
	['', {...plain, upArrow: true}],
	['', {...plain, downArrow: true}],
	['', {...plain, leftArrow: true}],
	['', {...plain, rightArrow: true}],
	['', {...plain, pageDown: true}],
	['', {...plain, backspace: true}],
	['d', {...plain, ctrl: true}],
	['u', {...plain, ctrl: true}],
	['e', {...plain, ctrl: true}],
	['o', {...plain, ctrl: true}],
];

/** What acts and what confirms comes more often than chance would have it. */
const letters = 'RRRRCCCCNNEEAAMMyyyyyyyynnsrrevv**UU   jjjkkgGqTDI<>/?@0123456789+-=pr[]{}":,.xXaZ~é漢'.split('');

/** A random chunk of input; `lone` is the key that acts or confirms when it came alone. */
export function chunk(random: () => number): {readonly events: Chunk; readonly lone: string | undefined} {
	const kind = random();
	if (kind < 0.25) {
		const event = pick(named, random);
		return {events: [event], lone: event[1].return ? 'enter' : undefined};
	}
	if (kind < 0.75) {
		const letter = pick(letters, random);
		return {events: [[letter, plain]], lone: letter};
	}
	// A burst: what a slow line, or a paste without brackets, brings at once.
	const events = Array.from({length: 2 + Math.floor(random() * 3)}, (): readonly [string, Key] =>
		random() < 0.3
			? pick(named, random)
			: [pick(letters, random) + (random() < 0.5 ? pick(letters, random) : ''), plain],
	);
	return {events, lone: undefined};
}

/** What confirms a dialog. */
export const yes: {readonly events: Chunk; readonly lone: string | undefined} = {events: [['y', plain]], lone: 'y'};

/** Out of whatever is open. */
export const back: Chunk = Array.from({length: 3}, (): readonly [string, Key] => ['', {...plain, escape: true}]);
/** A text, key by key. */
export const typed = (text: string): Chunk => [...text].map((letter): readonly [string, Key] => [letter, plain]);
export const enter: Chunk = [['', {...plain, return: true}]];
