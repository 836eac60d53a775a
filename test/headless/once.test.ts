import {Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {runOnce} from '../../source/headless/once.ts';
import type {Connection, Snapshot} from '../../source/monitor/snapshot.ts';
import {snapshot} from '../support/fixture.ts';
import {blankSnapshot, createStubMonitor, emptyQueue, liveSnapshot, type StubMonitor} from '../support/stub-monitor.ts';

function sink(): Writable & {text: string} {
	const stream = Object.assign(
		new Writable({
			write(chunk, _encoding, done) {
				stream.text += String(chunk);
				done();
			},
		}),
		{text: ''},
	);
	return stream;
}

/** A monitor that answers `catchUp` with the next of these. */
function answering(first: Snapshot, ...next: Partial<Snapshot>[]): StubMonitor {
	const monitor = createStubMonitor(first);
	const catchUp = monitor.catchUp;
	monitor.catchUp = () => {
		catchUp();
		setImmediate(() => monitor.give(next.shift() ?? {}));
	};
	return monitor;
}

async function print(monitor: StubMonitor, once: 'text' | 'json' = 'text') {
	const [stdout, stderr] = [sink(), sink()];
	const code = await runOnce(monitor, {once, ascii: false}, stdout, stderr);
	return {code, out: stdout.text, err: stderr.text};
}

test('prints the overview and answers 0', async () => {
	const {code, out, err} = await print(answering(snapshot));
	expect([code, err]).toEqual([0, '']);
	expect(out).toContain('\nQueues 6\n');
});

test('asks again until every queue was read', async () => {
	const unread = {...emptyQueue('late', 0), readAt: undefined, ready: undefined};
	const monitor = answering(liveSnapshot(0, {queues: [unread]}), {}, {}, {queues: [emptyQueue('late', 0)]});
	const {code, out} = await print(monitor);
	expect(code).toBe(0);
	expect(out).toMatch(/late +0 /);
	expect(monitor.wishes).toEqual(['catch up', 'catch up', 'catch up']);
});

test('one queue that cannot be read is no failure, all of them are', async () => {
	const trouble = {sentence: 'No right to read it.', sqlstate: '42501', retryAt: 0};
	const bad = {...emptyQueue('bad', 0), trouble, readAt: undefined, ready: undefined};
	const some = await print(answering(liveSnapshot(0, {queues: [bad, emptyQueue('good', 0)]})));
	expect([some.code, some.err]).toEqual([0, '']);
	expect(some.out).toContain('No right to read it.');
	const all = await print(answering(liveSnapshot(0, {queues: [bad]})));
	expect(all).toEqual({code: 1, out: '', err: 'absurd-top: No right to read it. (SQLSTATE 42501)\n'});
});

const trouble = {sentence: 'The server db1 refused the connection.\u001b[2J', sqlstate: undefined};

test.each<{name: string; connection: Connection; says: RegExp}>([
	{
		name: 'lost',
		connection: {kind: 'lost', since: 0, retryAt: 0, trouble},
		says: /^absurd-top: The server db1 refused .*␛\[2J\n$/,
	},
	{name: 'no schema', connection: {kind: 'no-schema'}, says: /no schema absurd/},
	{name: 'no rights', connection: {kind: 'no-rights', trouble}, says: /refused/},
])('says why it could not read: $name', async ({connection, says}) => {
	const first = {...blankSnapshot, connection};
	const text = await print(answering(first));
	expect([text.code, text.out]).toEqual([1, '']);
	expect(text.err).toMatch(says);
	const json = await print(answering(first), 'json');
	expect(json.code).toBe(1);
	expect(JSON.parse(json.out)).toMatchObject({version: 1, connection: {kind: connection.kind}});
});

test('a reader that has gone away is no error', async () => {
	const gone = new Writable({
		write(_chunk, _encoding, done) {
			done(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}));
		},
	});
	await expect(runOnce(answering(snapshot), {once: 'text', ascii: false}, gone)).resolves.toBe(0);
	const full = new Writable({
		write(_chunk, _encoding, done) {
			done(Object.assign(new Error('write ENOSPC'), {code: 'ENOSPC'}));
		},
	});
	await expect(runOnce(answering(snapshot), {once: 'text', ascii: false}, full)).rejects.toThrow('ENOSPC');
});
