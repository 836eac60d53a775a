import {afterEach, expect, test, vi} from 'vitest';
import {createMonitor} from '../../source/monitor/create-monitor.ts';
import {queueRules} from '../../source/monitor/diagnosis.ts';
import type {Monitor} from '../../source/monitor/monitor.ts';
import type {QueueSnapshot} from '../../source/monitor/snapshot.ts';
import type {Ask, AskAnswer, CatalogueQueue, Found, LiveFigures, Source} from '../../source/monitor/source.ts';
import {createTestClock, type TestClock} from '../support/clock.ts';
import {session} from '../support/stub-monitor.ts';

// Ten thousand queues of which a tick reads a few: the others cost next to nothing, and nothing is shown of them that
// is not true any more.

const count = 10_000;
const names = Array.from({length: count}, (_, index) => `q-${String(index).padStart(5, '0')}`);
const start = Date.UTC(2026, 10, 20);

let monitor: Monitor | undefined;
afterEach(async () => {
	vi.restoreAllMocks();
	await monitor?.close();
});

function figures(now: number, change: Partial<LiveFigures> = {}): LiveFigures {
	return {
		now,
		pending: 0,
		pendingDue: 0,
		pendingOldest: undefined,
		running: 1,
		expired: 0,
		runningOldest: start,
		runningNewest: start,
		sleeping: 0,
		sleepingDue: 0,
		retrying: 0,
		timers: 0,
		waiting: 0,
		sleepingOldest: undefined,
		nextDue: undefined,
		...change,
	};
}

const nothing = {rows: 0, oldest: undefined, newest: undefined};

function found(ask: Ask, now: number, change: Partial<LiveFigures>): Found {
	switch (ask.kind) {
		case 'live':
			return {kind: 'live', value: figures(now, change)};
		case 'finished':
			return {
				kind: 'finished',
				value: {now, settledUntil: now, completed: nothing, failed: nothing, groups: [], names: []},
			};
		case 'deep-count':
			return {kind: 'deep-count', value: 0};
		default:
			return {kind: ask.kind, value: []};
	}
}

/** A database that answers at once; `work` is what has been written to each queue so far. */
function createStubSource(clock: TestClock, work: ReadonlyMap<string, number>) {
	const asked: string[][] = [];
	const live = new Map<string, Partial<LiveFigures>>();
	const queues = names.map(
		(name): CatalogueQueue => ({name, storageMode: 'unpartitioned', tables: name, readable: true, runRows: 10}),
	);
	const source: Source = {
		facts: session,
		catalogue: async () => ({kind: 'queues', now: clock.wall(), queues}),
		async tick(asks) {
			const now = clock.wall();
			const read = [...new Set(asks.map(({queue}) => queue))];
			asked.push(read);
			const answers = asks.map(
				(ask): AskAnswer => ({
					ask,
					result: {kind: 'found', found: found(ask, now, live.get(ask.queue) ?? {})},
					duration: 1,
				}),
			);
			return {
				now,
				standby: false,
				replayLag: undefined,
				counters: new Map([...read, ...work.keys()].map(name => [name, work.get(name) ?? 0])),
				locked: new Set<string>(),
				answers,
				duration: 10,
				catalogue: undefined,
				serverTime: asks.length,
				late: false,
				trouble: undefined,
			};
		},
		probe: () => Promise.reject(new Error('Nobody asks that here.')),
		onLost: () => undefined,
		close: async () => undefined,
	};
	return {source, asked, live};
}

async function tick(clock: TestClock, watched: Monitor): Promise<void> {
	const {at} = watched.snapshot;
	while (clock.waiting() === 0) await new Promise(resolve => setImmediate(resolve));
	clock.pass(2000);
	while (watched.snapshot.at === at) await new Promise(resolve => setImmediate(resolve));
	await new Promise(resolve => setImmediate(resolve));
}

const byName = (queues: readonly QueueSnapshot[]) => new Map(queues.map(queue => [queue.name, queue]));

test('a queue that was not read stays the very same value, and few are judged again', async () => {
	const clock = createTestClock(start);
	const {source, asked} = createStubSource(clock, new Map());
	monitor = createMonitor(async () => source, {interval: 2000, maxDbMs: undefined}, clock);
	await monitor.ready;
	for (let warm = 0; warm < 20; warm++) await tick(clock, monitor);
	const judged = vi.fn();
	for (const rule of queueRules.slice(0, 1)) {
		const {find} = rule;
		vi.spyOn(rule, 'find').mockImplementation(evidence => {
			judged();
			return find(evidence);
		});
	}
	const before = byName(monitor.snapshot.queues);
	await tick(clock, monitor);
	const read = new Set(asked.at(-1));
	expect(read.size).toBeGreaterThan(2);
	expect(read.size).toBeLessThan(50);
	const renewed = monitor.snapshot.queues.filter(queue => before.get(queue.name) !== queue).map(({name}) => name);
	expect(new Set(renewed)).toEqual(read);
	// Those that were read, and a few hundred for the time that has passed.
	expect(judged.mock.calls.length).toBeGreaterThanOrEqual(read.size);
	expect(judged.mock.calls.length).toBeLessThan(800);
}, 120_000);

test('what only time makes true is found in every queue within a few minutes', async () => {
	const clock = createTestClock(start);
	const {source, live} = createStubSource(clock, new Map());
	const waiting = {pending: 1, pendingDue: 1, pendingOldest: start, running: 0, runningNewest: undefined};
	for (const name of names) live.set(name, waiting);
	monitor = createMonitor(async () => source, {interval: 2000, maxDbMs: undefined, tickBudget: 1e9}, clock);
	await monitor.ready;
	// Read when it had waited for no more than a second: no finding yet.
	expect(monitor.snapshot.queues.filter(({readAt}) => readAt === undefined)).toEqual([]);
	expect(monitor.snapshot.findings).toEqual([]);
	source.tick = async () => {
		const now = clock.wall();
		return {
			now,
			standby: false,
			replayLag: undefined,
			counters: new Map(),
			locked: new Set<string>(),
			answers: [],
			duration: 1,
			catalogue: undefined,
			serverTime: 1,
			late: false,
			trouble: undefined,
		};
	};
	for (let minute = 0; minute < 65; minute++) await tick(clock, monitor);
	const found = new Set(monitor.snapshot.findings.filter(({rule}) => rule === 'backlog').map(({queue}) => queue));
	expect(found.size).toBe(count);
}, 120_000);

test('a queue in which something moved since it was read is judged by what it was when it was read', async () => {
	const clock = createTestClock(start);
	const work = new Map<string, number>();
	const {source, live, asked} = createStubSource(clock, work);
	const lately = {pending: 1, pendingDue: 1, pendingOldest: start, running: 0, runningNewest: start};
	for (const name of names) live.set(name, lately);
	const few = createMonitor(async () => source, {interval: 2000, maxDbMs: undefined, tickBudget: 4}, clock);
	monitor = few;
	await few.ready;
	const read = [...new Set(asked.at(-1))];
	// Workers take and finish in half of them, which the counters tell: its turn to be read comes much later.
	const busy = new Set(read.filter((_name, index) => index % 2 === 0));
	for (const name of busy) work.set(name, 100);
	for (let minute = 0; minute < 100; minute++) await tick(clock, few);
	const later = new Set(asked.slice(-100).flat());
	const unread = read.filter(name => !later.has(name));
	const accused = new Set(few.snapshot.findings.map(({queue}) => queue));
	expect(unread.filter(name => busy.has(name)).length).toBeGreaterThan(20);
	expect(unread.filter(name => busy.has(name) && accused.has(name))).toEqual([]);
	expect(unread.filter(name => !busy.has(name) && !accused.has(name))).toEqual([]);
}, 120_000);
