import {drawLine, drawText} from '../components/line.ts';
import {fit} from '../terminal/fit.ts';
import type {Overlay} from './overlay.ts';
import type {CommandContext, DrawContext} from './screen.ts';

/** A filter that can be applied: one that is kept under a name, or one of this session. */
interface Choice {
	readonly name: string | undefined;
	readonly filter: string;
}

const nameCells = 20;

const moves: Readonly<Record<string, 1 | -1>> = {'filters.down': 1, 'filters.up': -1};

/** Saved filters first, then those used in this session. */
export function filterChoices({saved, recent}: CommandContext['filters']): readonly Choice[] {
	const kept = new Set(saved.map(({filter}) => filter));
	return [
		...saved,
		...recent()
			.filter(filter => !kept.has(filter))
			.map(filter => ({name: undefined, filter})),
	];
}

/** `f`: filters to choose from; Enter applies the one under the cursor to the list below. */
export function createSavedFilters(
	choices: readonly Choice[],
	apply: (filter: string, context: CommandContext) => void,
): Overlay {
	let place = 0;

	function row({name, filter}: Choice, cursor: boolean, {width, theme}: DrawContext): string {
		const label = fit(name ?? '(this session)', nameCells);
		if (cursor) return drawText(`${theme.glyph.cursor} ${label}  ${filter}`, width, 'cursor', theme);
		return drawLine(
			[
				{text: `  ${label}`, tone: name === undefined ? 'dim' : 'strong'},
				{text: `  ${filter}`, tone: 'plain'},
			],
			width,
			theme,
		);
	}

	return {
		scope: 'filters',
		draw(context) {
			const room = Math.max(1, context.height - 1);
			const top = Math.max(0, Math.min(place - Math.floor(room / 2), choices.length - room));
			const title = drawText(` Filters ${choices.length}`, context.width, 'title', context.theme);
			return [title, ...choices.slice(top, top + room).map((each, index) => row(each, top + index === place, context))];
		},
		handle(command, context) {
			const move = moves[command];
			const chosen = choices[place];
			if (command === 'filters.apply' && chosen !== undefined) apply(chosen.filter, context);
			if (move !== undefined) place = Math.max(0, Math.min(choices.length - 1, place + move));
			return move !== undefined;
		},
		probe: () => undefined,
		answered: () => true,
	};
}
