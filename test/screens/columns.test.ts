import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {gap} from '../../source/components/column.ts';
import {margin, placeTable, type TableSpec} from '../../source/components/table.ts';
import {checkTable} from '../../source/screens/doctor/checks.ts';
import {eventTable} from '../../source/screens/events/events.ts';
import {runTable} from '../../source/screens/failures/group.ts';
import {groupTable} from '../../source/screens/failures/groups.ts';
import {openView} from '../../source/screens/index.ts';
import {claimTable} from '../../source/screens/overview/claims.ts';
import {failureTable} from '../../source/screens/overview/failures.ts';
import {layOut} from '../../source/screens/overview/layout.ts';
import {queueTable} from '../../source/screens/overview/queues.ts';
import {storageTable} from '../../source/screens/queue/storage.ts';
import {typeTable} from '../../source/screens/queue/types.ts';
import {wakeTable} from '../../source/screens/schedule/schedule.ts';
import type {ScreenRequest} from '../../source/screens/screen.ts';
import {taskTable} from '../../source/screens/tasks/columns.ts';
import {workerTable} from '../../source/screens/workers/columns.ts';
import {workflowTable} from '../../source/screens/workflows/columns.ts';
import {measure} from '../../source/terminal/fit.ts';
import {allAnswers} from '../support/answers.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {drawContext} from '../support/draw.ts';
import {poisoned} from '../support/poisoned.ts';

// Whatever the database says, every column stands where it stands with harmless texts: cell by cell, on every list.

interface Placed {
	readonly title: string;
	readonly align: 'left' | 'right';
	readonly start: number;
	readonly width: number;
}

/** Where the columns of a table stand in a window, cells from its left end. */
function columnsOf<Row, Context>(spec: TableSpec<Row, Context>, width: number, left = 0): readonly Placed[] {
	let start = left + margin;
	return placeTable(spec, width).map(({column, width: cells}) => {
		const placed = {title: column.title, align: column.align, start, width: cells};
		start += cells + gap;
		return placed;
	});
}

const segmenter = new Intl.Segmenter();

/** The cells of a line; a wide character is followed by an empty one. */
function cellsOf(line: string): readonly string[] {
	return [...segmenter.segment(stripVTControlCharacters(line))].flatMap(({segment}) => [
		segment,
		...Array<string>(Math.max(0, measure(segment) - 1)).fill(''),
	]);
}

interface Case {
	readonly request: ScreenRequest;
	readonly columns: (width: number, height: number) => readonly Placed[];
}

const window = {window: 1, limit: 20_000, stopped: false} as const;
const group = allAnswers.failures?.kind === 'ready' ? (allAnswers.failures.value.groups[0]?.key ?? '') : '';
const poisonedGroup = poisoned({failures: allAnswers.failures});
const hostileGroup =
	poisonedGroup.failures?.kind === 'ready' ? (poisonedGroup.failures.value.groups[0]?.key ?? '') : '';
const whole =
	<Row, Context>(spec: TableSpec<Row, Context>) =>
	(width: number) =>
		columnsOf(spec, width);
const panel =
	<Row, Context>(spec: TableSpec<Row, Context>, id: 'queues' | 'claims' | 'failures') =>
	(width: number, height: number) => {
		const {places, sideBySide} = layOut(width, height, checkedSnapshot.queues.length);
		const left = id === 'failures' && sideBySide ? width - places.failures.width : 0;
		return columnsOf(spec, places[id].width, left);
	};

const cases: Readonly<Record<string, Case>> = {
	queues: {request: {screen: 'overview'}, columns: panel(queueTable, 'queues')},
	'active claims': {request: {screen: 'overview'}, columns: panel(claimTable, 'claims')},
	'recent failures': {request: {screen: 'overview'}, columns: panel(failureTable, 'failures')},
	tasks: {request: {screen: 'tasks', filter: ''}, columns: whole(taskTable)},
	failures: {request: {screen: 'failures'}, columns: whole(groupTable)},
	'a group of failures': {request: {screen: 'failure-group', wishes: window, group}, columns: whole(runTable)},
	workers: {request: {screen: 'workers', queue: undefined}, columns: whole(workerTable)},
	events: {request: {screen: 'events', queue: undefined}, columns: whole(eventTable)},
	schedule: {request: {screen: 'schedule', queue: undefined}, columns: whole(wakeTable)},
	workflows: {request: {screen: 'workflows'}, columns: whole(workflowTable)},
	doctor: {request: {screen: 'doctor'}, columns: whole(checkTable)},
	'the types of a queue': {request: {screen: 'types', queue: 'mail'}, columns: whole(typeTable)},
	'the storage of a queue': {request: {screen: 'storage', queue: 'mail'}, columns: whole(storageTable)},
};

const {run: _run, ...answers} = allAnswers;
const plainData = {snapshot: checkedSnapshot, answers};
const hostileData = poisoned(plainData);

function draw({request}: Case, data: typeof plainData, width: number, height: number): readonly (readonly string[])[] {
	const context = drawContext(width, height, data);
	const asked: ScreenRequest =
		request.screen === 'failure-group' && data === hostileData ? {...request, group: hostileGroup} : request;
	const view = openView(asked, data.snapshot);
	view.reconcile(context);
	return view.draw(context).map(cellsOf);
}

const textAt = (cells: readonly string[], {start, width}: Placed) => cells.slice(start, start + width).join('');

/** The lines of a table: those under its titles that begin as rows do, with a place for the cursor, a glyph, and a mark. */
function rowsOf(lines: readonly (readonly string[])[], placed: readonly Placed[]): readonly (readonly string[])[] {
	const at = lines.findIndex(cells =>
		placed.every(
			column => textAt(cells, column).replace(/[▾▴]/, '').trim() === column.title.trim().slice(0, column.width),
		),
	);
	expect(at).toBeGreaterThanOrEqual(0);
	const left = (placed[0]?.start ?? 0) - margin;
	const rows = lines.slice(at + 1);
	const over = rows.findIndex(cells => !/^[ ▸][^\p{L}\p{N}] $/u.test(cells.slice(left, left + margin).join('')));
	return (over === -1 ? rows : rows.slice(0, over)).filter(
		cells =>
			cells
				.slice(left + 1)
				.join('')
				.trim() !== '',
	);
}

describe.each([
	[80, 20],
	[120, 36],
	[200, 46],
])('at %i x %i', (width, height) => {
	test.each(Object.entries(cases))('%s', (_name, each) => {
		const placed = each.columns(width, height);
		const plain = rowsOf(draw(each, plainData, width, height), placed);
		const hostile = rowsOf(draw(each, hostileData, width, height), placed);
		expect(hostile.length).toBeGreaterThan(0);
		for (const cells of hostile) {
			expect(cells.length).toBeLessThanOrEqual(width);
			for (const {start, title} of placed.slice(1))
				expect([title, cells.join(''), cells[start - 1]]).toEqual([title, cells.join(''), ' ']);
		}
		// Figures are no texts of the database: they stand where they stood, row by row.
		const figures = placed.filter(({align}) => align === 'right');
		const shared = Math.min(plain.length, hostile.length);
		for (const column of figures) {
			const of = (rows: readonly (readonly string[])[]) => rows.slice(0, shared).map(cells => textAt(cells, column));
			expect([column.title, of(hostile)]).toEqual([column.title, of(plain)]);
		}
	});
});
