import {chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type AuditCall, openAudit} from '../../source/audit/record.ts';
import {createRecordedHands} from '../../source/audit/recorded-hands.ts';
import type {BulkControl, BulkReport, BulkResult, BulkTask} from '../../source/monitor/bulk.ts';
import type {Intent} from '../../source/monitor/hands.ts';
import {recordedHands} from '../support/hands.ts';

let directory: string;
let path: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'absurd-top-audit-'));
	path = join(directory, 'deep', 'audit.jsonl');
});
afterEach(() => rmSync(directory, {recursive: true}));

type Line = Readonly<Record<string, unknown>>;
const lines = (): readonly Line[] =>
	readFileSync(path, 'utf8')
		.trimEnd()
		.split('\n')
		.map((line): Line => JSON.parse(line));

const intent: Intent = {kind: 'cancel', queue: 'mail', taskId: '0199aaaa-0000-7000-8000-000000000001'};
const call: AuditCall = {
	action: 'cancel',
	function: 'absurd.cancel_task',
	arguments: {},
	tasks: [{queue: 'mail', taskId: intent.taskId}],
	reason: undefined,
	subject: undefined,
};

test('the intent is on disk before the action, the outcome after it, in a file of mode 0600', async () => {
	const record = openAudit(path, {SSH_CONNECTION: '10.0.0.1 22'}, 'prod');
	const seen: (readonly Line[])[] = [];
	const hands = recordedHands({
		async perform() {
			seen.push(lines());
			return {kind: 'failed', sentence: 'It is completed by now.', sqlstate: 'P0001'};
		},
	});
	const recorded = createRecordedHands(hands, record, () => undefined);
	await recorded.perform(intent, 'asked for by \u009b31m the customer');
	expect(seen[0]).toHaveLength(1);
	expect(seen[0]?.[0]).toMatchObject({
		type: 'intent',
		function: 'absurd.cancel_task',
		arguments: {queue: 'mail', taskId: intent.taskId},
		ssh_connection: '10.0.0.1 22',
		reason: 'asked for by \u009b31m the customer',
		pid: process.pid,
		label: 'prod',
	});
	const [first, second, ...more] = lines();
	expect(more).toEqual([]);
	expect(second).toMatchObject({type: 'outcome', id: first?.['id'], outcome: 'failed', sqlstate: 'P0001', final: true});
	expect(second?.['duration_ms']).toBeTypeOf('number');
	expect(statSync(path).mode & 0o777).toBe(0o600);
	const subject = `task ${intent.taskId} in queue mail`;
	expect(recorded.log?.()).toMatchObject([{outcome: 'failed', subject, reason: 'asked for by \u009b31m the customer'}]);
});

test('a file that others can read is closed to them', () => {
	openAudit(path, {});
	chmodSync(path, 0o644);
	openAudit(path, {});
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('what cannot be recorded is refused, and not done', async () => {
	writeFileSync(join(directory, 'deep'), 'a file where a directory should be');
	const record = openAudit(path, {});
	const recorded = createRecordedHands(recordedHands(), record, () => undefined);
	expect(recorded.refusal('cancel', 'mail')).toMatch(/record of actions .* cannot be written .*--no-audit/);
});

test('an intent without outcome is unknown at the next start, until somebody has seen it', () => {
	const record = openAudit(path, {});
	const done = record.intend(call, undefined);
	record.intend(call, undefined);
	record.conclude(done, {final: true, outcome: 'done', sentence: 'ok'});
	const next = openAudit(path, {});
	expect(next.entries()).toMatchObject([{outcome: 'unknown', earlier: true, tasks: call.tasks}]);
	next.seen();
	expect(openAudit(path, {}).entries()).toEqual([]);
});

test('of a bulk action that was cut off only those without a result are unknown at the next start', () => {
	const record = openAudit(path, {});
	const tasks = Array.from({length: 80}, (_, index) => ({queue: 'mail', taskId: `id-${index}`}));
	const id = record.intend({...call, tasks}, undefined);
	const results = tasks.slice(0, 20).map((task, index) => ({...task, kind: index === 7 ? 'unknown' : 'done'}));
	record.conclude(id, {final: false, outcome: 'done', sentence: '19 done', results: results.slice(0, 10)});
	record.conclude(id, {final: false, outcome: 'done', sentence: '19 done', results: results.slice(10)});
	expect(record.entries()[0]?.open).toEqual([tasks[7], ...tasks.slice(20)]);
	const [entry, ...more] = openAudit(path, {}).entries();
	expect(more).toEqual([]);
	expect(entry).toMatchObject({outcome: 'unknown', tasks, open: [tasks[7], ...tasks.slice(20)]});
	expect(entry?.sentence).toMatch(/19 have a recorded result\. Of the other 61, of which at most 50 were under way: /);
	// With a result for each nothing is left open, whatever became of the last line.
	const rest = entry?.open.map(task => ({...task, kind: 'done'})) ?? [];
	record.conclude(id, {final: false, outcome: 'done', sentence: '61 done', results: rest});
	expect(openAudit(path, {}).entries()).toEqual([]);
});

test('an action of another program that still runs is not open', () => {
	const record = openAudit(path, {});
	record.intend(call, undefined);
	const text = readFileSync(path, 'utf8').replace(`"pid":${process.pid}`, `"pid":${process.ppid}`);
	writeFileSync(path, text);
	expect(openAudit(path, {}).entries()).toEqual([]);
});

test('a line that was cut off harms no other', () => {
	const record = openAudit(path, {});
	record.intend(call, undefined);
	writeFileSync(path, `{"type":"intent","id":"broken\n${readFileSync(path, 'utf8')}`);
	expect(openAudit(path, {}).entries()).toHaveLength(1);
});

const task = (index: number): BulkTask => ({
	queue: 'mail',
	taskId: `id-${index}`,
	name: 'a',
	state: 'failed',
	attempts: 1,
});

test('a bulk action that is cut short: what is done, what was under way, what was never sent', async () => {
	const tasks = [task(1), task(2), task(3)];
	const record = openAudit(path, {});
	const hands = recordedHands({
		performBulk: (_kind, _tasks, control: BulkControl) =>
			new Promise<BulkReport>(() => {
				control.sending?.([task(1)]);
				control.progress([{task: task(1), fate: {kind: 'done'}}]);
				control.sending?.([task(2)]);
			}),
	});
	const recorded = createRecordedHands(hands, record, () => undefined);
	void recorded.performBulk('retry', tasks, {rate: () => 200, stopped: () => false, progress: () => {}});
	expect(await recorded.settle()).toMatch(/1 done · 1 unknown · 1 not done/);
	const [first, batch, last] = lines();
	expect(first).toMatchObject({tasks: tasks.map(({queue, taskId}) => ({queue, taskId}))});
	expect(batch).toMatchObject({final: false, results: [{taskId: 'id-1', kind: 'done'}]});
	expect(last).toMatchObject({
		final: true,
		outcome: 'unknown',
		results: [
			{taskId: 'id-2', kind: 'unknown'},
			{taskId: 'id-3', kind: 'unsent'},
		],
	});
	expect(await recorded.settle()).toBeUndefined();
});

test('a bulk action that ends by itself: every result stands in the record once, with what it came to', async () => {
	const results: readonly BulkResult[] = [
		{task: task(1), fate: {kind: 'failed', reason: 'locked', sqlstate: '55P03'}},
		{task: task(2), fate: {kind: 'unknown', reason: 'gone'}},
		{task: task(3), fate: {kind: 'unsent'}},
	];
	let told = 0;
	const hands = recordedHands({
		async performBulk(_kind, _tasks, control: BulkControl) {
			for (const result of results.slice(0, 2)) {
				control.sending?.([result.task]);
				control.progress([result]);
			}
			return {results, trouble: 'gone'};
		},
	});
	const recorded = createRecordedHands(hands, openAudit(path, {}), () => undefined);
	const control = {rate: () => 200, stopped: () => false, progress: () => {}, sending: () => void told++};
	await recorded.performBulk('retry', [task(1), task(2), task(3)], control);
	expect(told).toBe(2);
	const outcomes = lines().filter(({type}) => type === 'outcome');
	expect(outcomes.map(({outcome}) => outcome)).toEqual(['failed', 'unknown', 'unknown']);
	const ids = outcomes.flatMap(({results: part}) => (Array.isArray(part) ? part : [])).map(({taskId}) => taskId);
	expect(ids).toEqual(['id-1', 'id-2', 'id-3']);
});

test('every field of a line is documented', async () => {
	const table = readFileSync('docs/headless.md', 'utf8').split('## The record of actions')[1]?.split('\n## ')[0] ?? '';
	const documented = new Map(
		[...table.matchAll(/^\| (`.*?) \| ([\w, ]+) \|/gm)].flatMap(([, names = '', of = '']) =>
			[...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, of] as const),
		),
	);
	const record = openAudit(path, {SSH_CONNECTION: '10.0.0.1 22'}, 'prod');
	const id = record.intend({...call, reason: 'why'}, undefined);
	record.conclude(id, {final: true, outcome: 'failed', sentence: 'No.', sqlstate: 'P0001', results: []});
	const open = record.intend(call, undefined);
	writeFileSync(
		path,
		readFileSync(path, 'utf8').replace(`"pid":${process.pid}`, '"pid":0').replaceAll(`"pid":${process.pid}`, '"pid":0'),
	);
	openAudit(path, {}).seen();
	expect(lines().map(({type, id: of}) => [type, of === open])).toEqual([
		['intent', false],
		['outcome', false],
		['intent', true],
		['seen', true],
	]);
	const unused = new Set(documented.keys());
	for (const line of lines()) {
		for (const field of Object.keys(line)) {
			const of = documented.get(field) ?? `no such field: ${field}`;
			expect([field, of === 'all' || of.includes(String(line['type']))]).toEqual([field, true]);
			unused.delete(field);
		}
	}
	expect([...unused]).toEqual([]);
});
