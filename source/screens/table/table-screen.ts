import type {Motion} from '../../components/cursor.ts';
import {openPrompt, typePrompt} from '../../components/filter-prompt.ts';
import {emptyList, hold, type ListState, listing, moveList, settleList, sortList} from '../../components/list.ts';
import type {CommandContext, DrawContext, Screen} from '../screen.ts';
import {actionCommands, commandsOf, motionCommands, requestAction} from '../shared-commands.ts';
import {whyNotAsked, whyNoWriting} from '../why-not.ts';
import type {TableDefinition, TableState} from './definition.ts';
import {drawTable, layOutTable, shownOf, tableVocabulary} from './draw.ts';

type State<Wishes> = TableState<Wishes>;
type Command<Wishes> = (state: State<Wishes>, context: CommandContext) => State<Wishes>;

function filteredBy(list: ListState, filter: string): ListState {
	return {...list, filter, note: undefined};
}

/** Makes a screen of a definition: cursor, filter, sorting, copying, opening and acting are the same on all of them. */
export function createTableScreen<Row, Value, Wishes>(
	definition: TableDefinition<Row, Value, Wishes>,
): Screen<State<Wishes>> {
	const {spec} = definition;

	function current(state: State<Wishes>, context: DrawContext): Row | undefined {
		return layOutTable(definition, state, context)?.all.find(row => spec.id(row) === state.list.cursor.id);
	}

	function reconcile(state: State<Wishes>, context: DrawContext): State<Wishes> {
		const frame = layOutTable(definition, state, context);
		if (frame === undefined) return state;
		const {height} = frame;
		return {...state, list: settleList(spec, state.list, frame.all, {context, height, home: !state.touched})};
	}

	function held(state: State<Wishes>, context: DrawContext): ListState {
		const all = layOutTable(definition, state, context)?.all ?? [];
		return state.list.held === undefined ? hold(spec, state.list, all, context) : state.list;
	}

	function move(motion: Motion): Command<Wishes> {
		return (state, context) => {
			const frame = layOutTable(definition, state, context);
			if (frame === undefined) return state;
			const list = held(state, context);
			const {ids} = listing(spec, list, frame.all, context);
			return {...state, touched: true, list: moveList(list, ids, motion, frame.height)};
		};
	}

	function sort(change: 'next' | 'previous' | 'invert'): Command<Wishes> {
		return (state, context) => {
			const sorted = {...state, touched: true, list: sortList(spec, state.list, change)};
			return {...sorted, list: held(sorted, context)};
		};
	}

	function whyNotAction(state: State<Wishes>, action: string, context: DrawContext): string | undefined {
		const kind = actionCommands[action];
		if (kind === undefined) return undefined;
		const row = current(state, context);
		if (row !== undefined && definition.bulk?.(action, row) !== undefined) return whyNoWriting(context);
		const own = row === undefined ? undefined : definition.whyNot?.(action, row);
		if (own !== undefined) return own;
		const subject = row === undefined ? undefined : definition.subject(row);
		return whyNotAsked(kind, {queue: subject?.queue, target: subject?.target}, context);
	}

	const nothing = {queue: undefined, target: undefined, taskName: undefined, eventName: undefined};
	const commands: Readonly<Record<string, Command<Wishes>>> = {
		...commandsOf(motionCommands, move),
		...Object.fromEntries(
			Object.entries(actionCommands).map(([id, kind]): [string, Command<Wishes>] => [
				id,
				(state, context) => {
					const row = current(state, context);
					const bulk = row === undefined ? undefined : definition.bulk?.(id, row);
					const reason = whyNotAction(state, id, context);
					if (bulk !== undefined && reason === undefined) {
						context.act({kind: 'bulk', intent: bulk});
						return state;
					}
					const subject = row === undefined ? nothing : definition.subject(row);
					requestAction(kind, subject, {reason, context});
					return state;
				},
			]),
		),
		'list.open': (state, context) => {
			const row = current(state, context);
			const request = row === undefined ? undefined : definition.openRow(row, state.wishes);
			if (request !== undefined) context.open(request);
			return state;
		},
		'list.copyId': (state, context) => {
			const row = current(state, context);
			if (row !== undefined) context.copy(...definition.copied(row));
			return state;
		},
		'list.copyRow': (state, context) => {
			const row = current(state, context);
			if (row !== undefined) context.copy(JSON.stringify(row), 'row as JSON');
			return state;
		},
		'list.filter': state => ({...state, prompt: openPrompt(state.list.filter), touched: true}),
		'sort.left': sort('previous'),
		'sort.right': sort('next'),
		'sort.invert': sort('invert'),
		'program.escape': (state, context) => {
			if (state.list.filter !== '') return {...state, list: {...state.list, filter: ''}};
			const cleared = definition.clear?.(state.wishes, shownOf(definition, state, context).value);
			if (cleared !== undefined) return {...state, wishes: cleared};
			context.back();
			return state;
		},
	};

	function whyNotCommand(state: State<Wishes>, command: string, context: DrawContext): string | undefined {
		return definition.whyNotCommand?.(command, state.wishes, shownOf(definition, state, context).value);
	}

	function handle(state: State<Wishes>, command: string, context: CommandContext): State<Wishes> {
		const known = commands[command];
		if (known !== undefined) return reconcile(known(reconcile(state, context), context), context);
		const reason = whyNotCommand(state, command, context);
		if (reason !== undefined) {
			context.say(`Cannot do that: ${reason}.`, 'warning');
			return state;
		}
		const next = definition.command?.(command, state.wishes, context);
		return next === undefined ? state : reconcile({...state, wishes: next}, context);
	}

	return {
		id: definition.id,
		title: definition.title,
		scopes: ['list', 'table', ...definition.scopes],
		open: (request, snapshot) => ({
			list: filteredBy(emptyList, 'filter' in request ? (request.filter ?? '') : ''),
			touched: false,
			prompt: undefined,
			wishes: definition.open(request, snapshot),
		}),
		draw: (state, context) => drawTable(definition, reconcile(state, context), context),
		handle,
		reconcile,
		probe: ({wishes}) => definition.probe(wishes),
		whyNot(state, command, context) {
			const row = current(state, context);
			if (actionCommands[command] !== undefined) return whyNotAction(state, command, context);
			if (command === 'list.open' && row !== undefined && definition.openRow(row, state.wishes) === undefined) {
				return 'there is nothing to open';
			}
			if (command.startsWith('panel.') && definition.tabs !== true) return 'there is one panel only';
			const own = whyNotCommand(state, command, context);
			if (own !== undefined) return own;
			const needsRow = command === 'list.open' || command === 'list.copyId' || command === 'list.copyRow';
			return needsRow && row === undefined ? 'there is no row' : undefined;
		},
		typing: ({prompt}) => prompt !== undefined,
		type(state, key, context) {
			if (state.prompt === undefined) return state;
			const rows = layOutTable(definition, state, context)?.all ?? [];
			const book = {book: context.filters, vocabulary: tableVocabulary(definition, rows, context)};
			const step = typePrompt(state.prompt, key, book);
			if (step.kind === 'typing') {
				return reconcile(
					{...state, prompt: step.prompt, list: filteredBy(state.list, step.prompt.field.text)},
					context,
				);
			}
			const filter = step.kind === 'kept' ? step.filter : '';
			context.filters.remember(filter);
			return reconcile({...state, prompt: undefined, list: filteredBy(state.list, filter)}, context);
		},
		filter: (state, filter, context) =>
			reconcile({...state, touched: true, prompt: undefined, list: filteredBy(state.list, filter)}, context),
		tasks(state, context) {
			const {ids, rows} = layOutTable(definition, state, context)?.listed ?? {ids: [], rows: []};
			const tasks = definition.markable ? rows.flatMap(row => definition.subject(row).target ?? []) : [];
			return {rows: tasks, cursor: tasks.length > 0 ? ids.indexOf(state.list.cursor.id ?? '') : -1};
		},
		visible(state, context) {
			const frame = layOutTable(definition, state, context);
			const {top} = state.list.cursor;
			const shown = frame?.listed.rows.slice(top, top + frame.height) ?? [];
			return {queues: [], claims: definition.claims?.(shown) ?? []};
		},
	};
}
