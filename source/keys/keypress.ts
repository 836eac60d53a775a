import type {Key} from 'ink';

/** One key: what it is called and what it types into a field. */
export interface Keypress {
	/** `j`, `G`, `down`, `pageup`, `tab`, `shift+tab`, `ctrl+l`, `meta+b`, `enter`, `escape`; for text the character. */
	readonly name: string;
	/** Empty for keys that type nothing. */
	readonly text: string;
}

const named: readonly (readonly [flag: keyof Key, name: string])[] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
];

const controlNames: Readonly<Record<string, string>> = {
	'\r': 'enter',
	'\n': 'enter',
	'\t': 'tab',
	'\b': 'backspace',
	'\u007f': 'backspace',
	'\u001b': 'escape',
};

/** Keys of one event of Ink's `useInput`, which tells `jjj` typed fast, or `jj` and Enter, as one event. */
export function toKeypresses(input: string, key: Key): readonly Keypress[] {
	const name = named.find(([flag]) => key[flag] === true)?.[1];
	if (name !== undefined) return [{name: withModifiers(name, key), text: ''}];
	if (key.ctrl && input !== '') return [{name: `ctrl+${input.toLowerCase()}`, text: ''}];
	if (key.meta && input !== '') return [{name: `meta+${input}`, text: ''}];
	return Array.from(input, character => characterKey(character));
}

/** True where the event is characters rather than a key with a name or a modifier. */
export function isText(input: string, key: Key): boolean {
	return input !== '' && !key.ctrl && !key.meta && !named.some(([flag]) => key[flag] === true);
}

/** The key that types this character. */
export function characterKey(character: string): Keypress {
	const name = controlNames[character];
	if (name !== undefined) return {name, text: ''};
	const code = character.codePointAt(0) ?? 0;
	if (code < 0x20) return {name: `ctrl+${String.fromCodePoint(code + 0x60)}`, text: ''};
	return {name: character, text: character};
}

function withModifiers(name: string, key: Pick<Key, 'ctrl' | 'shift' | 'meta'>): string {
	const modifiers = [key.ctrl ? 'ctrl+' : '', key.meta ? 'meta+' : '', key.shift ? 'shift+' : ''].join('');
	return modifiers + name;
}

/** Ends of the escape sequences that keys send, for those that arrive torn in two. */
const finals: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	H: 'home',
	F: 'end',
	Z: 'shift+tab',
	'1~': 'home',
	'3~': 'delete',
	'4~': 'end',
	'5~': 'pageup',
	'6~': 'pagedown',
	'7~': 'home',
	'8~': 'end',
};

/** The rest of an escape sequence whose Escape came before, at the start of a text. */
export interface Remnant {
	/** undefined for a sequence that is no key: it is swallowed. */
	readonly keypress: Keypress | undefined;
	/** Characters it takes. */
	readonly length: number;
}

/** Reads `[A`, `[1;5C`, `[5~`, `OA` at the start of a text; undefined where there is none. */
export function readRemnant(text: string): Remnant | undefined {
	const match = /^(?:\[([\d;]*)([A-Za-z~])|O([A-Za-z]))/.exec(text);
	if (match === null) return undefined;
	const [whole, parameters = '', final = '', single = ''] = match;
	const [first = '', modifier = '1'] = parameters.split(';');
	const name = finals[single || (final === '~' ? `${first}~` : final)];
	const bits = Math.max(0, Number(modifier) - 1);
	const keypress =
		name === undefined
			? undefined
			: {
					name: withModifiers(name, {ctrl: (bits & 4) > 0, meta: (bits & 2) > 0, shift: (bits & 1) > 0}),
					text: '',
				};
	return {keypress, length: whole.length};
}

/** True for the beginning of such a rest: `[`, `[1;`, `O`. */
export function isTornRemnant(text: string): boolean {
	return /^(?:\[[\d;]*|O)$/.test(text);
}
