import {afterEach, describe, expect, it} from 'vitest';
import {now, snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {mountShell, type Rig, type RigOptions} from '../support/shell.tsx';
import {session} from '../support/stub-monitor.ts';

const id = '0198f3a2-7b7c-7e1f-8a55-3d1f24ab5cde';
const run = {queue: 'mail', taskId: id, runId: '0198f3a2-7b7c-7e1f-8a55-3d1f24ab5cdf'};

let rig: Rig;

async function start(options: RigOptions = {}, first = snapshot): Promise<void> {
	rig = await mountShell(first, {now, ...options});
}

/** The last line of the screen: notes. */
function status(): string {
	return rig.rows().at(-1)?.trim() ?? '';
}

afterEach(() => rig.end());

describe('keys of the program', () => {
	it('opens and closes the help, which names every live key, and scrolls', async () => {
		await start();
		await rig.press('?');
		expect(rig.screen()).toContain('Help · Overview');
		expect(rig.screen()).toContain('j ↓');
		expect(rig.rows()[22]).toBe(' Esc close');
		await rig.press('G');
		expect(rig.screen()).toContain('cancelled');
		expect(rig.screen()).not.toContain('next row');
		await rig.press('g');
		expect(rig.screen()).toContain('next row');
		await rig.press('escape');
		expect(rig.screen()).toContain('Queues 6');
		await rig.press('?', '?');
		expect(rig.screen()).toContain('Queues 6');
		expect(rig.quits).toEqual([]);
	});

	it('says in the help why a key does nothing', async () => {
		await start({}, {...snapshot, session: {...session, readOnly: 'session'}});
		await rig.press('?');
		expect(rig.screen()).toMatch(/N +spawn a new task \(form\): read-only/);
	});

	it.each([
		[80, 24],
		[120, 40],
		[200, 50],
	])('says the whole reason in the help, %ix%i', async (columns, rows) => {
		const reason = `the record of actions ${'/somewhere/far/away'.repeat(4)} cannot be written (EACCES); name another file with --audit, or start with --no-audit`;
		await start({columns, rows, hands: recordedHands({refusal: () => reason})});
		await rig.press('?', ...'jjjjjjjj');
		const left = columns < 130 ? columns : columns / 2;
		const text = rig.rows().map(row => row.slice(0, left));
		const first = text.findIndex(row => /^ {3}N /.test(row));
		const next = text.findIndex((row, index) => index > first && /^ {3}\S/.test(row));
		const said = text.slice(first, next).map(row => row.slice(14).trimEnd());
		expect(said.length).toBeGreaterThan(1);
		expect(said.join('').replaceAll(' ', '')).toBe(`spawn a new task (form): ${reason}`.replaceAll(' ', ''));
		expect(text.slice(first + 1, next).every(row => row.startsWith(' '.repeat(14)))).toBe(true);
	});

	it('shows what each query costs', async () => {
		await start(
			{},
			{
				...snapshot,
				costs: [
					{probe: 'queue-live', kind: 'tick', statements: 8, rows: 120, duration: 4.2, at: now, trouble: undefined},
					{
						probe: 'queue-history\u001b[2J',
						kind: 'screen',
						statements: 1,
						rows: 3,
						duration: 812,
						at: now - 70_000,
						trouble: 'It took longer than 500 ms and rests for 60 s.',
					},
				],
			},
		);
		await rig.press('D');
		expect(rig.rows().slice(3, 10).join('\n')).toMatchInlineSnapshot(`
			" What looking costs the database
			   One round trip every 2s; the last took 3ms, network included: at most 0.1%
			   of one connection.

			   query                       runs          stmts   rows     time    last
			   queue-history␛[2J           this screen       1      3    812ms      1m
			      It took longer than 500 ms and rests for 60 s."
		`);
		await rig.press('D');
		expect(rig.screen()).toContain('Queues 6');
	});

	it('pauses, refreshes, changes the interval and the clock', async () => {
		await start();
		await rig.press('p');
		expect(rig.monitor.wishes).toContain('pause true');
		expect(status()).toBe('PAUSED · p goes on, r refreshes once');
		await rig.press('r', 'p', '+');
		expect(rig.monitor.wishes.slice(-3)).toEqual(['refresh', 'pause false', 'interval 5000']);
		expect(rig.rows()[0]).toContain('every 5s');
		expect(status()).toBe('Refreshing every 5s');
		await rig.press('-', '-', '-', '-');
		expect(rig.monitor.wishes.slice(-3)).toEqual(['interval 2000', 'interval 1000', 'interval 500']);
		await rig.press('-');
		expect(status()).toBe('Every 0.5s is the fastest');
		expect(rig.monitor.wishes.at(-1)).toBe('interval 500');
		await rig.press('T');
		expect(status()).toBe('Times in the zone of this terminal');
		await rig.pass(6000);
		expect(status()).toBe('');
	});

	it('quits with q at the top and with ctrl+c from anywhere, never with Escape', async () => {
		await start();
		await rig.press('escape', 'escape');
		expect(rig.quits).toEqual([]);
		await rig.press('q');
		expect(rig.quits).toEqual([0]);
		await rig.press('?', 'ctrl+c');
		rig.popup.show('form');
		await rig.press('ctrl+c');
		expect(rig.quits).toEqual([0, 130, 130]);
	});

	it('goes in with Enter and back with q and Escape', async () => {
		await start();
		await rig.press('tab', 'tab', 'enter');
		expect(rig.screen()).toContain(`run ${snapshot.failures[0]?.runId}`);
		expect(rig.monitor.probe()?.kind).toBe('run');
		expect(rig.screen()).toContain('q back');
		await rig.press('q');
		expect(rig.screen()).toContain('Queues 6');
		expect(rig.monitor.probe()).toBeUndefined();
		await rig.press('enter', 'escape', 'enter', '1');
		expect(rig.screen()).toContain('Queues 6');
		expect(rig.quits).toEqual([]);
	});

	it('suspends and redraws', async () => {
		await start();
		await rig.press('ctrl+z', 'ctrl+l');
		expect(rig.asked).toEqual(['suspend', 'redraw']);
	});

	it('takes every key of a burst', async () => {
		await start();
		await rig.press('jjj');
		expect(rig.rows().find(row => row.startsWith('▸'))).toContain('imports');
	});

	it('copies, and says so', async () => {
		await start();
		await rig.press('y');
		expect(rig.copied).toEqual(['agents']);
		expect(status()).toBe('Copied name of the queue: agents');
	});

	it('says why something could not be copied', async () => {
		await start({refuseCopy: 'too large'});
		await rig.press('y');
		expect(status()).toBe('Not copied: too large');
	});
});

describe('keys that act', () => {
	it('act only when they arrive alone', async () => {
		await start();
		await rig.press('jR');
		expect(status()).toContain('R came together with other keys');
		await rig.press('Ry', 'CC', 'N\r');
		expect(rig.popup.opened).toEqual([]);
	});

	it('go to the dialog and nowhere else while one is open', async () => {
		await start();
		rig.popup.show('dialog');
		await rig.settle();
		expect(rig.screen()).toContain('| sure |');
		await rig.press('q', 'p', 'j', '?');
		await rig.press('Ry');
		expect(rig.popup.keys.map(key => [key.name, key.alone])).toEqual([
			['q', true],
			['p', true],
			['j', true],
			['?', true],
			['R', false],
			['y', false],
		]);
		expect(rig.quits).toEqual([]);
		await rig.press('escape');
		expect(rig.screen()).not.toContain('| sure |');
	});

	it('reach no dialog that cannot be seen', async () => {
		await start();
		rig.popup.show('dialog');
		await rig.resize(50, 10);
		await rig.press('y', 'q');
		expect(rig.popup.keys).toEqual([]);
		await rig.resize(80, 24);
		await rig.press('y');
		expect(rig.popup.keys.map(({name}) => name)).toEqual(['y']);
		await rig.press('ctrl+c');
		expect(rig.quits).toEqual([130]);
	});

	it('draws the box over the body, and leaves the rest in sight', async () => {
		await start();
		const before = rig.rows();
		rig.popup.show('form', ['┌────┐', '│ 漢 │', '└────┘']);
		await rig.settle();
		const after = rig.rows();
		expect(after[11]).toBe(`${before[11]?.padEnd(80).slice(0, 37)}┌────┐${before[11]?.slice(43)}`);
		const changed = after.flatMap((row, index) => (row === before[index] ? [] : [index]));
		expect(changed).toEqual([11, 12, 13, 22]);
	});
});

describe('pastes', () => {
	it('are never keys', async () => {
		await start();
		await rig.press('\u001b[200~q\rRy\u001b[201~');
		expect(rig.quits).toEqual([]);
		expect(rig.popup.opened).toEqual([]);
		expect(status()).toContain('A paste is never taken for keys');
	});

	it.each([[`\u001b[200~ "${id.toUpperCase()}"\n\u001b[201~`], [id]])(
		'of an id ask whether to open it: %j',
		async bytes => {
			await start();
			await rig.press(bytes);
			expect(rig.screen()).toContain(`open ▸ ${id}`);
			expect(rig.monitor.probe()).toBeUndefined();
			await rig.press('enter');
			expect(rig.monitor.probe()).toEqual({kind: 'find', id});
			expect(rig.screen()).toContain('looking in all queues…');
			rig.monitor.answer({find: {kind: 'loading'}});
			rig.monitor.answer({find: {kind: 'ready', value: run, readAt: now}});
			await rig.settle();
			expect(rig.screen()).toContain(`run ${run.runId}`);
			expect(rig.monitor.probe()).toEqual({kind: 'run', run: {queue: 'mail', taskId: 't', runId: run.runId}});
		},
	);

	it('of an id that is nowhere say so, and Escape leads back', async () => {
		await start();
		await rig.press(id, 'enter');
		rig.monitor.answer({find: {kind: 'ready', value: null, readAt: now}});
		await rig.settle();
		expect(rig.screen()).toContain('No task and no run in any queue');
		await rig.press('escape');
		expect(rig.screen()).toContain('Queues 6');
	});

	it('go into the filter while it is typed, and into forms', async () => {
		await start();
		await rig.press('/', '\u001b[200~ma\nil\u001b[201~');
		expect(rig.screen()).toContain('ma il');
		rig.popup.show('form');
		await rig.press('\u001b[200~{"a":1}\u001b[201~');
		expect(rig.popup.pastes).toEqual(['{"a":1}']);
	});
});

describe('while text is typed', () => {
	it('all printable keys are text, and the hints say how to end', async () => {
		await start();
		await rig.press('/', 'q', 'R', '?', 'p', '1');
		expect(rig.screen()).toContain('qR?p1');
		expect(rig.quits).toEqual([]);
		expect(rig.rows()[22]).toBe(' ↵ keep  Esc clear');
		await rig.press('escape');
		expect(rig.screen()).not.toContain('qR?p1');
	});
});

describe('while there is nothing to show', () => {
	it('only the keys of the program live', async () => {
		await start({}, {...snapshot, at: undefined, connection: {kind: 'no-schema'}});
		await rig.press('/', 'j', 'R', id);
		expect(rig.popup.opened).toEqual([]);
		expect(rig.screen()).toContain('has no schema absurd');
		await rig.press('r');
		expect(rig.monitor.wishes).toContain('refresh');
		await rig.press('q');
		expect(rig.quits).toEqual([0]);
	});
});

describe('what breaks inside', () => {
	it('ends the program with the error', async () => {
		await start();
		rig.popup.press = () => {
			throw new Error('the dialog broke');
		};
		rig.popup.show('dialog');
		await rig.press('x');
		expect(rig.quits).toEqual([new Error('the dialog broke')]);
	});
});
