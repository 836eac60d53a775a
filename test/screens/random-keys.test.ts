import {stripVTControlCharacters} from 'node:util';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import type {Hands} from '../../source/monitor/hands.ts';
import type {Probe} from '../../source/monitor/probe.ts';
import type {Claim, Failure, Snapshot} from '../../source/monitor/snapshot.ts';
import type {TaskRow, TaskSearch} from '../../source/monitor/task-search.ts';
import {openView} from '../../source/screens/index.ts';
import {createPopupHost} from '../../source/screens/popup-host.ts';
import {createShell, type Shell} from '../../source/screens/shell.ts';
import {clip, measure} from '../../source/terminal/fit.ts';
import {createTheme} from '../../source/terminal/theme.ts';
import {stage} from '../support/absurd.ts';
import {createTestClock} from '../support/clock.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {now, snapshot} from '../support/fixture.ts';
import {createRandom, pick} from '../support/random.ts';
import {back, type Chunk, chunk, enter, plain, typed, yes} from '../support/random-keys.ts';
import {writingSessionOn} from '../support/session.ts';
import {createStubMonitor, emptyQueue} from '../support/stub-monitor.ts';

// Whatever is pressed, in whatever order and chunks: nothing is done that the screen did not ask for and that the very
// next, lone key did not confirm; nothing breaks; no frame is larger than its window.

// RANDOM_SEQUENCES=10000 takes minutes; each seed is another walk.
const sequences = Number(process.env['RANDOM_SEQUENCES'] ?? 400);
const seed = Number(process.env['RANDOM_SEED'] ?? 20_261_122);
const chunksEach = 6;

let database: TestDatabase;
let base: Snapshot;

beforeAll(async () => {
	database = await createDatabase();
	const absurd = stage(database);
	await absurd.createQueue('mail');
	const failures: Failure[] = [];
	const claims: Claim[] = [];
	const [failure] = snapshot.failures;
	const [claim] = snapshot.claims;
	if (failure === undefined || claim === undefined) throw new Error('The fixture is empty.');
	for (let index = 0; index < 60; index++) {
		const {taskId} = await absurd.spawn('mail', 'send', {}, {max_attempts: 1});
		const [runId = ''] = await absurd.claim('mail', 'w-1');
		const of = {queue: 'mail', taskId, runId, taskName: 'send'};
		if (index % 3 === 0) claims.push({...claim, ...of});
		else {
			await absurd.fail('mail', runId, 'Boom', 'no');
			failures.push({...failure, ...of, taskState: 'failed', outcome: 'dead', failedAt: now - index * 1000});
		}
	}
	base = {...snapshot, queues: [emptyQueue('mail', now)], failures, claims};
});
afterAll(() => database.drop());

async function failAgain(): Promise<void> {
	await database.query(
		`select absurd.fail_run('mail', run_id, '{"name": "Boom"}') from absurd.claim_task('mail', 'w-1', 3600, 500)`,
	);
}

/** What the walk saw, and what was asked of the database meanwhile. */
interface Watch {
	/** The dialog on the screen before the last chunk, and the key of that chunk when it came alone. */
	asked: string;
	lone: string | undefined;
	readonly underWay: Set<Promise<unknown>>;
	done: number;
	bulks: number;
	/** Actions that the screen had not asked for, or that the very next, lone key had not confirmed. */
	readonly unasked: string[];
}

/** The real hands, watched. */
function watched(real: Hands, watch: Watch): Hands {
	const counting = async <Value>(work: Promise<Value>): Promise<Value> => {
		watch.underWay.add(work);
		return work.finally(() => watch.underWay.delete(work));
	};
	return {
		...real,
		preview: intent => counting(real.preview(intent)),
		previewBulk: intent => counting(real.previewBulk(intent)),
		suggest: queue => counting(real.suggest(queue)),
		usualMaxAttempts: (queue, name) => counting(real.usualMaxAttempts(queue, name)),
		template: task => counting(real.template(task)),
		perform(intent, reason) {
			const {asked, lone} = watch;
			watch.done++;
			const target = 'taskId' in intent ? intent.taskId : intent.kind === 'spawn' ? intent.taskName : intent.eventName;
			const shown = /y (?:retry|cancel|spawn|emit) it/.test(asked) && asked.includes(clip(target, 20).slice(0, 15));
			if (lone !== 'y' || !shown) watch.unasked.push(`${JSON.stringify(intent)} after ${lone}:\n${asked}`);
			return counting(real.perform(intent, reason));
		},
		performBulk(kind, tasks, control, reason) {
			const {asked, lone} = watch;
			watch.bulks++;
			const number = tasks.length > 10;
			const shown = asked.includes(`${tasks.length} will be ${kind === 'retry' ? 'retried' : 'cancelled'}`);
			const typed = !number || asked.includes(`${tasks.length}▏`);
			if (lone !== (number ? 'enter' : 'y') || !shown || !typed)
				watch.unasked.push(`${kind} of ${tasks.length}:\n${asked}`);
			return counting(real.performBulk(kind, tasks, {...control, rate: () => 100_000}, reason));
		},
	};
}

interface Size {
	readonly columns: number;
	readonly rows: number;
}

const sizes: readonly Size[] = [
	{columns: 80, rows: 24},
	{columns: 120, rows: 40},
	{columns: 60, rows: 15},
	{columns: 40, rows: 10},
];

/** The dialog or form that is open, as a person reads it. */
function boxOf({box}: ReturnType<Shell['frame']>): string {
	return stripVTControlCharacters(box?.lines.join('\n') ?? '');
}

function textOf(frame: ReturnType<Shell['frame']>): string {
	return `${frame.lines.join('\n')}\n${boxOf(frame)}`;
}

/** Most lines of a frame were in the one before. */
const widths = new Map<string, number>();

function widthOf(line: string): number {
	const width = widths.get(line) ?? measure(line);
	if (widths.size > 10_000) widths.clear();
	widths.set(line, width);
	return width;
}

function fits({lines, box}: ReturnType<Shell['frame']>, {columns, rows}: Size): boolean {
	if (lines.length > rows || lines.some(line => widthOf(line) > columns)) return false;
	if (box === undefined) return true;
	return box.top + box.lines.length <= rows && box.lines.every(line => box.left + widthOf(line) <= columns);
}

/** What the list of tasks has loaded: whatever it asked for, the same tasks. */
function found(failures: readonly Failure[], probe: Probe | undefined): TaskSearch {
	const rows = failures.map(
		({queue, taskId, runId, taskName, taskState}): TaskRow => ({
			queue,
			taskId,
			runId,
			taskName,
			state: taskState,
			attempts: 1,
			maxAttempts: 1,
			enqueuedAt: now - 60_000,
			firstStartedAt: now,
			key: undefined,
			worker: 'w-1',
			leaseExpiresAt: undefined,
			availableAt: now,
			startedAt: now,
			finishedAt: now,
			wakeEvent: undefined,
			errorName: 'Boom',
			errorMessage: 'no',
		}),
	);
	const filter = probe?.kind === 'tasks' ? probe.filter : '';
	return {filter, rows, order: 'claimed', looked: 60, kind: 'runs', progress: 'enough', backTo: undefined, unread: []};
}

/** A tick that turns every list upside down. */
function turned(sequence: number, random: () => number): Pick<Snapshot, 'failures' | 'claims'> {
	const failures = [...base.failures].sort(() => random() - 0.5).slice(0, 20 + Math.floor(random() * 20));
	return {failures, claims: base.claims.slice(sequence % 5)};
}

/**
 * Where sequences begin, in turn: wherever the last one ended; on whatever task is under the cursor of a panel; with
 * everything marked that the list of tasks has loaded; with everything that a filter matches.
 */
const beginnings: readonly Chunk[] = [
	[],
	[...back, ['', {...plain, tab: true}], ['R', plain]],
	[...back, ...typed('2*R')],
	[],
	[],
	[...back, ['', {...plain, tab: true}], ['C', plain]],
	[...back, ...typed('2/'), ...typed('send'), ...enter, ...typed('MR')],
	[],
	[...back, ...typed('1'), ['', {...plain, tab: true}], ['A', plain]],
	[],
];

/** The shell as the program has it, on real hands, with everything that the walk asserts about. */
function createRig(random: () => number) {
	const clock = createTestClock(now);
	const monitor = createStubMonitor(base);
	const real = createHands(
		() => writingSessionOn(database.url),
		() => undefined,
	);
	const watch: Watch = {asked: '', lone: undefined, underWay: new Set(), done: 0, bulks: 0, unasked: []};
	const hands = watched(real, watch);
	const broken: unknown[] = [];
	const tooLarge: string[] = [];
	let size: Size = {columns: 80, rows: 24};
	const shell = createShell({
		monitor,
		hands: () => hands,
		theme: createTheme({ascii: false, colour: false}),
		label: 'prod',
		utc: true,
		clock,
		...size,
		openView,
		createPopups: createPopupHost,
		copy: () => undefined,
		suspend: () => {},
		redraw: () => {},
		quit: reason => void (typeof reason === 'number' || broken.push(reason)),
	});
	async function press(events: Chunk): Promise<void> {
		for (const event of events) shell.input.event(...event);
		do {
			await Promise.allSettled(watch.underWay);
			await new Promise(resolve => setImmediate(resolve));
		} while (watch.underWay.size > 0);
	}
	return {
		watch,
		broken,
		tooLarge,
		resize() {
			size = pick(sizes, random);
			shell.resize(size.columns, size.rows);
		},
		/** New data, and for half of the sequences a dialog. */
		async begin(sequence: number) {
			const lists = turned(sequence, random);
			monitor.give(lists);
			monitor.answer({tasks: {kind: 'ready', value: found(lists.failures, monitor.probe()), readAt: now}});
			for (const event of beginnings[sequence % beginnings.length] ?? []) {
				clock.pass(100);
				await press([event]);
			}
		},
		async chunk() {
			const drawn = shell.frame();
			if (!fits(drawn, size)) tooLarge.push(textOf(drawn));
			watch.asked = boxOf(drawn);
			// Chance alone confirms too seldom.
			const next = /│ y /.test(watch.asked) && random() < 0.6 ? yes : chunk(random);
			watch.lone = next.lone;
			clock.pass(random() < 0.1 ? 5 : 100);
			await press(next.events);
		},
		rest: () => clock.pass(100),
		async close() {
			shell.close();
			await real.close();
		},
	};
}

test(`${sequences} random sequences of keys do nothing unasked, break nothing, and fit the window`, async () => {
	const rig = createRig(createRandom(seed));
	for (let sequence = 0; sequence < sequences; sequence++) {
		if (sequence % 50 === 0) rig.resize();
		// What the walk has retried fails again: there is always something to confirm.
		if (sequence % 100 === 99) await failAgain();
		await rig.begin(sequence);
		for (let index = 0; index < chunksEach; index++) await rig.chunk();
		rig.rest();
	}
	await rig.close();
	const {watch, broken, tooLarge} = rig;
	expect(watch.unasked).toEqual([]);
	expect(broken).toEqual([]);
	expect(tooLarge).toEqual([]);
	// The test means something: dialogs were confirmed by chance as well.
	expect(watch.done).toBeGreaterThan(0);
	console.log(`${watch.done} actions and ${watch.bulks} bulk actions were confirmed in ${sequences} sequences`);
}, 1_800_000);
