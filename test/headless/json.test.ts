import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {renderJson} from '../../source/headless/json.ts';
import type {Claim, Failure, QueueSnapshot, Snapshot} from '../../source/monitor/snapshot.ts';
import {snapshot} from '../support/fixture.ts';
import {blankSnapshot} from '../support/stub-monitor.ts';

const [queue] = snapshot.queues;
const [claim] = snapshot.claims;
const [failure] = snapshot.failures;
if (!queue || !claim || !failure) throw new Error('The fixture has no rows.');

const noInstant = Number.POSITIVE_INFINITY;
const trouble = {sentence: 'It is locked.', sqlstate: '55P03', retryAt: noInstant};

/** Every optional part is there, so that its fields show. */
const full: Snapshot = {
	...snapshot,
	connection: {kind: 'lost', since: 1, retryAt: 2, trouble: {sentence: 'Gone.', sqlstate: undefined}},
	missing: ['gone'],
	queues: [{...queue, trouble} satisfies QueueSnapshot],
	claims: [{...claim, progress: {checkpoint: 'plan', at: 1, readAt: 2}} satisfies Claim],
	failures: [failure satisfies Failure],
	costs: [{probe: 'p', kind: 'tick', statements: 1, rows: 2, duration: 3, at: 4, trouble: undefined}],
};

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths of the values, as the documentation writes them; a count is one value. */
function paths(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return [...new Set(value.flatMap(item => paths(item, `${path}[]`)))];
	if (!isObject(value) || 'exactness' in value) return [path];
	return Object.entries(value).flatMap(([key, inner]) => paths(inner, path === '' ? key : `${path}.${key}`));
}

function parse(text: string): Record<string, unknown> {
	const value: unknown = JSON.parse(text);
	if (!isObject(value)) throw new Error('not an object');
	return value;
}

test('has the fields that the documentation lists, in that order, and no other', () => {
	const documented = readFileSync('docs/json.md', 'utf8').matchAll(/^\| `([^`]+)` +\|/gm);
	expect(paths(parse(renderJson(full)))).toEqual(Array.from(documented, ([, path]) => path));
});

test('has every top level field before the first data, too', () => {
	const blank = parse(renderJson(blankSnapshot));
	expect(Object.keys(blank)).toEqual(Object.keys(parse(renderJson(full))));
	expect(blank).toMatchObject({
		version: 1,
		at: null,
		session: null,
		connection: {kind: 'connecting'},
		claimCount: null,
	});
});

test('writes what JSON does not know as null', () => {
	const odd: Snapshot = {
		...full,
		queues: [{...queue, nextDueAt: noInstant, donePerSecond: Number.NaN, trend: [1, undefined], runTime: undefined}],
		claims: [{...claim, leaseExpiresAt: null, progress: null, maxAttempts: null}],
	};
	const text = renderJson(odd);
	expect(text).not.toMatch(/undefined|Infinity|NaN/);
	expect(parse(text)).toMatchObject({
		queues: [{nextDueAt: null, donePerSecond: null, trend: [1, null], runTime: null}],
		claims: [{lease: false, leaseExpiresAt: null, progressKnown: true, progress: null, maxAttempts: null}],
	});
});

test('writes instants in UTC and durations in milliseconds', () => {
	const at = Date.UTC(2026, 10, 20, 14, 2, 31, 5);
	expect(parse(renderJson({...blankSnapshot, at, tickDuration: 2.5}))).toMatchObject({
		at: '2026-11-20T14:02:31.005Z',
		tickDurationMs: 2.5,
	});
});

test('keeps hostile text and lets none of it through', () => {
	const hostile = 'a\u001b]52;c;x\u0007\u009b2J\u202e\u2066\u2028\ue000\ud800\u{e0041}\u{1f600}\t\n\u007f"\\z';
	const text = renderJson({...full, failures: [{...failure, errorMessage: hostile, taskName: hostile}]});
	const [shown] = JSON.parse(text).failures;
	expect([shown.errorMessage, shown.taskName]).toEqual([hostile, hostile]);
	// Only line breaks and the tabs at the beginning of lines are no printable characters.
	expect(text.replace(/^\t+/gm, '').replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
	expect(text).toContain('\u{1f600}');
});

test('tells which figures are not exact, and the half hour with its gaps', () => {
	const past = {until: 1_800_000, slots: [undefined, {completed: 3, failed: 1}], liveFrom: 1_790_000};
	const caveats = {fail5m: true, donePerSecond: true, trend: true};
	const marked = parse(
		renderJson({
			...full,
			past,
			queues: [
				{...queue, past, caveats},
				{...queue, name: 'sure'},
			],
		}),
	);
	const half = {
		until: '1970-01-01T00:30:00.000Z',
		slotMs: 30_000,
		seenFrom: '1970-01-01T00:29:50.000Z',
		completed: [null, 3],
		failed: [null, 1],
	};
	const yes = {donePerSecondEstimated: true, trendReconstructed: true, past: half};
	expect(marked).toMatchObject({
		...yes,
		queues: [
			{...yes, fail5m: {estimated: true}},
			{donePerSecondEstimated: false, trendReconstructed: false, fail5m: {estimated: false}},
		],
	});
});
