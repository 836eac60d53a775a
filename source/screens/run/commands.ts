import type {Motion} from '../../components/cursor.ts';
import {toggle} from '../../components/document.ts';
import {currentRow, foldDocument, moveDocument} from '../../components/document-view.ts';
import type {CommandContext, DrawContext} from '../screen.ts';
import {actionCommands, commandsOf, motionCommands, requestAction} from '../shared-commands.ts';
import {type ActionTarget, type AskKind, whyNotAsked} from '../why-not.ts';
import {answerOf} from './answer.ts';
import {deepestZoom} from './chart.ts';
import {parentsRow} from './family.ts';
import {layOutRun} from './frame.ts';
import {findNext} from './search.ts';
import {documentOf, type RunState, sectionIds, withDocument} from './state.ts';
import {centerOf} from './timeline.ts';

type Command = (state: RunState, context: CommandContext) => RunState;

function target(state: RunState, context: DrawContext): ActionTarget | undefined {
	const {detail} = answerOf(state, context);
	return detail === undefined ? undefined : {queue: detail.queue, taskId: detail.taskId, state: detail.state};
}

/** Why an action does not apply to the task that is shown. */
export function whyNotRun(state: RunState, kind: AskKind, context: DrawContext): string | undefined {
	const found = target(state, context);
	const needsTask = kind !== 'spawn' && kind !== 'emit';
	if (needsTask && found === undefined) return 'the task is not read yet';
	return whyNotAsked(kind, {queue: state.run.queue, target: found}, context);
}

/** A zoomed timeline looks at what the cursor is on. */
function follow(state: RunState, context: DrawContext): RunState {
	const {detail} = answerOf(state, context);
	if (detail === undefined || state.section !== 'timeline' || state.zoom === 0) {
		return state;
	}

	const center = centerOf(detail, context.now, documentOf(state).cursor.id);
	return center === undefined ? state : {...state, center};
}

function zoomBy(step: 1 | -1): Command {
	return (state, context) => {
		const {detail} = answerOf(state, context);
		if (detail === undefined) {
			return state;
		}

		if (state.section !== 'timeline') {
			context.say('Only the timeline zooms.', 'warning');
			return state;
		}

		const zoom = Math.max(0, Math.min(state.zoom + step, deepestZoom(detail, context.now)));
		return follow({...state, zoom}, context);
	};
}

function move(motion: Motion): Command {
	return (state, context) => {
		const frame = layOutRun(state, context);
		return frame === undefined
			? state
			: follow(withDocument(state, moveDocument(documentOf(state), frame.rows, motion, frame.height)), context);
	};
}

function switchSection(step: 1 | -1): Command {
	return state => {
		const place = (sectionIds.indexOf(state.section) + step + sectionIds.length) % sectionIds.length;
		return {...state, section: sectionIds[place] ?? state.section};
	};
}

function fold(to: 'open' | 'folded' | undefined): Command {
	return (state, context) => {
		const frame = layOutRun(state, context);
		const row = frame === undefined ? undefined : currentRow(documentOf(state), frame.rows);
		if (frame === undefined || row === undefined) {
			return state;
		}

		const document = documentOf(state);
		const next = withDocument(
			state,
			to === 'folded' ? foldDocument(document, frame.rows, frame.height) : toggle(document, row, to),
		);
		return row.fetch !== undefined && row.fold === 'folded' && to !== 'folded' ? {...next, value: row.fetch} : next;
	};
}

/** Enter: opens the task that a row leads to, asks for what a row offers to look for, else folds. */
const openRow: Command = (state, context) => {
	const frame = layOutRun(state, context);
	const row = frame === undefined ? undefined : currentRow(documentOf(state), frame.rows);
	if (row?.opens !== undefined) {
		const {queue, taskId, runId} = row.opens;
		context.open({screen: 'run', run: {queue, taskId, runId}});
		return state;
	}

	return state.section === 'family' && row?.id === parentsRow
		? {...state, parents: true}
		: fold(undefined)(state, context);
};

const copyRow: Command = (state, context) => {
	const frame = layOutRun(state, context);
	const copied = frame === undefined ? undefined : currentRow(documentOf(state), frame.rows)?.copy;
	if (copied === undefined) {
		context.say('There is nothing to copy on this line.', 'warning');
	} else {
		context.copy(copied, 'value');
	}

	return state;
};

const copyPath: Command = (state, context) => {
	const frame = layOutRun(state, context);
	const path = frame === undefined ? undefined : currentRow(documentOf(state), frame.rows)?.path;
	if (path === undefined) {
		context.say('Only values of a JSON document have a path.', 'warning');
	} else {
		context.copy(path, 'path');
	}

	return state;
};

const copyId: Command = (state, context) => {
	const frame = layOutRun(state, context);
	const subject = frame === undefined ? undefined : currentRow(documentOf(state), frame.rows)?.subject;
	context.copy(subject?.text ?? state.run.taskId, subject?.what ?? 'task id');
	return state;
};

const openSearch: Command = state => ({
	...state,
	search: {text: state.search?.text ?? '', typing: true, hit: undefined},
});

function act(kind: AskKind): Command {
	return (state, context) => {
		const {detail} = answerOf(state, context);
		const subject = {
			queue: state.run.queue,
			target: target(state, context),
			taskName: detail?.taskName,
			eventName: detail?.waits[0]?.eventName,
		};
		requestAction(kind, subject, {reason: whyNotRun(state, kind, context), context});
		return state;
	};
}

/** What each command does; unknown ones do nothing. */
export const commands: Readonly<Record<string, Command>> = {
	...commandsOf(motionCommands, move),
	...commandsOf(actionCommands, act),
	'panel.next': switchSection(1),
	'panel.previous': switchSection(-1),
	'list.open': openRow,
	'run.zoomIn': zoomBy(1),
	'run.zoomOut': zoomBy(-1),
	'run.fold': fold('folded'),
	'run.unfold': fold('open'),
	'list.copyId': copyId,
	'run.copyPath': copyPath,
	'run.search': openSearch,
	'run.searchNext': (state, context) => findNext(state, 1, context),
	'run.searchPrevious': (state, context) => findNext(state, -1, context),
	'list.copyRow': copyRow,
	'program.escape': (state, context) => {
		if (state.search !== undefined) {
			return {...state, search: undefined};
		}

		context.back();
		return state;
	},
};
