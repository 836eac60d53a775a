import {describe, expect, test} from 'vitest';
import {parseFilter} from '../../source/monitor/filter/parse.ts';
import {workerRows} from '../../source/monitor/worker-rows.ts';
import {eventsScreen} from '../../source/screens/events/events.ts';
import {failuresScreen} from '../../source/screens/failures/failures.ts';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import {storageScreen} from '../../source/screens/queue/storage.ts';
import {typesScreen} from '../../source/screens/queue/types.ts';
import {scheduleScreen} from '../../source/screens/schedule/schedule.ts';
import type {Screen, ScreenRequest} from '../../source/screens/screen.ts';
import {workersScreen} from '../../source/screens/workers/workers.ts';
import {workflowsScreen} from '../../source/screens/workflows/workflows.ts';
import {allAnswers} from '../support/answers.ts';
import {type Driver, drive} from '../support/drive.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell} from '../support/shell.tsx';

function open<State>(screen: Screen<State>, request: ScreenRequest): Driver {
	return drive(screen, request, {answers: allAnswers, width: 120, height: 30});
}

/** Rows that are shown and all there are, from the title: `Events 2 of 5`. */
function counts(screen: Driver, title: RegExp): readonly [shown: number, all: number] {
	const [, shown = '', all = shown] =
		new RegExp(`${title.source} ≥?([\\d,]+)(?: of ≥?([\\d,]+))?`).exec(screen.text()) ?? [];
	return [Number(shown.replace(',', '')), Number(all.replace(',', ''))];
}

function narrow(screen: Driver, filter: string): void {
	screen.run('list.filter');
	screen.type(...filter, 'enter');
}

const workers = allAnswers.workers?.kind === 'ready' ? workerRows(allAnswers.workers.value.workers.rows, 'worker') : [];
const inMail = workers.filter(({worker, queues}) => worker.startsWith('w-3') && !queues.includes('billing')).length;
const idle = workers.filter(({lastClaimAt = now}) => now - lastClaimAt > 180_000).length;

// Every list, a filter of the language, and which of its rows pass by a look at the data that does not ask the language.
const lists = [
	[/Failures/, () => open(failuresScreen, {screen: 'failures'}), 'queue:mail error:smtp', 1],
	[/Failures/, () => open(failuresScreen, {screen: 'failures'}), '!queue:mail attempts>=2', 3],
	[/Workers/, () => open(workersScreen, {screen: 'workers', queue: undefined}), 'worker:w-3 !queue:billing', inMail],
	[/Workers/, () => open(workersScreen, {screen: 'workers', queue: undefined}), 'age>3m', idle],
	[/Events/, () => open(eventsScreen, {screen: 'events', queue: undefined}), 'name:catalogue.* queue:imports', 1],
	[/Events/, () => open(eventsScreen, {screen: 'events', queue: undefined}), 'age<1m', 1],
	[/Schedule/, () => open(scheduleScreen, {screen: 'schedule', queue: undefined}), 'queue:agents attempts>=2', 2],
	[/Workflows/, () => open(workflowsScreen, {screen: 'workflows'}), 'state:running name:compare-*', 2],
	[/Task types/, () => open(typesScreen, {screen: 'types', queue: 'mail'}), 'name:send-*', 2],
	[/Storage/, () => open(storageScreen, {screen: 'storage', queue: 'mail'}), 'name:t_*', 1],
	[/Queues/, () => open(overviewScreen, {screen: 'overview'}), 'name:*s', 3],
] as const;

describe('the filter language on every list', () => {
	test.each(lists)('%s', (title, opened, filter, passing) => {
		const screen = opened();
		const [all] = counts(screen, title);
		narrow(screen, filter);
		expect(parseFilter(filter).error).toBeUndefined();
		expect([filter, ...counts(screen, title)]).toEqual([filter, passing, all]);
		expect(passing).toBeLessThan(all);
		screen.run('program.escape');
		expect(counts(screen, title)).toEqual([all, all]);
	});

	test('Tab offers the keys that the rows have and what they say, and an error has its place', () => {
		const screen = open(eventsScreen, {screen: 'events', queue: undefined});
		screen.run('list.filter');
		expect(screen.text()).toContain('Tab name: queue: age>');
		screen.type(...'name:cat', 'tab');
		expect(screen.text()).toContain('/name:catalogue.uploaded:2290');
		screen.type(...' worker:w');
		expect(screen.text()).toContain('at 30 “worker:w”: The rows here have no worker.');
		screen.type('enter');
		expect(screen.text()).toContain('no worker here');
	});
});

describe('saved filters', () => {
	const saved = [
		{name: 'bounces', filter: 'error:Bounce'},
		{name: 'agents only', filter: 'queue:agents'},
	];

	test('f lists them and Enter applies one to the list under the cursor', async () => {
		const rig = await mountShell(snapshot, {savedFilters: saved});
		await rig.press('f');
		expect(
			rig
				.rows()
				.slice(3, 6)
				.map(row => row.trimEnd()),
		).toEqual([' Filters 2', '▸ bounces               error:Bounce', '  agents only           queue:agents']);
		expect(rig.rows()[22]).toContain('apply');
		await rig.press('j', 'j', 'enter');
		expect(rig.screen()).toContain('Queues 1 of 6  /queue:agents');
		await rig.press('tab', '/', ...'worker:w-3', 'enter', 'f');
		expect(rig.screen()).toContain('(this session)        worker:w-3');
		await rig.press('escape');
		expect(rig.screen()).toContain('/worker:w-3');
		await rig.end();
	});

	test('where there is none it says how there could be', async () => {
		const rig = await mountShell(snapshot, {});
		await rig.press('f');
		expect(rig.screen()).toContain('No filter yet: / types one.');
		await rig.end();
	});
});
