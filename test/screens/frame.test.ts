import {describe, expect, it} from 'vitest';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import {createDisplayTick} from '../../source/screens/display-tick.ts';
import type {Frame} from '../../source/screens/frame.ts';
import type {Screen, ScreenRequest} from '../../source/screens/screen.ts';
import {createView} from '../../source/screens/view.ts';
import {measure} from '../../source/terminal/fit.ts';
import {createTestClock} from '../support/clock.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell, runStub} from '../support/shell.tsx';
import {blankSnapshot} from '../support/stub-monitor.ts';

const colours = /\u001b\[[\d;]*m/g;

const forbidden = /[\u0000-\u001f\u007f-\u009f\u202e]/;

const hostile = '\u001b[2J\u001b]52;c;Zm9v\u0007\u202e漢字\n\t\u009b31m👩‍👩‍👧';

/** Every text of the Snapshot with something hostile in it. */
function poison(value: unknown): unknown {
	if (typeof value === 'string') return value + hostile;
	if (Array.isArray(value)) return value.map(poison);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keep.has(key) ? inner : poison(inner)]));
}

/** Words of our own, not of the database. */
const keep = new Set([
	'kind',
	'severity',
	'exactness',
	'storageMode',
	'outcome',
	'taskState',
	'connection',
	'readOnly',
]);

const screens: readonly (readonly [name: string, first: Snapshot, keys: readonly string[]])[] = [
	['overview', snapshot, []],
	['help', snapshot, ['?']],
	['costs', snapshot, ['D']],
	['open by id', snapshot, ['0198f3a2-7b7c-7e1f-8a55-3d1f24ab5cde']],
	['connecting', blankSnapshot, []],
	['no schema', {...blankSnapshot, connection: {kind: 'no-schema'}}, []],
	[
		'lost',
		{...snapshot, connection: {kind: 'lost', since: now, retryAt: now, trouble: {sentence: hostile, sqlstate: 'X'}}},
		[],
	],
	['hostile', poison(snapshot) as Snapshot, []],
];

/** What is wrong with a frame in a window of this size: nothing. */
function mistakes({lines, box}: Frame, columns: number, rows: number): readonly string[] {
	const wrong = lines.length === rows ? [] : [`${lines.length} lines`];
	const bad = [...lines, ...(box?.lines ?? [])].filter(line => {
		const text = line.replaceAll(colours, '');
		return measure(text) > columns || forbidden.test(text);
	});
	return [...wrong, ...bad].map(what => `${columns}x${rows}: ${JSON.stringify(what)}`);
}

describe('frames', () => {
	it.each(screens)(
		'%s is never larger than the window, from 1x1 to 300x100',
		async (name, first, keys) => {
			const rig = await mountShell(first, {now, columns: 80, rows: 24, colour: true});
			await rig.press(...keys);
			const wrong: string[] = [];
			for (let columns = 1; columns <= 300; columns += columns < 90 ? 7 : 41) {
				for (let rows = 1; rows <= 100; rows += rows < 30 ? 5 : 23) {
					rig.shell.resize(columns, rows);
					wrong.push(...mistakes(rig.shell.frame(), columns, rows));
				}
			}
			expect(wrong, name).toEqual([]);
			expect(rig.quits).toEqual([]);
			await rig.end();
		},
		30_000,
	);

	it('survives a storm of new sizes on a real terminal: nothing scrolls, nothing stays behind', async () => {
		const rig = await mountShell(snapshot, {now, columns: 80, rows: 24, colour: true});
		let state = 7;
		for (let round = 0; round < 60; round++) {
			state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
			const [columns, rows] = [1 + (state % 200), 1 + ((state >>> 9) % 60)];
			await rig.resize(columns, rows);
			const drawn = rig.shell.frame().lines.map(line => line.replaceAll(colours, '').trimEnd());
			const seen = rig.rows().map(row => row.trimEnd());
			expect(seen, `${columns}x${rows}`).toEqual(drawn);
		}
		await rig.resize(200, 50);
		const after = rig.screen();
		await rig.end();
		const fresh = await mountShell(snapshot, {now, columns: 200, rows: 50, colour: true});
		expect(after).toBe(fresh.screen());
		await fresh.end();
	});

	it('costs no byte while nothing looks different', async () => {
		const rig = await mountShell(snapshot, {now, columns: 200, rows: 50, colour: true});
		const before = rig.bytes();
		for (let tick = 0; tick < 5; tick++) await rig.give({tickDuration: 2 + tick * 0.4});
		expect(rig.bytes()).toBe(before);
		await rig.end();
	});

	it('costs no byte and no timer while paused', async () => {
		const rig = await mountShell({...snapshot, paused: true}, {now, columns: 200, rows: 50});
		const before = rig.bytes();
		expect(rig.clock.waiting()).toBe(0);
		await rig.pass(3_600_000);
		expect(rig.bytes()).toBe(before);
		await rig.end();
	});

	it('lets ages grow between two Snapshots, in few bytes', async () => {
		const rig = await mountShell(snapshot, {now, columns: 200, rows: 50, colour: true});
		const [screen, before] = [rig.screen(), rig.bytes()];
		await rig.pass(5000);
		expect(rig.screen()).not.toBe(screen);
		expect(rig.bytes() - before).toBeLessThan(8000);
		await rig.end();
	});

	it('is ASCII where the terminal knows nothing else', async () => {
		const rig = await mountShell(poison(snapshot) as Snapshot, {now, columns: 200, rows: 50, ascii: true});
		await rig.press('?');
		for (const line of rig.shell.frame().lines) expect(line).toMatch(/^[\u001b\x20-\x7e]*$/);
		await rig.press('?');
		for (const line of rig.shell.frame().lines) expect(line).toMatch(/^[\u001b\x20-\x7e]*$/);
		await rig.end();
	});

	it('counts how long the data is stale and when the next attempt is, second by second', async () => {
		const trouble = {sentence: 'The connection broke.', sqlstate: '57P01'};
		const rig = await mountShell(
			{...snapshot, connection: {kind: 'lost', since: now, retryAt: now + 8000, trouble}},
			{now},
		);
		const stale = () => rig.rows().at(-1)?.trim();
		expect(stale()).toBe('STALE <1s · retry in 8s · The connection broke. (SQLSTATE 57P01)');
		await rig.pass(3000);
		expect(stale()).toBe('STALE 3s · retry in 5s · The connection broke. (SQLSTATE 57P01)');
		const body = rig.rows().slice(1, -1);
		await rig.pass(5000);
		expect(stale()).toBe('STALE 8s · retrying… · The connection broke. (SQLSTATE 57P01)');
		expect(rig.rows().slice(1, -1)).toEqual(body);
		await rig.end();
	});
});

describe('display tick', () => {
	it('looks again at its pace while ages change, less often when none did for a while, never when nothing lives', () => {
		const clock = createTestClock();
		let draws = 0;
		let changed = true;
		let pace: number | undefined = 1000;
		const tick = createDisplayTick(clock, () => {
			draws++;
			tick.drawn(changed, pace);
		});
		const drawsIn = (milliseconds: number) => {
			const before = draws;
			clock.pass(milliseconds);
			return draws - before;
		};
		tick.drawn(true, pace);
		expect(drawsIn(30_000)).toBe(30);
		changed = false;
		expect(drawsIn(100_000)).toBeLessThanOrEqual(10 + 18);
		expect(drawsIn(10_000)).toBe(2);
		changed = true;
		expect(drawsIn(15_000)).toBeGreaterThanOrEqual(10);
		pace = undefined;
		drawsIn(5000);
		expect(drawsIn(100_000)).toBe(0);
		expect(clock.waiting()).toBe(0);
	});

	it('draws nothing between Snapshots that come every two seconds', async () => {
		const rig = await mountShell(snapshot, {now});
		let frames = 0;
		rig.shell.subscribe(() => frames++);
		for (let tick = 1; tick <= 10; tick++) {
			rig.clock.pass(2000);
			await rig.give({at: now + tick * 2000, receivedAt: now + tick * 2000});
		}
		expect(frames).toBeLessThanOrEqual(10);
		await rig.end();
	});
});

describe('a screen that makes mistakes', () => {
	it('cannot break the picture: lines too long, with line breaks or escape sequences, too many', async () => {
		const wild: Screen<string> = {
			...runStub,
			draw: () =>
				Array.from({length: 100}, (_, index) => `\u001b[1m${index} 漢${'x'.repeat(200)}\n\u001b[2Jy\u001b[22m`),
			probe: () => undefined,
		};
		const openView = (request: ScreenRequest, first: Snapshot) => createView(wild, request, first);
		const rig = await mountShell({...snapshot, findings: []}, {now, openView});
		expect(rig.rows()[2]).toBe(`0 漢${'x'.repeat(75)}…`);
		expect(rig.rows()[21]).toBe(`19 漢${'x'.repeat(74)}…`);
		expect(rig.rows()[22]).toContain('? help');
		expect(rig.rows()[0]).toContain('prod-eu');
		await rig.end();
	});
});
