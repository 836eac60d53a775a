import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Spawned} from '../support/absurd.ts';
import {createCrowd, crowdQueue, runsEach} from '../support/crowd.ts';
import type {LocksSeen} from '../support/lock-watch.ts';
import {endPrograms, type Program, quit, startProgram} from '../support/program.ts';
import {table} from '../support/queue-rows.ts';
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

// Ten thousand queues with a hundred thousand live runs, watched by two programs at once. Nobody claims from two of
// them: one that is read with the first, one that is far down the list.

const count = Math.max(200, sized(10_000));
const near = crowdQueue(42);
const far = crowdQueue(Math.round(count * 0.73));
const healthy = crowdQueue(Math.round(count * 0.47));
const shownCount = count.toLocaleString('en-US');

let server: ScaleServer;
let failed: Spawned;
let wide: Program;
let small: Program;
let locksOf: {end(): Promise<LocksSeen>};

/** Work waits, what runs has outlived its lease, and nobody has claimed for half an hour. */
async function abandon(queue: string): Promise<void> {
	for (let index = 0; index < 40; index++) await server.absurd.spawn(queue, 'charge-card', {n: index});
	await server.query(
		`update ${table('r', queue)} set available_at = now() - interval '30 minutes',
			started_at = case when state <> 'pending' then now() - interval '30 minutes' end,
			claim_expires_at = case when state = 'running' then now() - interval '10 minutes' end
		where state <> 'sleeping'`,
	);
}

beforeAll(async () => {
	server = await startScaleServer();
	const crowd = {count, mode: 'unpartitioned', ready: 0} as const;
	await timed(`${shownCount} queues, ${count * runsEach} live runs made`, () => createCrowd(server.url, crowd));
	failed = await server.absurd.spawn(far, 'send-invoice', {order: 4711}, {max_attempts: 1});
	const [run] = await server.absurd.claim(far, 'w-3:12');
	await server.absurd.fail(far, run ?? '', 'BounceError', 'no such mailbox');
	await abandon(near);
	await abandon(far);
});
afterAll(async () => {
	await endPrograms();
	await server.end();
});

/** The first row of the list of queues. */
const firstRow = (screen: string) => screen.split('\n').find(line => / q-\d{5} /.test(line) && /^[▸ ][▲△●]/.test(line));

/** The panel that has the cursor. */
function panelOf(screen: string): 'queues' | 'claims' | 'failures' {
	const line = screen.split('\n').find(each => each.includes('▸')) ?? '';
	if (/^▸(?:Queues|[▲△●] q-\d{5} )/.test(line)) return 'queues';
	return line.startsWith('▸') ? 'claims' : 'failures';
}

/**
 * Leaves what is open, and clears what is looked for: the whole list of queues, in the order that it has now, with the
 * cursor on its first row. Each key once the one before was answered: what is pressed too soon is for another panel.
 */
async function home(program: Program): Promise<void> {
	const isWhole = (screen: string) => screen.includes(`Queues ${shownCount}`);
	const isHome = (screen: string) => isWhole(screen) && /^▸[▲△●] q-\d{5} /m.test(screen);
	await program.press('1');
	let screen = await program.waitFor(/\bq quit\b/);
	do {
		const before = panelOf(screen);
		await program.press('tab');
		screen = await program.waitFor(seen => panelOf(seen) !== before);
	} while (panelOf(screen) !== 'queues');
	if (!isWhole(screen)) await program.press('escape');
	await program.waitFor(isHome);
	await program.press('g');
	await program.waitFor(seen => isHome(seen) && new RegExp(`Queues ${shownCount} +rows 1–`).test(seen));
}

async function search(program: Program, text: string): Promise<string> {
	await home(program);
	// Each key once the one before was answered: on a busy machine they would arrive as one chunk, which is a paste.
	await program.waitFor(/Queues [\d,]+ +rows 1–/);
	await program.press('/');
	await program.waitFor('Esc clear');
	for (const character of text) program.write(character);
	await program.waitFor(`/${text}`);
	await program.press('enter');
	return program.waitFor(`Queues 1 of ${shownCount}`);
}

test('two programs at once show live rows soon, and what is stuck among the first at the top', async () => {
	locksOf = await server.watchLocks();
	const started = performance.now();
	wide = startProgram([server.url], {columns: 120, rows: 40});
	small = startProgram([server.url], {columns: 80, rows: 24});
	const live = (screen: string) =>
		screen.includes(`Queues ${shownCount}`) &&
		/leases? expired/.test(screen) &&
		firstRow(screen)?.includes(near) === true;
	const screens = await Promise.all(
		[wide, small].map(async program => {
			const screen = await program.waitFor(live, 30_000);
			tell(`live rows after ${((performance.now() - started) / 1000).toFixed(2)} s`);
			return screen;
		}),
	);
	expect(performance.now() - started).toBeLessThan(20_000);
	const truth = await countLive(server, near);
	expect(truth.ready).toBe(40);
	expect(truth.running).toBeGreaterThan(0);
	expect(shownLive(screens[0] ?? '', near)).toEqual(truth);
	expect(firstRow(screens[1] ?? '')).toMatch(new RegExp(`▲ ${near} .* 40 `));
	const leases = `${truth.running} lease${truth.running === 1 ? '' : 's'} expired`;
	// A minute can have passed since they were abandoned.
	expect(screens[0]).toMatch(new RegExp(`${near}: ${leases}, nobody has claimed for 3[0-2]m`));
});

test('keys are answered while both poll, to the last row and back', async () => {
	const taken = await moveCursor(wide, 'j', 40);
	expectQuick(taken);
	await wide.press('G');
	const end = await wide.waitFor(new RegExp(`rows \\d+–${count}`));
	expect(end).toContain(crowdQueue(count));
	await home(wide);
	await wide.waitFor(screen => firstRow(screen)?.includes(near) === true);
});

test('a queue that is looked for is read at once: its row is right, and so is its page', async () => {
	await search(wide, healthy);
	const truth = await countLive(server, healthy);
	const screen = await wide.waitFor(shown => shownLive(shown, healthy) !== undefined, 20_000);
	expect(shownLive(screen, healthy)).toEqual(truth);
	await wide.press('enter');
	await wide.waitFor(`Queue ${healthy}`);
	const {ready, running, retry, sleep, wait} = truth;
	await wide.waitFor(`ready ${ready} · running ${running} · retry ${retry} · sleep ${sleep} · wait ${wait}`, 20_000);
});

test('once it was looked at, what is stuck far down the list stands at the top with the other', async () => {
	await search(wide, far);
	await wide.waitFor(shown => shownLive(shown, far) !== undefined && shown.includes(`▲ ${far}`), 20_000);
	expect(shownLive(wide.screen(), far)).toEqual(await countLive(server, far));
	await home(wide);
	const top = await wide.waitFor(
		screen =>
			screen.includes(`▲ ${far}`) &&
			screen.includes(`Queues ${shownCount}`) &&
			firstRow(screen)?.includes(near) === true,
	);
	const rows = top.split('\n').filter(line => / q-\d{5} /.test(line) && /^[▸ ][▲△●]/.test(line));
	expect(rows.slice(0, 2).map(row => /q-\d{5}/.exec(row)?.[0])).toEqual([near, far]);
});

test('its failed task is opened, and retried from the keyboard', async () => {
	await search(wide, far);
	await wide.waitFor('BounceError', 30_000);
	await wide.press('tab', 'tab');
	await wide.press('enter');
	// The id is there while the task is still being read.
	await wide.waitFor(screen => screen.includes(failed.taskId) && screen.includes('no such mailbox'));
	expect(await server.absurd.task(far, failed.taskId)).toEqual({state: 'failed', attempts: 1, maxAttempts: 1});
	await wide.ask('R', 'y retry it');
	await wide.ask('y', 'Retried');
	expect(await server.absurd.task(far, failed.taskId)).toEqual({state: 'pending', attempts: 2, maxAttempts: 2});
	// Two Escapes that arrive together are one.
	await wide.press('escape');
	await wide.waitFor(screen => !screen.includes('Esc closes'));
	await wide.press('escape');
	await wide.waitFor('Recent failures');
	const ready = (await countLive(server, far)).ready;
	expect(ready).toBe(41);
	await wide.waitFor(shown => shownLive(shown, far)?.ready === ready, 20_000);
});

/** Running runs of all queues, counted by looking at each run; of a few tables at once, for locks are counted too. */
async function countRunning(): Promise<number> {
	let running = 0;
	for (let first = 1; first <= count; first += 20) {
		const names = Array.from({length: Math.min(20, count - first + 1)}, (_, index) => crowdQueue(first + index));
		const each = names.map(name => `select count(*) as n from ${table('r', name)} where state = 'running'`);
		const {rows} = await server.client.query<{n: number}>(
			`select sum(n)::int as n from (${each.join(' union all ')}) as counted`,
		);
		running += rows[0]?.n ?? 0;
	}
	return running;
}

test('queue after queue turns up; the claims that are shown are as many as there are, or at least so many', async () => {
	const running = await countRunning();
	const shown = (screen: string) => {
		const [, least, figure = ''] = /Active claims (?:\d[\d,]* of )?(≥?)([\d,]+)/.exec(screen) ?? [];
		return {least: least === '≥', figure: Number(figure.replaceAll(',', ''))};
	};
	await home(wide);
	const before = shown(wide.screen());
	const grew = (screen: string) => shown(screen).figure > before.figure || !shown(screen).least;
	const after = shown(await wide.waitFor(grew, 60_000));
	tell(`claims shown: ${after.least ? 'at least ' : ''}${after.figure} of ${running}`);
	if (after.least) expect(after.figure).toBeLessThanOrEqual(running);
	else expect(after.figure).toBe(running);
});

test('the server did little for it: time, locks; and the programs stayed small', async () => {
	await expectCheap(server, [small, wide], locksOf, {tick: 400, busy: 0.5, memory: 400});
	for (const program of [wide, small]) expect(await quit(program)).toEqual({code: 0, restored: true});
});
