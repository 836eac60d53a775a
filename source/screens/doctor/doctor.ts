import {
	drawPromptNote,
	type FilterPrompt,
	openPrompt,
	typedPieces,
	typePrompt,
} from '../../components/filter-prompt.ts';
import {drawEnds, drawLine, drawText, type Piece} from '../../components/line.ts';
import {emptyList, hold, type ListState, listing, moveList, settleList} from '../../components/list.ts';
import {drawRow, drawTitles, placeTable} from '../../components/table.ts';
import type {Vocabulary} from '../../monitor/filter/complete.ts';
import {unknownTerm} from '../../monitor/filter/match.ts';
import {parseFilter} from '../../monitor/filter/parse.ts';
import type {Check} from '../../monitor/snapshot.ts';
import {wrap} from '../../terminal/wrap.ts';
import {openProof} from '../proof.ts';
import type {CommandContext, DrawContext, Screen} from '../screen.ts';
import {motionCommands} from '../shared-commands.ts';
import {listVocabulary} from '../vocabulary.ts';
import {checkKeys, checkTable, findingText, stateOf} from './checks.ts';

export interface DoctorState {
	readonly list: ListState;
	/** No key was pressed yet and no rule was asked for: the cursor stays on the worst. */
	readonly home: boolean;
	/** The filter that is being typed. */
	readonly prompt: FilterPrompt | undefined;
}

/** Lines of the text under the table, at most. */
const mostDetail = 12;

/** Lines of the screen that are no checks: its title and the titles of the columns. */
const heads = 2;

/** Findings and reasons of one check that are written out. */
const mostFindings = 6;

function detailHeight(height: number): number {
	return Math.min(mostDetail, Math.max(4, Math.floor(height * 0.4)));
}

function rowsShown({height}: DrawContext): number {
	return Math.max(1, height - heads - detailHeight(height));
}

function settle(state: DoctorState, context: DrawContext): DoctorState {
	const options = {context: undefined, height: rowsShown(context), home: state.home};
	return {...state, list: settleList(checkTable, state.list, context.snapshot.checks, options)};
}

function current(state: DoctorState, {snapshot}: DrawContext): Check | undefined {
	return snapshot.checks.find(check => check.rule === state.list.cursor.id);
}

/** What Tab offers while the filter is typed. */
function vocabulary({snapshot}: DrawContext): Vocabulary {
	const rows = snapshot.checks.map(check => checkTable.values?.(check, undefined) ?? {});
	return {...listVocabulary(checkKeys, rows, snapshot), rule: snapshot.checks.map(({rule}) => rule)};
}

/** What the filter says takes the place of the counts: in a narrow window there is no room for both. */
function filterPieces({list, prompt}: DoctorState, shown: number): readonly Piece[] | undefined {
	if (prompt !== undefined) return typedPieces(prompt);
	if (list.filter === '') return undefined;
	const unknown = unknownTerm(parseFilter(list.filter), checkKeys);
	return [
		unknown === undefined
			? {text: `  ${shown} shown`, tone: 'plain'}
			: {text: `  no ${unknown.asks} here`, tone: 'warning'},
		{text: `  /${list.filter}`, tone: 'key'},
	];
}

function countPieces(checks: readonly Check[]): readonly Piece[] {
	const count = (...wanted: readonly string[]) => checks.filter(check => wanted.includes(stateOf(check))).length;
	const unknown = count('unknown');
	const parts = [`${count('critical', 'warning')} hold`, `${count('fine')} do not`];
	if (unknown > 0) parts.push(`${unknown} cannot be known`);
	return [{text: `  ${parts.join(' · ')}`, tone: 'plain'}];
}

function titleLine(state: DoctorState, shown: number, {snapshot: {checks}, width, theme}: DrawContext): string {
	const title: Piece = {text: ` Doctor  ${checks.length} checks`, tone: 'title'};
	const wish = filterPieces(state, shown);
	if (wish !== undefined) return drawLine([title, ...wish], width, theme);
	return drawEnds([title, ...countPieces(checks)], [{text: 'y copies the remedy ', tone: 'dim'}], width, theme);
}

function detailLines(check: Check | undefined, context: DrawContext): readonly string[] {
	const {width, theme, height} = context;
	if (check === undefined) return [];
	const said = check.findings.slice(0, mostFindings).flatMap(finding => {
		const tone = finding.severity === 'critical' ? 'error' : 'warning';
		return wrap(`${theme.glyph[finding.severity]} ${findingText(finding)}`, width - 4, 3).map(line =>
			drawText(`  ${line}`, width, tone, theme),
		);
	});
	const reasons = check.unknown.slice(0, 2).flatMap(({queue, reason}) => {
		const of = queue === undefined ? '' : ` of ${queue}`;
		return wrap(`Cannot be known${of}: ${reason}`, width - 4, 2).map(line =>
			drawText(`  ${line}`, width, 'dim', theme),
		);
	});
	const fine = said.length + reasons.length === 0 ? [drawText('  It does not hold.', width, 'ok', theme)] : [];
	const remedy = wrap(check.remedy, width - 4, 4).map(line => drawText(`  ${line}`, width, 'plain', theme));
	const head = drawLine(
		[
			{text: ` ${check.rule}`, tone: 'title'},
			{text: `  ${check.title}`, tone: 'plain'},
		],
		width,
		theme,
	);
	const room = detailHeight(height) - 2 - Math.min(remedy.length, 3);
	return [
		head,
		...[...said, ...reasons, ...fine].slice(0, Math.max(1, room)),
		drawText(' Remedy', width, 'strong', theme),
		...remedy,
	];
}

const notSorted = 'what holds stands first, then what cannot be known, then the rest';

type Command = (state: DoctorState, context: CommandContext) => DoctorState;

const commands: Readonly<Record<string, Command>> = {
	'list.open': (state, context) => {
		const [finding] = current(state, context)?.findings ?? [];
		if (finding === undefined) context.say('This check does not hold: there is nothing to show.');
		else if (finding.proof === undefined || ('screen' in finding.proof && finding.proof.screen === 'doctor')) {
			context.say('What proves it is written below; y copies the remedy.');
		} else openProof(finding, context);
		return state;
	},
	'list.copyId': (state, context) => {
		const check = current(state, context);
		if (check !== undefined) context.copy(check.remedy, 'remedy');
		return state;
	},
	'list.copyRow': (state, context) => {
		const check = current(state, context);
		if (check !== undefined) context.copy(JSON.stringify(check), 'check as JSON');
		return state;
	},
	'list.filter': state => ({...state, prompt: openPrompt(state.list.filter), home: false}),
	'program.escape': (state, context) => {
		if (state.list.filter !== '') return filteredBy(state, '');
		context.back();
		return state;
	},
	...Object.fromEntries(
		['sort.left', 'sort.right', 'sort.invert'].map((id): [string, Command] => [
			id,
			(state, context) => {
				context.say(`Cannot sort: ${notSorted}.`, 'warning');
				return state;
			},
		]),
	),
};

function filteredBy(state: DoctorState, filter: string): DoctorState {
	return {...state, list: {...state.list, filter, note: undefined}};
}

/** A key while the filter is typed, which is live: Enter keeps it, Esc clears it. */
function typeFilter(
	state: DoctorState,
	key: {readonly name: string; readonly text: string},
	context: CommandContext,
): DoctorState {
	if (state.prompt === undefined) return state;
	const step = typePrompt(state.prompt, key, {book: context.filters, vocabulary: vocabulary(context)});
	if (step.kind === 'typing')
		return settle({...filteredBy(state, step.prompt.field.text), prompt: step.prompt}, context);
	const filter = step.kind === 'kept' ? step.filter : '';
	context.filters.remember(filter);
	return settle({...filteredBy(state, filter), prompt: undefined}, context);
}

/** Every rule: those that hold, those that do not, those that cannot be known, and what to do. */
export const doctorScreen: Screen<DoctorState> = {
	id: 'doctor',
	title: 'Doctor',
	scopes: ['list', 'table'],
	open(request) {
		const rule = request.screen === 'doctor' ? request.rule : undefined;
		return {list: {...emptyList, cursor: {id: rule, index: 0, top: 0}}, home: rule === undefined, prompt: undefined};
	},
	draw(state, context) {
		const {width, height, theme, snapshot} = context;
		const settled = settle(state, context);
		const {list, prompt} = settled;
		const placed = placeTable(checkTable, width);
		const {rows} = listing(checkTable, list, snapshot.checks, undefined);
		const drawn = rows
			.slice(list.cursor.top, list.cursor.top + rowsShown(context))
			.map(row =>
				drawRow(checkTable, placed, row, {context: undefined, width, theme, cursor: row.rule === list.cursor.id}),
			);
		const empty = drawText('   No check matches the filter. Esc clears it.', width, 'dim', theme);
		const under =
			prompt === undefined
				? drawTitles(placed, width, undefined, theme)
				: drawPromptNote(prompt, {vocabulary: vocabulary(context)}, {width, theme});
		const detail = rows.length === 0 ? [empty] : detailLines(current(settled, context), context);
		return [titleLine(settled, rows.length, context), under, ...drawn, ...detail].slice(0, height);
	},
	handle(state, command, context) {
		const settled = settle(state, context);
		const motion = motionCommands[command];
		if (motion === undefined) return settle(commands[command]?.(settled, context) ?? settled, context);
		// From the first key on no check moves under the cursor.
		const {checks} = context.snapshot;
		const held = settled.list.held === undefined ? hold(checkTable, settled.list, checks, undefined) : settled.list;
		const {ids} = listing(checkTable, held, checks, undefined);
		return {...settled, list: moveList(held, ids, motion, rowsShown(context)), home: false};
	},
	reconcile: settle,
	probe: () => undefined,
	whyNot(_state, command) {
		if (command.startsWith('sort.')) return notSorted;
		return command.startsWith('action.') || command.startsWith('mark.')
			? 'no task is under the cursor here'
			: undefined;
	},
	tasks: () => ({rows: [], cursor: -1}),
	typing: ({prompt}) => prompt !== undefined,
	type: typeFilter,
	filter: (state, filter, context) => settle({...filteredBy(state, filter), prompt: undefined, home: false}, context),
	visible: () => ({queues: [], claims: [], checkup: true}),
};
