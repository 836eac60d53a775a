import {afterAll, beforeAll, expect, test} from 'vitest';
import {manyTransactions} from '../../source/monitor/rules/server.ts';
import type {Spawned} from '../support/absurd.ts';
import type {LocksSeen} from '../support/lock-watch.ts';
import {bigQueue, fillDead, million} from '../support/million.ts';
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

// A million runs were pending and are completed, under a transaction that somebody forgot: their index entries are
// dead, and stay in front of the few that live. Then it ends.

const count = Math.max(20_000, sized(million));
const live = 7;

let server: ScaleServer;
let failed: Spawned;
let endForgotten: () => Promise<void>;
let program: Program;
let locksOf: {end(): Promise<LocksSeen>};

/** Pages that somebody reads who asks for the first pending run without knowing where it can be. */
async function pagesToFirst(): Promise<number> {
	await server.client.query('set enable_seqscan = off; set enable_bitmapscan = off');
	const {rows} = await server.client.query<{'QUERY PLAN': string}>(
		`explain (analyze, buffers, costs off) select run_id from ${table('r', bigQueue)}
		where state = 'pending' order by available_at limit 1`,
	);
	const plan = rows.map(row => row['QUERY PLAN']).join('\n');
	const [, hit = '0', read = '0'] = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan) ?? [];
	return Number(hit) + Number(read);
}

beforeAll(async () => {
	server = await startScaleServer();
	await createQueue(server, 'mail');
	await timed(`${count.toLocaleString('en-US')} dead index entries made`, async () => {
		endForgotten = await fillDead(server.url, server.client, count);
	});
	failed = await server.absurd.spawn(bigQueue, 'send-invoice', {order: 4711}, {max_attempts: 1});
	const [run] = await server.absurd.claim(bigQueue, 'w-3:12');
	await server.absurd.fail(bigQueue, run ?? '', 'BounceError', 'no such mailbox');
	for (let index = 0; index < live + 3; index++) await server.absurd.spawn(bigQueue, 'charge-card', {n: index});
	await server.absurd.claim(bigQueue, 'w-3:12', 3, 7200);
	await timed(`${manyTransactions.toLocaleString('en-US')} transactions went by`, async () => {
		await server.client.query(
			`do $$ begin for n in 1..${manyTransactions} loop perform pg_current_xact_id(); commit; end loop; end $$`,
		);
	});
});
afterAll(async () => {
	await endPrograms();
	await endForgotten();
	await server.end();
});

test('what lives is shown soon and right, however much is dead in front of it', async () => {
	const pages = await pagesToFirst();
	tell(`pages in front of the first pending run: ${pages}`);
	expect(pages).toBeGreaterThan(count / 100);
	locksOf = await server.watchLocks();
	const started = performance.now();
	program = startProgram([server.url], {columns: 120, rows: 40});
	const screen = await program.waitFor(seen => shownLive(seen, bigQueue) !== undefined, 30_000);
	const took = performance.now() - started;
	tell(`live rows after ${(took / 1000).toFixed(2)} s`);
	expect(took).toBeLessThan(10_000);
	const truth = await countLive(server, bigQueue);
	expect(truth).toMatchObject({ready: live, running: 3});
	expect(shownLive(screen, bigQueue)).toEqual(truth);
});

test('it says who holds vacuum back', async () => {
	const screen = await program.waitFor('vacuum is held back by', 60_000);
	expect(screen).toMatch(/vacuum is held back by pid \d+ \(forgotten, postgres\)/);
	await program.press('8');
	await program.waitFor(
		/vacuum is held back by pid \d+ \(forgotten, postgres\), open for .*: [\d,.]+k? transactions since/,
	);
	await program.press('escape', '1');
	await program.waitFor('Queues 2');
});

test('keys are answered while it polls', async () => {
	const taken = [...(await moveCursor(program, 'j', 1)), ...(await moveCursor(program, 'k', 1))];
	for (let round = 0; round < 8; round++) {
		taken.push(...(await moveCursor(program, 'j', 1)), ...(await moveCursor(program, 'k', 1)));
	}
	expectQuick(taken);
});

test('a failed task is opened and retried, and the figures follow', async () => {
	await program.waitFor('BounceError', 60_000);
	await program.press('tab', 'tab', 'enter');
	// The id is there while the task is still being read.
	await program.waitFor(screen => screen.includes(failed.taskId) && screen.includes('no such mailbox'));
	await program.ask('R', 'y retry it');
	await program.ask('y', 'Retried');
	expect(await server.absurd.task(bigQueue, failed.taskId)).toEqual({state: 'pending', attempts: 2, maxAttempts: 2});
	// Two Escapes that arrive together are one.
	await program.press('escape');
	await program.waitFor(screen => !screen.includes('Esc closes'));
	await program.press('escape');
	await program.waitFor('Recent failures');
	await program.press('shift+tab', 'shift+tab');
	await program.waitFor(seen => shownLive(seen, bigQueue)?.ready === live + 1, 20_000);
});

test('the server did little for it: time, locks; and the program stayed small', async () => {
	await expectCheap(server, [program], locksOf, {tick: 200, busy: 0.25, memory: 300});
});

test('the finding goes with the transaction, and vacuum takes the dead away', async () => {
	await endForgotten();
	await timed('the finding went away', () =>
		program.waitFor(screen => !screen.includes('vacuum is held back'), 90_000),
	);
	await server.client.query(`vacuum ${table('r', bigQueue)}`);
	expect(await pagesToFirst()).toBeLessThan(50);
	const truth = await countLive(server, bigQueue);
	const screen = await program.waitFor(seen => shownLive(seen, bigQueue)?.ready === truth.ready, 20_000);
	expect(shownLive(screen, bigQueue)).toEqual(truth);
	expect(await quit(program)).toEqual({code: 0, restored: true});
});
