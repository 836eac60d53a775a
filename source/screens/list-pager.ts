import {drawPromptNote, type FilterPrompt, openPrompt, typedPieces, typePrompt} from '../components/filter-prompt.ts';
import type {Piece} from '../components/line.ts';
import {filtered, type ListSpec} from '../components/list.ts';
import {unknownTerm} from '../monitor/filter/match.ts';
import {parseFilter} from '../monitor/filter/parse.ts';
import type {FilterDocument, FilterKey} from '../monitor/filter/syntax.ts';
import type {Probe} from '../monitor/probe.ts';
import {createPager, type Overlay, plainRow} from './overlay.ts';
import type {CommandContext, DrawContext} from './screen.ts';
import {listVocabulary} from './vocabulary.ts';

/** A list that only scrolls: what its items say, and the rows of each. */
export interface PagerList<Item> extends Required<Pick<ListSpec<Item, DrawContext>, 'texts' | 'values'>> {
	readonly title: string;
	readonly keys: ReadonlySet<FilterKey | FilterDocument>;
	items(context: DrawContext): readonly Item[];
	rows(item: Item, context: DrawContext): readonly string[];
	/** Above the items, whatever the filter. */
	head(context: DrawContext): readonly string[];
	/** In place of items, when there are none. */
	empty(context: DrawContext): string;
}

/** A list over the screen that scrolls and is narrowed with `/`. `probe`: what the screen below wants polled meanwhile. */
export function createListPager<Item>(list: PagerList<Item>, probe: () => Probe | undefined): Overlay {
	let filter = '';
	let prompt: FilterPrompt | undefined;

	function shown(context: DrawContext): readonly Item[] {
		return filtered(list, parseFilter(filter), list.items(context), context);
	}

	function rows(context: DrawContext): readonly string[] {
		const items = shown(context);
		const none = filter === '' ? list.empty(context) : 'Nothing here matches the filter. Esc clears it.';
		const body = items.length === 0 ? [plainRow(` ${none}`, context)] : items.flatMap(item => list.rows(item, context));
		return [...list.head(context), ...body];
	}

	function wish(context: DrawContext): readonly Piece[] {
		if (prompt !== undefined) return typedPieces(prompt);
		if (filter === '') return [];
		const unknown = unknownTerm(parseFilter(filter), list.keys);
		return [
			{text: `  /${filter}`, tone: 'key'},
			unknown === undefined
				? {text: `  ${shown(context).length} of ${list.items(context).length}`, tone: 'plain'}
				: {text: `  no ${unknown.asks} here`, tone: 'warning'},
		];
	}

	function vocabulary(context: DrawContext) {
		const values = list.items(context).map(item => list.values(item, context));
		return listVocabulary(list.keys, values, context.snapshot);
	}

	function type(key: {readonly name: string; readonly text: string}, context: CommandContext): 'stay' {
		if (prompt === undefined) return 'stay';
		const step = typePrompt(prompt, key, {book: context.filters, vocabulary: vocabulary(context)});
		if (step.kind === 'typing') {
			prompt = step.prompt;
			filter = prompt.field.text;
			return 'stay';
		}
		filter = step.kind === 'kept' ? step.filter : '';
		prompt = undefined;
		context.filters.remember(filter);
		return 'stay';
	}

	const pager = createPager(list.title, rows, wish);
	return {
		get scope() {
			return prompt === undefined ? 'help' : 'prompt';
		},
		more: ['pager'],
		get type() {
			return prompt === undefined ? undefined : type;
		},
		draw(context) {
			if (prompt === undefined) return pager.draw(context);
			const [head = '', ...rest] = pager.draw({...context, height: Math.max(1, context.height - 1)});
			return [head, drawPromptNote(prompt, {vocabulary: vocabulary(context)}, context), ...rest];
		},
		handle(command, context) {
			if (command === 'pager.filter') prompt = openPrompt(filter);
			else if (command === 'help.escape' && filter !== '') filter = '';
			else return pager.handle(command, context);
			return true;
		},
		probe,
		answered: () => true,
	};
}
