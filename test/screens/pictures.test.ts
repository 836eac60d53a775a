import {expect, test} from 'vitest';
import {openView} from '../../source/screens/index.ts';
import {measure} from '../../source/terminal/fit.ts';
import {allAnswers} from '../support/answers.ts';
import {checkedSnapshot} from '../support/checked.ts';
import {now} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
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
	['queue-storage', ['j', 'enter', 'tab', 'tab', 'tab', 'tab']],
	['findings', ['!', 'j']],
	['filters', ['f', 'j']],
	['filter-typed', ['2', '/', ...'state:failed na']],
	['palette', [':', ...'re']],
	['help', ['?']],
	['bulk-retry', ['3', 'R']],
] as const;

const sizes = [
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

test.each(screens.flatMap(([name, keys]) => sizes.map(([columns, rows]) => [name, columns, rows, keys] as const)))(
	'the picture of %s at %i x %i',
	async (name, columns, rows, keys) => {
		const rig = await mountShell(checkedSnapshot, {
			columns,
			rows,
			now,
			hands: recordedHands({
				async previewBulk({tasks}) {
					const act = tasks.map(task => ({...task, name: 'send-invoice', state: 'failed' as const, attempts: 5}));
					return {at: now, act, skipped: []};
				},
			}),
			openView,
			realPopups: true,
			savedFilters,
		});
		rig.monitor.answer(allAnswers);
		await rig.press(...keys);
		const lines = rig.rows().map(line => line.trimEnd());
		await rig.end();
		expect(lines).toHaveLength(rows);
		expect(Math.max(...lines.map(measure))).toBeLessThanOrEqual(columns);
		expect(lines.join('')).not.toContain('Reading…');
		await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`pictures/${name}-${columns}x${rows}.txt`);
	},
);
