import {expect, test} from 'vitest';
import {openView} from '../../source/screens/index.ts';
import {measure} from '../../source/terminal/fit.ts';
import {allAnswers, answersOf} from '../support/answers.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {now} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {logEntries, usualCosts} from '../support/over-fixture.ts';
import {mountShell} from '../support/shell.tsx';

// The acceptance pictures: every screen from one set of data, whole windows as a person reaches them by keys.

const savedFilters = [
	{name: 'bounces', filter: 'error:SMTPServerDisconnected age<1h'},
	{name: 'stuck agents', filter: 'queue:agents state:running age>10m'},
];

const screens = [
	['overview', []],
	['run', ['tab', '/', ...'id:c81f3a', 'enter', 'enter']],
	['tasks', ['2']],
	['failures', ['3']],
	['failure-group', ['3', 'enter', 'j', ' ']],
	['workers', ['4']],
	['events', ['5']],
	['schedule', ['6']],
	['workflows', ['7']],
	['doctor', ['8']],
	['queue-types', ['j', 'enter']],
	['queue-workers', ['enter', 'tab']],
	['queue-events', ['enter', 'tab', 'tab']],
	['queue-schedule', ['enter', 'tab', 'tab', 'tab']],
	['queue-storage', ['j', 'enter', 'tab', 'tab', 'tab', 'tab']],
	['findings', ['!', 'j']],
	['filters', ['f', 'j']],
	['filter-typed', ['2', '/', ...'state:failed na']],
	['log', ['@']],
	['costs', ['D']],
	['doctor-filtered', ['8', '/', ...'severity:warning queue:']],
	['palette', [':', ...'re']],
	['help', ['?']],
	['bulk-retry', ['3', 'R']],
] as const;

/** Parts of the page of a queue, which ask of it alone. */
const ofOneQueue: ReadonlySet<string> = new Set(['queue-workers', 'queue-events', 'queue-schedule']);

const sizes = [
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

test.each(screens.flatMap(([name, keys]) => sizes.map(([columns, rows]) => [name, columns, rows, keys] as const)))(
	'the picture of %s at %i x %i',
	async (name, columns, rows, keys) => {
		const rig = await mountShell(
			{...checkedSnapshot, costs: usualCosts},
			{
				columns,
				rows,
				now,
				hands: recordedHands({
					// An entry without an outcome is told at the start: it would stand in every picture.
					...(name === 'log' ? {log: () => logEntries} : {}),
					async previewBulk({tasks}) {
						const act = tasks.map(task => ({...task, name: 'send-invoice', state: 'failed' as const, attempts: 5}));
						return {at: now, act, skipped: []};
					},
				}),
				openView,
				realPopups: true,
				savedFilters,
			},
		);
		rig.monitor.answer(ofOneQueue.has(name) ? answersOf('agents') : allAnswers);
		await rig.press(...keys);
		const lines = rig.rows().map(line => line.trimEnd());
		await rig.end();
		expect(lines).toHaveLength(rows);
		expect(Math.max(...lines.map(measure))).toBeLessThanOrEqual(columns);
		expect(lines.join('')).not.toContain('Reading…');
		await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`pictures/${name}-${columns}x${rows}.txt`);
	},
);
