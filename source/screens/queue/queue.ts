import {drawLine} from '../../components/line.ts';
import type {Snapshot} from '../../monitor/snapshot.ts';
import {eventsScreen} from '../events/events.ts';
import {scheduleScreen} from '../schedule/schedule.ts';
import type {CommandContext, DrawContext, Screen} from '../screen.ts';
import {createView, type View} from '../view.ts';
import {workersScreen} from '../workers/workers.ts';
import {headLines} from './head.ts';
import {storageScreen} from './storage.ts';
import {typesScreen} from './types.ts';

/** The page of a queue: its parts are screens of their own, opened for this queue alone. */
interface QueueState {
	readonly queue: string;
	readonly part: number;
	readonly parts: readonly View[];
}

const titles = ['Types', 'Workers', 'Events', 'Schedule', 'Storage'];

function openParts(queue: string, filter: string | undefined, snapshot: Snapshot): readonly View[] {
	return [
		createView(typesScreen, {screen: 'types', queue}, snapshot),
		createView(workersScreen, {screen: 'workers', queue}, snapshot),
		createView(eventsScreen, {screen: 'events', queue}, snapshot),
		createView(scheduleScreen, {screen: 'schedule', queue}, snapshot),
		createView(storageScreen, {screen: 'storage', queue, filter}, snapshot),
	];
}

function partOf({parts, part}: QueueState): View {
	const view = parts[part];
	if (view === undefined) throw new Error(`The queue page has no part ${part}.`);
	return view;
}

function tabsLine({part}: QueueState, {width, theme}: DrawContext): string {
	const pieces = titles.map((title, index) => ({
		text: `${index === part ? theme.glyph.cursor : ' '}${title}  `,
		tone: index === part ? ('title' as const) : ('dim' as const),
	}));
	return drawLine(pieces, width, theme);
}

function head(state: QueueState, context: DrawContext): readonly string[] {
	return [...headLines(state.queue, context), tabsLine(state, context)];
}

/** The same context with the room that the head leaves. */
function below<Context extends DrawContext>(state: QueueState, context: Context): Context {
	return {...context, height: Math.max(1, context.height - head(state, context).length)};
}

function switchPart(state: QueueState, step: 1 | -1): QueueState {
	return {...state, part: (state.part + step + titles.length) % titles.length};
}

/** Forms that a part opens without knowing the queue are about this one. */
function inQueue(queue: string, context: CommandContext): CommandContext['act'] {
	return request => context.act('queue' in request && request.queue === undefined ? {...request, queue} : request);
}

function handle(state: QueueState, command: string, context: CommandContext): QueueState {
	if (command === 'panel.next') return switchPart(state, 1);
	if (command === 'panel.previous') return switchPart(state, -1);
	partOf(state).handle(command, below(state, {...context, act: inQueue(state.queue, context)}));
	return state;
}

export const queueScreen: Screen<QueueState> = {
	id: 'queue',
	title: 'Queue',
	scopes: ['list', 'table', 'queue'],
	open(request, snapshot) {
		if (request.screen !== 'queue') throw new Error(`The queue page cannot open ${request.screen}.`);
		const {queue, part, filter} = request;
		const first = part === 'storage' ? titles.indexOf('Storage') : 0;
		return {queue, part: first, parts: openParts(queue, filter, snapshot)};
	},
	draw: (state, context) =>
		[...head(state, context), ...partOf(state).draw(below(state, context))].slice(0, context.height),
	handle,
	reconcile(state, context) {
		partOf(state).reconcile(below(state, context));
		return state;
	},
	probe: state => partOf(state).probe(),
	whyNot(state, command, context) {
		if (command.startsWith('panel.')) return undefined;
		if (command === 'queue.sizes' && titles[state.part] !== 'Storage') return 'sizes are on Storage';
		return partOf(state).whyNot(command, below(state, context));
	},
	tasks: (state, context) => partOf(state).tasks(below(state, context)) ?? {rows: [], cursor: -1},
	typing: state => partOf(state).typing(),
	type(state, key, context) {
		partOf(state).type(key, below(state, context));
		return state;
	},
	filter(state, filter, context) {
		partOf(state).filter(filter, below(state, context));
		return state;
	},
	visible: state => ({queues: [state.queue], claims: []}),
};
