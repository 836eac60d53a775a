import {drawPromptNote} from '../../components/filter-prompt.ts';
import {drawText} from '../../components/line.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import {wrap} from '../../terminal/wrap.ts';
import type {DrawContext} from '../screen.ts';
import {divider} from './layout.ts';
import {layoutOf, panelContext, panels} from './panels.ts';
import type {OverviewState, PanelId} from './state.ts';
import {drawTitle} from './title.ts';
import {panelVocabulary} from './vocabulary.ts';

const empty: Readonly<Record<PanelId, string>> = {
	queues: `No queue in this database yet. Make one: select absurd.create_queue('NAME')`,
	claims: 'Nothing is running.',
	failures: 'No failure in the last minutes.',
};

function emptyText(state: OverviewState, id: PanelId, {snapshot}: DrawContext): string {
	if (snapshot.at === undefined) {
		return snapshot.connection.kind === 'lost' ? 'No data: the connection is lost.' : 'Reading…';
	}

	if (state.lists[id].filter !== '') {
		return `Nothing here matches “${state.lists[id].filter}”. Esc clears the filter.`;
	}

	if (id === 'queues' && snapshot.missing?.length) {
		return `No such queue: ${snapshot.missing.join(', ')}. It appears by itself once it is created.`;
	}

	if (id === 'queues') return empty[id];
	const queues = snapshot.queues.filter(({name}) => state.queue === undefined || name === state.queue);
	const unread = queues.filter(({fail5m, trouble}) => fail5m === undefined && trouble === undefined).length;
	// What was not looked at yet is no reason to say that there is nothing.
	if (unread > 0) {
		return `Nothing so far; ${formatGrouped(unread)} of ${formatGrouped(queues.length)} queues are still to be looked through.`;
	}

	return state.queue === undefined
		? empty[id]
		: `${empty[id].slice(0, -1)} in queue ${state.queue}. Esc shows all queues.`;
}

function drawPanel(state: OverviewState, id: PanelId, context: DrawContext): readonly string[] {
	const asked = panelContext(state, id, context);
	const {width, height} = asked.place;
	const list = state.lists[id];
	const active = state.panel === id;
	const extent = panels[id].extent(list, asked, active);
	const drawn = panels[id].draw(list, asked, active);
	const rows =
		drawn.length > 0
			? drawn
			: wrap(emptyText(state, id, context), width - 3).map(line => drawText(`   ${line}`, width, 'dim', context.theme));
	const title = drawTitle(state, id, {extent, context, width});
	const prompt = active ? state.prompt : undefined;
	// While a filter is typed, what there is to say of it takes the place of the columns' titles.
	const lines =
		prompt === undefined
			? [title, ...rows]
			: [
					title,
					drawPromptNote(prompt, {vocabulary: panelVocabulary(id, context.snapshot)}, {width, theme: context.theme}),
					...rows.slice(drawn.length > 0 ? 1 : 0),
				];
	const shown = lines.slice(0, height);
	return [...shown, ...Array.from({length: height - shown.length}, () => ' '.repeat(width))];
}

/** The three panels, exactly as high as the body. */
export function drawOverview(state: OverviewState, context: DrawContext): readonly string[] {
	const {sideBySide, space} = layoutOf(context);
	const blank = Array.from({length: space}, () => ' '.repeat(context.width));
	const queues = drawPanel(state, 'queues', context);
	const claims = drawPanel(state, 'claims', context);
	const failures = drawPanel(state, 'failures', context);
	if (!sideBySide) {
		return [...queues, ...blank, ...claims, ...blank, ...failures].slice(0, context.height);
	}

	const line = context.theme.paint.dim(context.theme.glyph.separator.padStart(2).padEnd(divider));
	const beside = claims.map((row, index) => row + line + (failures[index] ?? ''));
	return [...queues, ...blank, ...beside].slice(0, context.height);
}
