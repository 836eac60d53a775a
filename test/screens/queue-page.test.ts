import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {columnChart} from '../../source/components/column-chart.ts';
import type {TypeReport} from '../../source/monitor/type-tally.ts';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import {barsOf, originLine, trendMark} from '../../source/screens/past-bars.ts';
import {queueScreen} from '../../source/screens/queue/queue.ts';
import {measure} from '../../source/terminal/fit.ts';
import {drive} from '../support/drive.ts';
import {now, snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';

const times = {p50: 1200, p95: 58_000, p99: 240_000, samples: 300};
const report: TypeReport = {
	types: [
		{
			taskName: 'send-invoice',
			completed: 300,
			failed: 60,
			spread: [0, 1, 9, 80, 200, 10, 0, 0, 0, 0, 0, 0],
			runTime: times,
			pickup: {...times, samples: 12},
		},
		{taskName: 'evil\u001b[2J', completed: 1, failed: 0, spread: [], runTime: undefined, pickup: undefined},
	],
	since: now - 12 * 60_000,
	seedFrom: now - 26 * 60_000,
	until: now,
	sampled: false,
};
const storage = {
	policy: [{name: 'cleanup_ttl', value: '30 days'}],
	tables: [
		{
			name: 'r_mail',
			parent: undefined,
			bound: undefined,
			rows: undefined,
			deadRows: 12,
			vacuumedAt: now - 60_000,
			bytes: 8192,
		},
	],
	jobs: undefined,
};
const answers = {
	types: {kind: 'ready', value: report, readAt: now},
	storage: {kind: 'ready', value: storage, readAt: now},
} as const;

function open(width: number, height: number) {
	return drive(queueScreen, {screen: 'queue', queue: 'mail'}, {answers, width, height, hands: recordedHands()});
}

test.each([
	[60, 11],
	[80, 20],
	[120, 36],
	[200, 46],
])('every part fits %ix%i', (width, height) => {
	const screen = open(width, height);
	for (let part = 0; part < 5; part++) {
		const rows = screen.rows();
		expect(rows.length).toBeLessThanOrEqual(height);
		for (const row of rows) expect(measure(row)).toBeLessThanOrEqual(width);
		expect(rows.join('')).not.toContain('\u001b[2J');
		screen.run('panel.next');
	}
});

test('Enter on a queue opens its page: what lives, what flows, the task types', () => {
	const overview = drive(overviewScreen, {screen: 'overview'}, {snapshot, width: 80});
	overview.run('list.down', 'list.open');
	expect(overview.opened).toMatchObject([{screen: 'queue'}]);
	expect(open(120, 36).text()).toMatchInlineSnapshot(`
		" Queue mail  unpartitioned
		   ready 12 (oldest <1s) · running 7 · retry 31 · sleep 0 · wait 0
		   done/s 12.6 · fail 5m 18.4% · p50 410ms · p95 1.9s · drains 1s · ~1.0M rows
		▸Types   Workers   Events   Schedule   Storage
		 Task types 2
		 done a minute, 30m, most 1045     failed a minute, 30m, most 209
		  ▂▅██ ▂▅██ ▂▅██ ▂▅██ ▂▅██ ▂▅██     ▂▅██ ▂▅██ ▂▅██ ▂▅██ ▂▅██ ▂▅██
		 ▇████▇████▇████▇████▇████▇████    ▆████▆████▆████▆████▆████▆████
		 ██████████████████████████████    ██████████████████████████████
		 ──────────────────────────────    ──────────────────────────────
		   task                              runs   fail  wait50  wait95  wait99   of   run50   run95   run99   of 10ms 1s 1000s
		▸△ send-invoice                       360  16.7%   ~1.2s  ~58.0s  ~4m00s   12    1.2s   58.0s   4m00s  300 ▁▂▂▄█▂▁▁▁▁▁▁
		 ● evil␛[2J                             1    0/1       –       –       –    0       –       –       –    0




















		 Counted: all of the last 12m, before that the newest 2,000 by claim (26m). ~ under a bar: from before the start;
		 before a time: below 20 samples. wait: first claim − enqueue, of first attempts. run: last leg, of completed runs.
		 Bars: how run times are spread, two to a power of ten."
	`);
});

test('Tab goes through the parts; sizes are asked for on Storage', () => {
	const screen = open(100, 30);
	expect(screen.whyNot('queue.sizes')).toBe('sizes are on Storage');
	screen.run('panel.previous');
	expect(screen.text()).toContain('▸Storage');
	expect(screen.text()).toMatch(/table +r_mail +\? +12 +1m +8\.2 kB/);
	expect(screen.whyNot('queue.sizes')).toBeUndefined();
	screen.run('panel.next', 'panel.next');
	expect(screen.text()).toContain('Workers');
});

test('a new task is for this queue and the type under the cursor', () => {
	const screen = open(100, 30);
	screen.run('action.spawn', 'action.emit');
	expect(screen.acted).toEqual([
		{kind: 'spawn-form', queue: 'mail', taskName: 'send-invoice'},
		{kind: 'emit-form', queue: 'mail', eventName: undefined},
	]);
});

test('of each bar it is told whether it was seen, read from the index, or is not known', () => {
	const slots = Array.from({length: 60}, (_, index) => (index < 9 ? undefined : {completed: index, failed: 1}));
	// The start lies in the middle of the fortieth minute half: that slot was partly read.
	const past = {until: now, slots, liveFrom: now - 20.5 * 30_000};
	expect(originLine(past, 60, false)).toBe(`${' '.repeat(9)}${'~'.repeat(31)}${'─'.repeat(20)}`);
	// A minute of which only one half is known is not known.
	expect(originLine(past, 30, true)).toBe(`${' '.repeat(5)}${'~'.repeat(15)}${'-'.repeat(10)}`);
	expect(barsOf(past, 30, ({completed}) => completed).slice(3, 7)).toEqual([undefined, undefined, 21, 25]);
	const none = {fail5m: false, donePerSecond: false, trend: false};
	expect([trendMark(none), trendMark({...none, trend: true}), trendMark(undefined)]).toEqual([' ', '~', ' ']);
	const queues = snapshot.queues.map(queue => (queue.name === 'mail' ? {...queue, past} : queue));
	const screen = drive(
		queueScreen,
		{screen: 'queue', queue: 'mail'},
		{answers, width: 120, height: 36, hands: recordedHands(), snapshot: {...snapshot, queues}},
	);
	const rows = screen.rows();
	const title = rows.findIndex(row => row.includes('done a minute'));
	expect(rows.slice(title, title + 5).map(row => stripVTControlCharacters(row).trimEnd())).toEqual([
		' done a minute, 30m, most 117      failed a minute, 30m, most 2',
		'                     ▁▁▂▃▄▅▆▆▇█         █████████████████████████',
		'            ▁▂▃▄▅▅▆▇███████████         █████████████████████████',
		' ·····▄▅▆▇█████████████████████    ·····█████████████████████████',
		'      ~~~~~~~~~~~~~~~──────────         ~~~~~~~~~~~~~~~──────────',
	]);
});

test('a chart draws what happened, however little, and what is not known', () => {
	expect(columnChart([undefined, 0, 1, 50, 100], 2, false)).toEqual(['    █', '· ▁██']);
	expect(columnChart([undefined, 0, 8], 1, true)).toEqual(['- #']);
	expect(columnChart([], 2, false)).toEqual(['', '']);
});

test.each([60, 80, 100, 200])('at %i columns percentiles stand with the number that they rest on', width => {
	const titles = open(width, 30)
		.text()
		.split('\n')
		.find(line => line.includes('task  '));
	expect(titles?.match(/\bof\b/g)).toHaveLength(2);
	expect(titles).toMatch(/wait95.* of .*run95.* of/);
});
