import {type DocumentRow, type DocumentState, toggle} from '../../components/document.ts';
import {isInside} from '../../components/document-view.ts';
import {drawLine} from '../../components/line.ts';
import {drawField, editField, textField} from '../../components/text-field.ts';
import type {CommandContext, DrawContext} from '../screen.ts';
import {layOutRun} from './frame.ts';
import {documentOf, type RunState, type Search, withDocument} from './state.ts';

/** What is looked for is short; a pasted page is none. */
const longest = 200;

function matches({pieces, found}: DocumentRow, needle: string): boolean {
	const text = pieces
		.map(piece => piece.text)
		.join('')
		.toLowerCase();
	return text.includes(needle) || (found?.toLowerCase().includes(needle) ?? false);
}

/** Unfolds what hides a row, from the outside in. */
function reveal(state: RunState, id: string, context: DrawContext): RunState {
	let shown = state;
	// Each turn opens one level; documents are not nested deeper than they are read.
	for (let turn = 0; turn < 200; turn++) {
		const rows = layOutRun(shown, context)?.rows ?? [];
		if (rows.some(row => row.id === id)) break;
		const lid = rows.find(row => row.fold === 'folded' && isInside(id, row.id));
		if (lid === undefined) break;
		const document: DocumentState = toggle(documentOf(shown), lid, 'open');
		shown = withDocument(shown, document);
	}

	const document = documentOf(shown);
	return withDocument(shown, {...document, cursor: {...document.cursor, id}});
}

/** Sends the cursor to the next or previous line with the text, round the end; unfolds what hides it. */
export function findNext(state: RunState, step: 1 | -1, context: CommandContext): RunState {
	const {search} = state;
	const needle = search?.text.toLowerCase() ?? '';
	if (search === undefined || needle === '') {
		context.say('Nothing is looked for yet: / asks what.', 'warning');
		return state;
	}

	const all = layOutRun(state, context, 'all-open')?.rows ?? [];
	const hits = all.flatMap((row, index) => (matches(row, needle) ? [index] : []));
	if (hits.length === 0) {
		context.say(`Not in this section: ${search.text}`, 'warning');
		return {...state, search: {...search, hit: {place: 0, of: 0}}};
	}

	const here = all.findIndex(({id}) => id === documentOf(state).cursor.id);
	const ahead = step === 1 ? hits.findIndex(index => index > here) : hits.findLastIndex(index => index < here);
	const place = ahead >= 0 ? ahead : step === 1 ? 0 : hits.length - 1;
	const id = all[hits[place] ?? 0]?.id ?? '';
	return {...reveal(state, id, context), search: {...search, hit: {place: place + 1, of: hits.length}}};
}

/** A key while the text is typed: Enter looks for it, Esc leaves. */
export function typeSearch(
	state: RunState,
	key: {readonly name: string; readonly text: string},
	context: CommandContext,
): RunState {
	const {search} = state;
	if (search === undefined || key.name === 'escape' || (key.name === 'enter' && search.text === '')) {
		return {...state, search: undefined};
	}

	if (key.name === 'enter') {
		return findNext({...state, search: {...search, typing: false}}, 1, context);
	}

	const text = editField(textField(search.text), key)?.text.slice(0, longest) ?? search.text;
	return {...state, search: {...search, text, hit: undefined}};
}

/** The line below the section: the field, or what was looked for and where the cursor stands among what was found. */
export function searchLine({text, typing, hit}: Search, {width, theme}: DrawContext): string {
	if (typing) {
		return ` /${drawField(textField(text), Math.max(1, width - 2), theme, true)}`;
	}

	const place = hit === undefined ? '' : hit.of === 0 ? '  not found' : `  ${hit.place} of ${hit.of}`;
	return drawLine(
		[
			{text: ` /${text}`, tone: 'key'},
			{text: `${place}   n next  b previous  Esc ends the search`, tone: 'dim'},
		],
		width,
		theme,
	);
}
