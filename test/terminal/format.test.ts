import {describe, expect, it} from 'vitest';
import {toAscii} from '../../source/terminal/ascii.ts';
import {detectCapabilities} from '../../source/terminal/capabilities.ts';
import {formatAge, formatDuration, formatSpan} from '../../source/terminal/duration.ts';
import {
	formatBytes,
	formatCount,
	formatGrouped,
	formatNumber,
	formatRate,
	formatShare,
} from '../../source/terminal/figures.ts';
import {fit as fitText, measure} from '../../source/terminal/fit.ts';
import {formatClock, formatInstant, formatOffset, formatTime} from '../../source/terminal/instant.ts';
import {createTheme} from '../../source/terminal/theme.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('ages and durations', () => {
	it.each([
		[-5, '<1s'],
		[999, '<1s'],
		[1000, '<5s'],
		[12_345, '10s'],
		[59_999, '55s'],
		[minute, '1m'],
		[4 * minute + 12_000, '4m'],
		[2 * hour + 3 * minute, '2h03m'],
		[3 * day + 4 * hour, '3d4h'],
		[400 * day, '400d'],
		[Number.POSITIVE_INFINITY, 'ever'],
	])('age %d is %s', (age, text) => expect(formatAge(age)).toBe(text));

	it.each([
		[0, '<1s'],
		[12_345, '12s'],
		[59_999, '59s'],
		[4 * minute + 12_000, '4m12s'],
		[hour - 1, '59m59s'],
		[2 * hour + 3 * minute, '2h03m'],
		[day - 1, '23h59m'],
		[100 * day - 1, '99d23h'],
	])('span %d is %s', (span, text) => expect(formatSpan(span)).toBe(text));

	it.each([
		[0, '0ms'],
		[0.3, '<1ms'],
		[340.4, '340ms'],
		[999.6, '1.0s'],
		[1900, '1.9s'],
		[58_000, '58.0s'],
		[59_960, '1m00s'],
		[252_000, '4m12s'],
	])('duration %d is %s', (duration, text) => expect(formatDuration(duration)).toBe(text));

	it('changes an age at most every five seconds, and is never wider than six cells', () => {
		let changes = 0;
		let before = '';
		for (let age = 0; age < hour; age += 250) {
			const text = formatAge(age);
			if (text !== before) changes++;
			before = text;
			expect(text.length).toBeLessThanOrEqual(6);
		}
		expect(changes).toBeLessThanOrEqual(2 + 11 + 59);
	});
});

describe('figures', () => {
	it.each([
		[0, '0'],
		[9999, '9999'],
		[10_000, '10k'],
		[12_345, '12k'],
		[999_600, '1.0M'],
		[1_000_000, '1.0M'],
		[23_400_000, '23M'],
		[4e9, '4.0G'],
	])('number %d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

	it.each([0, 7, 999, 1000, 12_345, 1_234_567, 98_765_432_100])(
		'%d with all its digits is as English writes it',
		value => {
			expect(formatGrouped(value)).toBe(value.toLocaleString('en-US'));
		},
	);

	it('says how exact a count is', () => {
		expect(formatCount({value: 10_000, exactness: 'atLeast'})).toBe('≥10k');
		expect(formatCount({value: 1_040_000, exactness: 'estimate'})).toBe('~1.0M');
		expect(formatCount({value: 14, exactness: 'exact'})).toBe('14');
	});

	it('shows rates, shares and sizes', () => {
		expect([0, 0.01, 12.62, 99.99, 41_200].map(formatRate)).toEqual(['0.0', '<0.1', '12.6', '100', '41k']);
		expect([0, 0.0001, 0.184, 1].map(formatShare)).toEqual(['0.0%', '<0.1%', '18.4%', '100%']);
		expect([12, 1234, 340_000_000].map(formatBytes)).toEqual(['12 B', '1.2 kB', '340 MB']);
	});
});

describe('instants', () => {
	const instant = Date.UTC(2026, 10, 20, 14, 2, 31);
	it('shows UTC and the zone of the terminal', () => {
		expect(formatInstant(instant, true)).toBe('2026-11-20 14:02:31');
		expect(formatTime(instant, true)).toBe('14:02:31');
		expect(formatClock(instant, true)).toBe('14:02');
		expect(formatOffset(instant, true)).toBe('UTC');
		expect(formatInstant(Number.POSITIVE_INFINITY, false)).toBe('infinity');
		const zone = process.env['TZ'];
		try {
			process.env['TZ'] = 'America/St_Johns';
			expect(formatClock(instant, false)).toBe('10:32');
			expect(formatOffset(instant, false)).toBe('-03:30');
			process.env['TZ'] = 'Europe/Berlin';
			expect(formatClock(instant, false)).toBe('15:02');
			expect(formatOffset(instant, false)).toBe('+01');
		} finally {
			process.env['TZ'] = zone;
		}
	});
});

describe('capabilities', () => {
	it.each([
		[
			{TERM: 'xterm', LANG: 'en_US.UTF-8'},
			{ascii: false, colour: true},
		],
		[{TERM: 'xterm'}, {ascii: false, colour: true}],
		[
			{TERM: 'xterm', LANG: 'C'},
			{ascii: true, colour: true},
		],
		[
			{TERM: 'xterm', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.ISO-8859-1'},
			{ascii: true, colour: true},
		],
		[
			{TERM: 'xterm', LANG: 'C', LC_CTYPE: 'C.utf8'},
			{ascii: false, colour: true},
		],
		[
			{TERM: 'linux', LANG: 'en_US.UTF-8'},
			{ascii: true, colour: true},
		],
		[{TERM: 'dumb'}, {ascii: true, colour: false}],
		[
			{TERM: 'xterm', NO_COLOR: '1'},
			{ascii: false, colour: false},
		],
		[
			{TERM: 'xterm', FORCE_COLOR: '0'},
			{ascii: false, colour: false},
		],
	])('%j', (environment, expected) => expect(detectCapabilities(environment)).toEqual(expected));
});

describe('theme', () => {
	it('sets no background and no colour beyond the sixteen of the terminal; none at all without colour', () => {
		for (const [tone, paint] of Object.entries(createTheme({ascii: false, colour: true}).paint)) {
			const codes = [...paint('x').matchAll(/\u001b\[([\d;]*)m/g)].map(match => Number(match[1]));
			expect(
				codes.every(code => code < 40),
				tone,
			).toBe(true);
		}
		for (const paint of Object.values(createTheme({ascii: false, colour: false}).paint)) {
			expect(paint('x')).not.toMatch(/\u001b\[(3|9)\d/);
		}
	});

	it('has glyphs of one cell, and in ASCII nothing but ASCII', () => {
		for (const glyph of Object.values(createTheme({ascii: false, colour: true}).glyph)) expect(measure(glyph)).toBe(1);
		for (const glyph of Object.values(createTheme({ascii: true, colour: true}).glyph))
			expect(glyph).toMatch(/^[\x20-\x7e]$/);
	});

	it('turns a finished line into ASCII without moving a cell', () => {
		const line = `\u001b[31m${fitText('漢字 ▸ x…', 12)}\u001b[39m│`;
		expect(toAscii(line)).toBe('\u001b[31m???? > x~   \u001b[39m|');
		expect(measure(toAscii(line))).toBe(measure(line));
	});
});
