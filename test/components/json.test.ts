import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import {openDocument, toggle} from '../../source/components/document.ts';
import {drawDocument, settleDocument} from '../../source/components/document-view.ts';
import {parseJson} from '../../source/components/json/parse.ts';
import {jsonRows} from '../../source/components/json/rows.ts';
import type {Document} from '../../source/monitor/run-detail.ts';
import {measure} from '../../source/terminal/fit.ts';
import {plain, plainText} from '../support/draw.ts';

function document(text: string, complete = true): Document {
	return {bytes: Buffer.byteLength(text), text, complete};
}

function rows(text: string, toggled: ReadonlySet<string> = new Set(), width = 60) {
	return jsonRows(document(text), {
		prefix: 'd',
		toggled,
		width,
		indent: 0,
		address: {field: 'params', runId: undefined, checkpoint: undefined, path: []},
		fetched: new Map(),
	});
}

function drawn(text: string, toggled?: ReadonlySet<string>, width = 60): string {
	const all = rows(text, toggled, width);
	const state = settleDocument({...openDocument, toggled: toggled ?? new Set()}, all, 100);
	return plainText(drawDocument(state, all, {width: width + 2, height: 100, theme: plain, dimmed: false}));
}

/** Values whose JSON text, and therefore whose place in it, is known. */
const valid = [
	'null',
	'0',
	'-0.0e-7',
	'123456789012345678901234567890.00000000000000000001',
	'"a\\"b\\\\"',
	'[]',
	'{}',
	' [1, {"a": [true, false, null]}, "x"] ',
	'{"a": 1, "a": 2, "": 3}',
	'"\\ud83d\\ude00 \\u0000"',
];

test.each(valid)('reads %s as JSON.parse does', text => {
	expect(() => JSON.parse(text)).not.toThrow();
	const {root, error} = parseJson(text);
	expect(error).toBeUndefined();
	expect(JSON.parse(text.slice(root.start, root.end))).toEqual(JSON.parse(text));
});

const invalid: readonly (readonly [text: string, at: number, expected: string])[] = [
	['', 0, 'a value'],
	['{"a": 1,, }', 8, 'a key in double quotes'],
	['{"a" 1}', 5, 'a colon'],
	['[1 2]', 3, 'a comma or ]'],
	['{"a": "b', 6, 'the end of this string'],
	['{"a": tru}', 6, 'a value'],
	['[1, 01]', 5, 'a comma or ]'],
	['1 1', 2, 'the end'],
	["{'a': 1}", 1, 'a key in double quotes'],
	['"tab\there"', 0, 'the end of this string'],
];

test.each(invalid)('names the first error in %s', (text, at, expected) => {
	expect(() => JSON.parse(text)).toThrow();
	expect(parseJson(text).error).toEqual({at, expected});
});

test('agrees with JSON.parse about ten thousand mutilated texts', () => {
	const base = '{"a": [1, -2.5e3, "x\\n", true, null], "b": {"c": "d"}, "e": []}';
	const different: string[] = [];
	let seed = 7;
	const random = (below: number) => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
		return (seed >> 8) % below;
	};
	for (let round = 0; round < 10_000; round++) {
		const at = random(base.length);
		const character = '{}[]",:0-e.\\ntu '[random(16)] ?? '';
		const text = base.slice(0, at) + character + base.slice(at + random(3));
		let parses = true;
		try {
			JSON.parse(text);
		} catch {
			parses = false;
		}

		if ((parseJson(text).error === undefined) !== parses) {
			different.push(text);
		}
	}

	expect(different).toEqual([]);
});

test('deep nesting and megabytes neither overflow nor take long', () => {
	expect(parseJson('['.repeat(100_000)).error?.expected).toBe('less nesting');
	const long = `{"a": "${'x'.repeat(5_000_000)}"}`;
	// The processor's time: others use it as well.
	const start = process.cpuUsage();
	expect(parseJson(long).error).toBeUndefined();
	expect(parseJson(`[${'1,'.repeat(100_000)}1]`).error?.expected).toBe('fewer values');
	expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
});

test('shows all digits and repeated keys', () => {
	expect(drawn('{"id": 90071992547409931, "id": 0.1000000000000000000001, "ok": true}')).toMatchInlineSnapshot(`
		"▸   id  90071992547409931
		    id  0.1000000000000000000001
		    ok  true"
	`);
});

test('folds what is deep and unfolds it by id', () => {
	const text = '{"a": {"b": {"c": {"d": 1}}}, "list": [1, 2]}';
	expect(drawn(text)).toMatchInlineSnapshot(`
		"▸ ▾ a     {1}
		    ▾ b  {1}
		      ▸ c  {1} d
		  ▾ list  [2]
		      0  1
		      1  2"
	`);
	const [, , folded] = rows(text);
	expect(folded?.fold).toBe('folded');
	const {toggled} = toggle(openDocument, {id: folded?.id ?? '', fold: 'folded'});
	expect(drawn(text, toggled)).toContain('d  1');
});

test('a long string shows its head and size, and unfolds at its own line breaks', () => {
	const text = JSON.stringify({text: `first line\nsecond ${'word '.repeat(30)}`});
	expect(drawn(text)).toMatch(/▸ text {2}"first line\\nsecond word .*… {2}17\d B/);
	const [row] = rows(text);
	const {toggled} = toggle(openDocument, {id: row?.id ?? '', fold: 'folded'});
	const lines = drawn(text, toggled).split('\n');
	expect(lines[1]?.trim()).toBe('"first line\\n');
	expect(lines[2]?.trim()).toMatch(/^second word/);
});

test('a document that is cut off shows as far as it goes and says so', () => {
	const cut = jsonRows(
		{bytes: 1_200_000, text: '{"a": [1, 2, {"b": "unfinis', complete: false},
		{
			prefix: 'd',
			toggled: new Set(),
			width: 60,
			indent: 0,
			address: {field: 'params', runId: undefined, checkpoint: undefined, path: []},
			fetched: new Map(),
		},
	);
	const state = settleDocument(openDocument, cut, 100);
	expect(
		plainText(drawDocument(state, cut, {width: 62, height: 100, theme: plain, dimmed: false})),
	).toMatchInlineSnapshot(`
		"▸ ▾ a  [3+]
		      0  1
		      1  2
		    ▾ 2  {1+}
		        b  "unfinis
		  ▸ 1.2 MB stored; only its beginning was read. Enter asks fo…"
	`);
});

test.each(['\u001b', '\u009b', '\u0007'])('hostile keys and values stay inside their lines (%j)', control => {
	const hostile = `{"\\u001b[2J\u202e${control}": "${control}]52;c;aGk=\u0007", "宽字符键": "👩‍👩‍👧 ${control} x"}`;
	const all = rows(hostile, new Set(), 40);
	const view = {width: 42, height: 100, theme: plain, dimmed: false};
	for (const line of drawDocument(settleDocument(openDocument, all, 100), all, view)) {
		const bare = stripVTControlCharacters(line);
		expect(measure(bare)).toBe(42);
		expect(bare).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
	}
});
