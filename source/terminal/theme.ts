import {Chalk} from 'chalk';

/** Paints text. Each painter takes plain, already fitted text and answers it with colour codes (or unchanged). */
export interface Theme {
	readonly ascii: boolean;
	/** Glyphs with their ASCII stand-ins, all one cell wide. */
	readonly glyph: Readonly<Record<Glyph, string>>;
	readonly paint: Readonly<Record<Tone, (text: string) => string>>;
}

/** What a piece of text is, not what colour it has. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'title'
	| 'ok'
	| 'running'
	| 'waiting'
	| 'warning'
	| 'error'
	| 'badge'
	/** The name of the environment, in the colour that its profile gives it. */
	| 'label'
	| 'cursor'
	| 'key';

export type Glyph =
	| 'critical'
	| 'warning'
	| 'ok'
	| 'running'
	| 'pending'
	| 'sleeping'
	| 'completed'
	| 'failed'
	| 'cancelled'
	| 'cursor'
	| 'barFull'
	| 'barEmpty'
	| 'ellipsis'
	| 'separator'
	| 'marked'
	| 'none';

const glyphs: Readonly<Record<Glyph, readonly [unicode: string, ascii: string]>> = {
	critical: ['▲', '!'],
	warning: ['△', '?'],
	ok: ['●', '*'],
	running: ['●', '*'],
	pending: ['○', 'o'],
	sleeping: ['◐', 'z'],
	completed: ['✓', '+'],
	failed: ['✗', 'x'],
	cancelled: ['⊘', '/'],
	cursor: ['▸', '>'],
	barFull: ['▓', '#'],
	barEmpty: ['░', '.'],
	ellipsis: ['…', '~'],
	separator: ['│', '|'],
	marked: ['◆', '#'],
	none: ['–', '-'],
};

/** 16 colours, so that the terminal's own palette decides: it is the one that is readable on its background. */
const coloured = new Chalk({level: 1});

const attributes: Readonly<Record<Tone, (text: string) => string>> = {
	plain: text => text,
	dim: text => coloured.dim(text),
	strong: text => coloured.bold(text),
	title: text => coloured.bold(text),
	ok: text => text,
	running: text => text,
	waiting: text => text,
	warning: text => coloured.bold(text),
	error: text => coloured.bold(text),
	badge: text => coloured.inverse(text),
	label: text => coloured.bold(text),
	cursor: text => coloured.inverse(text),
	key: text => coloured.bold(text),
};

const colours: Readonly<Record<Tone, (text: string) => string>> = {
	...attributes,
	title: text => coloured.bold.cyan(text),
	ok: text => coloured.green(text),
	running: text => coloured.cyan(text),
	waiting: text => coloured.magenta(text),
	warning: text => coloured.yellow(text),
	error: text => coloured.red(text),
};

/** Colours that a label can have: those of the terminal's palette. */
export const labelColours = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

export type LabelColour = (typeof labelColours)[number];

/** The theme for what is no longer renewed: all is dim but the cursor and the keys, which work on. */
export function fade({paint, ...rest}: Theme): Theme {
	const {dim} = attributes;
	const {cursor, key, badge} = paint;
	return {
		...rest,
		paint: {
			plain: dim,
			dim,
			strong: dim,
			title: dim,
			ok: dim,
			running: dim,
			waiting: dim,
			warning: dim,
			error: dim,
			label: dim,
			cursor,
			key,
			badge,
		},
	};
}

export interface ThemeOptions {
	readonly ascii: boolean;
	readonly colour: boolean;
	readonly labelColour?: LabelColour | undefined;
}

function painters(labelColour: LabelColour | undefined): Theme['paint'] {
	if (labelColour === undefined) return colours;
	return {...colours, label: text => coloured.bold[labelColour](text)};
}

/**
 * Makes the theme. Without colour (`NO_COLOR`) bold, dim and inverse remain: they are no colours, and a cursor must be
 * seen. No tone sets a background, so that light and dark terminals both stay readable.
 */
export function createTheme(options: ThemeOptions): Theme {
	const {ascii, colour, labelColour} = options;
	const at = ascii ? 1 : 0;
	const glyph = (name: Glyph) => glyphs[name][at];
	return {
		ascii,
		glyph: {
			critical: glyph('critical'),
			warning: glyph('warning'),
			ok: glyph('ok'),
			running: glyph('running'),
			pending: glyph('pending'),
			sleeping: glyph('sleeping'),
			completed: glyph('completed'),
			failed: glyph('failed'),
			cancelled: glyph('cancelled'),
			cursor: glyph('cursor'),
			barFull: glyph('barFull'),
			barEmpty: glyph('barEmpty'),
			ellipsis: glyph('ellipsis'),
			separator: glyph('separator'),
			marked: glyph('marked'),
			none: glyph('none'),
		},
		paint: colour ? painters(labelColour) : attributes,
	};
}
