import type {FilterBook} from '../monitor/filter/book.ts';
import {completeFilter, type Vocabulary} from '../monitor/filter/complete.ts';
import {unknownTerm} from '../monitor/filter/match.ts';
import {longestFilter, parseFilter} from '../monitor/filter/parse.ts';
import type {Filter, FilterDocument, FilterError, FilterKey} from '../monitor/filter/syntax.ts';
import type {Theme} from '../terminal/theme.ts';
import {drawLine, type Piece} from './line.ts';
import {drawField, editField, insertText, type TextField, textField} from './text-field.ts';

/** A filter that is being typed. */
export interface FilterPrompt {
	readonly field: TextField;
	/** What was typed before walking into the history, and how far back; undefined = not walking. */
	readonly walk: {readonly typed: string; readonly back: number} | undefined;
	/** The options that Tab goes through, and which it put in; undefined = Tab asks anew. */
	readonly tab: {readonly from: number; readonly options: readonly string[]; readonly chosen: number} | undefined;
	/** What was there before: Esc of an untouched prompt leaves it. */
	readonly before: string;
}

export interface PromptContext {
	readonly book: Pick<FilterBook, 'recent'>;
	readonly vocabulary: Vocabulary;
}

export function openPrompt(filter: string): FilterPrompt {
	return {field: textField(filter), walk: undefined, tab: undefined, before: filter};
}

/** What a key did: typing goes on, or it was kept, or cleared. */
export type PromptStep =
	| {readonly kind: 'typing'; readonly prompt: FilterPrompt}
	| {readonly kind: 'kept'; readonly filter: string}
	| {readonly kind: 'cleared'};

function typing(prompt: FilterPrompt, change: Partial<FilterPrompt> = {}): PromptStep {
	return {kind: 'typing', prompt: {...prompt, walk: undefined, tab: undefined, ...change}};
}

function walkBack(prompt: FilterPrompt, step: 1 | -1, recent: readonly string[]): PromptStep {
	const {typed, back} = prompt.walk ?? {typed: prompt.field.text, back: 0};
	const next = Math.max(0, Math.min(recent.length, back + step));
	const text = next === 0 ? typed : (recent[next - 1] ?? '');
	return typing(prompt, {field: textField(text), walk: {typed, back: next}});
}

function complete(prompt: FilterPrompt, step: 1 | -1, vocabulary: Vocabulary): PromptStep {
	const {text, caret} = prompt.field;
	const asked = prompt.tab ?? {...completeFilter(text, caret, vocabulary), chosen: step === 1 ? -1 : 0};
	const {from, options} = asked;
	if (options.length === 0) return typing(prompt);
	const chosen = (asked.chosen + step + options.length) % options.length;
	const option = options[chosen] ?? '';
	const field = {text: text.slice(0, from) + option + text.slice(caret), caret: from + option.length};
	// A single one is taken; from there the next Tab asks anew, for what may follow.
	return typing(prompt, {field, tab: options.length === 1 ? undefined : {from, options, chosen}});
}

/** A key or a paste while a filter is typed. Enter does not keep a filter that cannot be read. */
export function typePrompt(
	prompt: FilterPrompt,
	key: {readonly name: string; readonly text: string},
	{book, vocabulary}: PromptContext,
): PromptStep {
	const {field} = prompt;
	switch (key.name) {
		case 'enter':
			return parseFilter(field.text).error === undefined ? {kind: 'kept', filter: field.text.trim()} : typing(prompt);
		case 'escape':
			return {kind: 'cleared'};
		case 'up':
			return walkBack(prompt, 1, book.recent());
		case 'down':
			return walkBack(prompt, -1, book.recent());
		case 'tab':
			return complete(prompt, 1, vocabulary);
		case 'shift+tab':
			return complete(prompt, -1, vocabulary);
		case 'backspace':
			if (field.text === '') return {kind: 'kept', filter: ''};
	}
	if (key.text === '') return typing(prompt, {field: editField(field, key) ?? field});
	return typing(prompt, {field: insertText(field, key.text.slice(0, Math.max(0, longestFilter - field.text.length)))});
}

/** The line that is typed into, exactly `width` cells: `/state:failed`. */
export function drawPrompt({field}: FilterPrompt, width: number, theme: Theme): string {
	return theme.paint.key(' /') + drawField(field, Math.max(1, width - 2), theme, true);
}

/** The text with its caret, for a line that holds more. */
export function typedPieces({field: {text, caret}}: FilterPrompt): readonly Piece[] {
	const under = [...text.slice(caret)][0] ?? '';
	return [
		{text: `  /${text.slice(0, caret)}`, tone: 'key'},
		{text: under === '' ? ' ' : under, tone: 'cursor'},
		{text: text.slice(caret + under.length), tone: 'key'},
	];
}

/** Where what only some rows have is to be found. */
const elsewhere: Readonly<Partial<Record<FilterKey | FilterDocument, string>>> = {
	params: ' Tasks (2) looks into documents.',
	headers: ' Tasks (2) looks into documents.',
	rule: ' The Doctor (8) has.',
	severity: ' The Doctor (8) has.',
	action: ' The log (@) has.',
	outcome: ' The log (@) has.',
};

/** The first term that asks for what the rows of this list do not have. */
function missing(filter: Filter, keys: Vocabulary['keys']): FilterError | undefined {
	const term = keys === undefined ? undefined : unknownTerm(filter, keys);
	return (
		term && {...term, sentence: `The rows here have no ${term.asks}.${elsewhere[term.asks] ?? ''}`, unfinished: false}
	);
}

/** Under it: what is wrong and where, or what could follow. */
export function promptNote(prompt: FilterPrompt, {vocabulary}: Pick<PromptContext, 'vocabulary'>): readonly Piece[] {
	const {text, caret} = prompt.field;
	const filter = parseFilter(text);
	const error = filter.error ?? missing(filter, vocabulary.keys);
	const options = prompt.tab?.options ?? completeFilter(text, caret, vocabulary).options;
	if (error !== undefined && (options.length === 0 || !error.unfinished || error.to < caret)) {
		return [{text: `${errorPlace(text, error)}: ${error.sentence}`, tone: 'warning'}];
	}
	if (options.length === 0) return [{text: 'Enter keeps it, Esc clears it, ↑ earlier ones', tone: 'dim'}];
	return [
		{text: 'Tab ', tone: 'key'},
		...options.map((option, index) => ({
			text: `${option} `,
			tone: index === prompt.tab?.chosen ? ('strong' as const) : ('dim' as const),
		})),
	];
}

/** `at 7 “stat:x”`: where an error stands, columns counted from 1. */
export function errorPlace(text: string, {from, to}: {readonly from: number; readonly to: number}): string {
	const part = text.slice(from, Math.min(to, from + 24));
	return `at ${[...text.slice(0, from)].length + 1} “${part}”`;
}

/** That note as a line. */
export function drawPromptNote(
	prompt: FilterPrompt,
	context: Pick<PromptContext, 'vocabulary'>,
	{width, theme}: {readonly width: number; readonly theme: Theme},
): string {
	return drawLine([{text: '   ', tone: 'plain'}, ...promptNote(prompt, context)], width, theme);
}

/** The two lines of an open prompt. */
export function drawPromptLines(
	prompt: FilterPrompt,
	context: Pick<PromptContext, 'vocabulary'>,
	{width, theme}: {readonly width: number; readonly theme: Theme},
): readonly string[] {
	return [drawPrompt(prompt, width, theme), drawPromptNote(prompt, context, {width, theme})];
}
