import {afterAll, beforeAll, expect, test} from 'vitest';
import type {LocksSeen} from '../support/lock-watch.ts';
import {bigQueue, fillPending, million} from '../support/million.ts';
import {endPrograms, type Program, quit, startProgram} from '../support/program.ts';
import {createQueue, table} from '../support/queue-rows.ts';
import {
	countLive,
	expectCheap,
	expectQuick,
	moveCursor,
	type ScaleServer,
	shownLive,
	sized,
	startScaleServer,
	tell,
	timed,
} from '../support/scale.ts';

// A million runs wait in one queue from which nobody claims; others beside it work as ever.

const count = Math.max(20_000, sized(million));
const others = Array.from({length: 30}, (_, index) => `other-${String(index + 1).padStart(2, '0')}`);

let server: ScaleServer;
let program: Program;
let locksOf: {end(): Promise<LocksSeen>};

beforeAll(async () => {
	server = await startScaleServer();
	await timed(`${count.toLocaleString('en-US')} pending runs made`, () => fillPending(server.client, count));
	for (const name of others) {
		await createQueue(server, name);
		for (let index = 0; index < 2; index++) await server.absurd.spawn(name, 'tidy', {n: index});
		await server.absurd.claim(name, 'w-1', 1, 7200);
	}
});
afterAll(async () => {
	await endPrograms();
	await server.end();
});

test('it shows them soon: at least ten thousand, then nearly how many, and nobody who claims', async () => {
	locksOf = await server.watchLocks();
	const started = performance.now();
	program = startProgram([server.url], {columns: 120, rows: 40});
	await program.waitFor(new RegExp(`${bigQueue} +[~≥][\\d.]+[kM] `), 30_000);
	const took = performance.now() - started;
	tell(`live rows after ${(took / 1000).toFixed(2)} s`);
	expect(took).toBeLessThan(10_000);
	const counted =
		count >= million ? new RegExp(`▲ ${bigQueue} .*[~≥]1\\.0M`) : new RegExp(`▲ ${bigQueue} .*~${count / 1000}k`);
	const near = others.slice(0, 5);
	const screen = await program.waitFor(
		seen => counted.test(seen) && near.every(name => shownLive(seen, name) !== undefined),
		90_000,
	);
	expect(screen).toMatch(new RegExp(`${bigQueue}: .* ready, the oldest for .*; nobody has`));
	const [row] = await server.query<{n: number}>(
		`select count(*)::int as n from ${table('r', bigQueue)} where state = 'pending'`,
	);
	expect(row?.n).toBe(count);
	for (const name of near) expect(shownLive(screen, name)).toEqual(await countLive(server, name));
});

test('keys are answered while it polls', async () => {
	const taken = await moveCursor(program, 'j', 20);
	expectQuick(taken);
});

test('its newest tasks are listed, one is opened and cancelled', async () => {
	await program.press('g');
	await program.press('enter');
	await program.waitFor(`Queue ${bigQueue}`);
	await program.press('escape', '2');
	await program.waitFor(/Tasks ≥?\d/, 30_000);
	await program.press('/');
	await program.waitFor('Esc clear');
	for (const character of `queue:${bigQueue}`) program.write(character);
	await program.waitFor(`queue:${bigQueue}`);
	await program.press('enter');
	await program.waitFor(new RegExp(`task-\\d .*${bigQueue}`), 30_000);
	await program.press('enter');
	// The id is there while the task is still being read.
	const page = await program.waitFor(/pending, attempt 1 of 5[\s\S]*task [0-9a-f-]{36}/, 30_000);
	const id = /task ([0-9a-f-]{36})/.exec(page)?.[1] ?? '';
	expect(await server.absurd.task(bigQueue, id)).toEqual({state: 'pending', attempts: 1, maxAttempts: 5});
	await program.ask('C', 'y cancel it');
	await program.ask('y', 'Cancelled');
	expect((await server.absurd.task(bigQueue, id))?.state).toBe('cancelled');
	await program.press('escape', 'escape', 'escape', '1');
	await program.waitFor('Queues 31');
});

test('the server did little for it: time, locks; and the program stayed small', async () => {
	await expectCheap(server, [program], locksOf, {tick: 200, busy: 0.25, memory: 300});
	expect(await quit(program)).toEqual({code: 0, restored: true});
});
