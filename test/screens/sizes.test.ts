import {stripVTControlCharacters} from 'node:util';
import {describe, expect, test} from 'vitest';
import {createFilterBook} from '../../source/monitor/filter/book.ts';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import {openView} from '../../source/screens/index.ts';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import {runDetailScreen} from '../../source/screens/run/run.ts';
import {openRun, sectionIds} from '../../source/screens/run/state.ts';
import type {ScreenRequest} from '../../source/screens/screen.ts';
import {toAscii} from '../../source/terminal/ascii.ts';
import {measure} from '../../source/terminal/fit.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {allAnswers} from '../support/answers.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {firstSecond, liveTask, snapshot} from '../support/fixture.ts';
import {poison, poisoned} from '../support/poisoned.ts';
import {answered, runDetail} from '../support/run-fixture.ts';

const sizes: readonly (readonly [width: number, height: number])[] = [
	[1, 1],
	[5, 3],
	[20, 8],
	[60, 11],
	[61, 11],
	[79, 20],
	[80, 20],
	[109, 30],
	[110, 31],
	[133, 17],
	[200, 46],
	[300, 96],
];

function check(rows: readonly string[], width: number, height: number): void {
	expect(rows.length).toBeLessThanOrEqual(height);
	for (const row of rows) {
		const bare = stripVTControlCharacters(row);
		expect(measure(bare)).toBeLessThanOrEqual(width);
		expect(bare).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
	}
}

const themes = [
	['colour', createTheme({ascii: false, colour: true})],
	['ascii', createTheme({ascii: true, colour: false})],
] as const;

describe.each(themes)('in %s', (_name, theme) => {
	test.each(sizes)('the overview fills %i x %i and no more, whatever the database says', (width, height) => {
		const data: readonly Snapshot[] = [snapshot, poisoned(snapshot), firstSecond];
		for (const given of data) {
			const context = drawContext(width, height, {snapshot: given, theme});
			const state = overviewScreen.reconcile(overviewScreen.open({screen: 'overview'}, given), context);
			check(overviewScreen.draw(state, context), width, height);
		}
	});

	test.each(sizes)('the run detail fills %i x %i and no more in all its sections', (width, height) => {
		for (const detail of [runDetail, poisoned(runDetail)]) {
			const context = drawContext(width, height, {answers: answered(detail), theme});
			for (const section of sectionIds) {
				check(runDetailScreen.draw({...openRun(liveTask), section}, context), width, height);
			}
		}
	});
});

const {run: _run, ...listAnswers} = allAnswers;
const group = allAnswers.failures?.kind === 'ready' ? (allAnswers.failures.value.groups[0]?.key ?? '') : '';
const lists: readonly ScreenRequest[] = [
	{screen: 'tasks', filter: ''},
	{screen: 'failures'},
	{screen: 'failure-group', wishes: {window: 1, limit: 20_000, stopped: false}, group},
	{screen: 'workers', queue: undefined},
	{screen: 'events', queue: undefined},
	{screen: 'schedule', queue: undefined},
	{screen: 'workflows'},
	{screen: 'doctor'},
	{screen: 'queue', queue: 'mail'},
	{screen: 'queue', queue: 'mail', part: 'storage', filter: poison},
];

describe.each(themes)('every list in %s', (_name, theme) => {
	// A row is never narrower than the cells of its cursor and marks.
	test.each(sizes.filter(([width]) => width > 3))(
		'fills %i x %i and no more, whatever the database says, also while a filter is typed',
		(width, height) => {
			for (const request of lists) {
				for (const given of [
					{snapshot: checkedSnapshot, answers: listAnswers},
					poisoned({snapshot: checkedSnapshot, answers: listAnswers}),
				]) {
					const context = drawContext(width, height, {...given, theme});
					const quiet = {open() {}, back() {}, say() {}, copy() {}, act() {}, filters: createFilterBook()};
					const view = openView(request, given.snapshot);
					view.reconcile(context);
					check(view.draw(context), width, height);
					for (const command of ['list.bottom', 'panel.next', 'list.filter']) {
						view.handle(command, {...context, ...quiet});
						view.reconcile(context);
						check(view.draw(context), width, height);
					}
					view.filter(`name:${poison}`, {...context, ...quiet});
					check(view.draw(context), width, height);
				}
			}
		},
	);
});

test('nothing of the hostile text is lost to the columns: the figures stand where they stood', () => {
	const context = drawContext(120, 36, {snapshot: poisoned(snapshot)});
	const state = overviewScreen.reconcile(overviewScreen.open({screen: 'overview'}, context.snapshot), context);
	const clean = drawContext(120, 36);
	const place = (text: string) => measure(text.split('\n')[2]?.split('15!14')[0] ?? '');
	const column = place(plainText(overviewScreen.draw(state, clean)));
	expect(column).toBeGreaterThan(20);
	expect(place(plainText(overviewScreen.draw(state, context)))).toBe(column);
	for (const row of overviewScreen.draw(state, context).slice(0, 8)) {
		expect(measure(stripVTControlCharacters(row))).toBe(120);
	}
});

test('in ascii every state can still be told without colour', () => {
	const context = drawContext(120, 36, {theme: createTheme({ascii: true, colour: false})});
	const state = overviewScreen.reconcile(overviewScreen.open({screen: 'overview'}, snapshot), context);
	const text = overviewScreen.draw(state, context).map(toAscii).join('\n');
	expect(stripVTControlCharacters(text)).toMatch(/^[\n\x20-\x7e]*$/);
	expect(stripVTControlCharacters(text)).toMatch(/>! agents/);
	expect(stripVTControlCharacters(text)).toMatch(/\* billing/);
	expect(stripVTControlCharacters(text)).toMatch(/##\.\./);
});
