import {drawDocument, settleDocument} from '../../components/document-view.ts';
import {drawText} from '../../components/line.ts';
import {wrap} from '../../terminal/wrap.ts';
import {readingText} from '../reading.ts';
import type {DrawContext, Screen} from '../screen.ts';
import {actionCommands} from '../shared-commands.ts';
import {answerOf} from './answer.ts';
import {commands, whyNotRun} from './commands.ts';
import {layOutRun} from './frame.ts';
import {searchLine, typeSearch} from './search.ts';
import {documentOf, openRun, type RunState, withDocument} from './state.ts';

function reconcile(state: RunState, context: DrawContext): RunState {
	const frame = layOutRun(state, context);
	return frame === undefined ? state : withDocument(state, settleDocument(documentOf(state), frame.rows, frame.height));
}

/** What stands there before the first reading, and when there is none. */
function drawNothing(state: RunState, context: DrawContext): readonly string[] {
	const {width, theme} = context;
	const {trouble} = answerOf(state, context);
	const id = `${state.run.queue}, task ${state.run.taskId}`;
	const lines =
		trouble === undefined
			? [drawText(` ${readingText(context, id)}`, width, 'dim', theme)]
			: wrap(`${trouble} Esc goes back, r asks again.`, width - 3).map(line =>
					drawText(`   ${line}`, width, 'error', theme),
				);
	return [drawText(` ${id}`, width, 'strong', theme), ...lines].slice(trouble === undefined ? 1 : 0, context.height);
}

/** One task with all its attempts. */
export const runDetailScreen: Screen<RunState> = {
	id: 'run',
	title: 'Run',
	scopes: ['list', 'run'],
	open(request) {
		if (request.screen !== 'run') {
			throw new Error(`The run screen cannot open ${request.screen}.`);
		}

		return openRun(request.run);
	},
	draw(state, context) {
		const settled = reconcile(state, context);
		const frame = layOutRun(settled, context);
		if (frame === undefined) {
			return drawNothing(settled, context);
		}

		const {head, rows, height, dimmed} = frame;
		const section = drawDocument(documentOf(settled), rows, {
			width: context.width,
			height,
			theme: context.theme,
			dimmed,
		});
		const blank = Array.from({length: Math.max(0, height - section.length)}, () => ' '.repeat(context.width));
		return settled.search === undefined
			? [...head, ...section]
			: [...head, ...section, ...blank, searchLine(settled.search, context)];
	},
	handle(state, command, context) {
		const next = commands[command]?.(reconcile(state, context), context);
		return next === undefined ? state : reconcile(next, context);
	},
	reconcile,
	probe: ({run, value, section, parents}) => ({
		kind: 'run',
		run,
		value,
		relations: section === 'family' ? (parents ? 'parents' : 'near') : undefined,
	}),
	whyNot(state, command, context) {
		const action = actionCommands[command];
		return action === undefined ? undefined : whyNotRun(state, action, context);
	},
	typing: ({search}) => search?.typing === true,
	type: typeSearch,
	visible: state => ({queues: [state.run.queue], claims: []}),
};
