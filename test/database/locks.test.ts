import {afterAll, beforeAll, expect, test} from 'vitest';
import {askStatement} from '../../source/database/ask-statement.ts';
import {createSource} from '../../source/database/source.ts';
import type {Session, Statement} from '../../source/database/statement.ts';
import type {Ask, Source} from '../../source/monitor/source.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {watchLocks} from '../support/lock-watch.ts';
import {startMonitor} from '../support/monitor.ts';
import {probe, rowsOf, sessionOn} from '../support/session.ts';

// A transaction that touches two hundred partitioned queues at once would need more locks than a server has.

const queues = Array.from({length: 200}, (_, index) => `part-${index}`);
const limit = 200;
const always = Number.NEGATIVE_INFINITY;
const counting = `select count(*)::int as n from pg_locks where pid = pg_backend_pid()`;

let database: TestDatabase;

beforeAll(async () => {
	database = await createDatabase();
	for (const queue of queues) await database.query(`select absurd.create_queue($1, 'partitioned')`, [queue]);
}, 240_000);
afterAll(() => database.drop());

/** A session that counts the locks of its own transaction after every statement. */
function counted(session: Session, seen: number[]): Session {
	return {
		...session,
		async read(statements, deadline) {
			const both = statements.flatMap((statement): Statement[] => [statement, probe(counting)]);
			const answer = await session.read(both, deadline);
			for (const outcome of answer.outcomes.filter((_, index) => index % 2 === 1)) {
				seen.push(Number(rowsOf(outcome)[0]?.['n']));
			}
			return {...answer, outcomes: answer.outcomes.filter((_, index) => index % 2 === 0), durations: []};
		},
	};
}

function asks(queue: string): Ask[] {
	return [
		{kind: 'live', queue, pendingFrom: always, runningFrom: always, sleepingFrom: always, rows: 10_001},
		{kind: 'claims', queue, runningFrom: always, rows: 50},
		{
			kind: 'finished',
			queue,
			claimedFrom: always,
			finishedAfter: always,
			fineFrom: always,
			settle: 1500,
			named: 200,
			rows: 2001,
		},
		{kind: 'failures', queue, claimedFrom: always, finishedAfter: always, rows: 2000, kept: 200},
		{kind: 'predecessors', queue, rows: 10_000, ended: 1000, kept: 200},
	];
}

test('one tick over 200 partitioned queues never holds more than 200 locks', async () => {
	const seen: number[] = [];
	const session = await sessionOn(database.url);
	const source: Source = createSource(counted(session, seen), {queues: []});
	await source.catalogue(60_000);
	const answer = await source.tick(queues.flatMap(asks), 120_000, true);
	expect(answer.answers.filter(({result}) => result.kind !== 'found')).toEqual([]);
	expect(seen.length).toBeGreaterThan(queues.length * 5);
	expect(Math.max(...seen)).toBeLessThan(limit);
	await source.close();
}, 240_000);

test('nor does any statement while it runs', async () => {
	const session = await sessionOn(database.url);
	for (const ask of asks('part-7')) {
		const statement = askStatement(ask);
		// The count runs inside of the statement, which holds all of its locks from the moment it was planned.
		const inside: Statement = {
			...statement,
			text: `with asked as (${statement.text}) select (${counting}) as n, (select count(*) from asked) as rows`,
		};
		const {outcomes} = await session.read([inside], 60_000);
		const locks = Number(rowsOf(outcomes[0])[0]?.['n']);
		expect([ask.kind, locks > 5, locks < limit]).toEqual([ask.kind, true, true]);
	}
	await session.close();
});

test('two monitors at once: each has read every queue, and no session was seen to hold more', async () => {
	const locks = await watchLocks(database);
	const budget = {tickBudget: 400, interval: 20_000};
	const monitors = await Promise.all([startMonitor(database.url, budget), startMonitor(database.url, budget)]);
	const troubles = new Set<string>();
	const unread = () =>
		monitors.flatMap(({snapshot}) => snapshot.queues.filter(({readAt, fail5m}) => !readAt || !fail5m));
	for (let tick = 0; tick < 300 && unread().length > 0; tick++) {
		await Promise.all(monitors.map(monitor => monitor.tick()));
		for (const {snapshot} of monitors) {
			// Of a busy machine a tick may come late; that is no lack of locks.
			for (const {trouble} of snapshot.queues) {
				if (trouble && trouble.sqlstate !== '57014') troubles.add(trouble.sentence);
			}
		}
	}
	const {most, sessions, looks} = await locks.end();
	await Promise.all(monitors.map(monitor => monitor.close()));
	expect(unread()).toEqual([]);
	expect([...troubles]).toEqual([]);
	// One of each, and the connection with which each looks for a pooler first, where that was seen.
	expect(sessions).toBeGreaterThanOrEqual(2);
	expect(sessions).toBeLessThanOrEqual(4);
	expect(looks).toBeGreaterThan(20);
	expect(most).toBeGreaterThan(5);
	expect(most).toBeLessThan(limit);
}, 240_000);
