import {describe, expect, it} from 'vitest';
import {drawHeader, formatInterval, formatTick} from '../../source/components/header.ts';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import {measure} from '../../source/terminal/fit.ts';
import {plain, plainText} from '../support/draw.ts';
import {liveSnapshot, session} from '../support/stub-monitor.ts';

const now = Date.UTC(2026, 10, 20, 13, 2);

function header(
	width: number,
	change: Partial<typeof session> = {},
	label: string | undefined = 'prod-eu',
	more: Partial<Snapshot> = {},
): string {
	const snapshot = liveSnapshot(now, {session: {...session, ...change}, ...more});
	const line = drawHeader({snapshot, label, now, utc: true}, width, plain);
	expect(measure(line)).toBe(width);
	return plainText([line]);
}

describe('header', () => {
	it('shows less as the line gets shorter: never the way to the database last', () => {
		const lines = [130, 110, 90, 80, 70, 60].map(width => header(width, {readOnly: 'transaction'}));
		expect(lines.join('\n')).toMatchInlineSnapshot(`
			" absurd-top  prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0   READ ONLY (transactions)         every 2s · <5 ms · 13:02 UTC
			 prod-eu  absurd@db1:5432/jobs · absurd 0.5.0   READ ONLY (transactions)         every 2s · <5 ms · 13:02 UTC
			 prod-eu  absurd@db1:5432/jobs   READ ONLY (transactions)    every 2s · <5 ms · 13:02 UTC
			 prod-eu  absurd@db1:5432/jobs   READ ONLY         every 2s · <5 ms · 13:02 UTC
			 prod-eu  db1:5432/jobs   READ ONLY      every 2s · <5 ms · 13:02 UTC
			 prod-eu  jobs   READ ONLY     every 2s · <5 ms · 13:02 UTC"
		`);
	});

	it('names no server where a socket is used', () => {
		expect(header(100, {host: '/var/run/postgresql'})).toContain('absurd/jobs');
	});

	it('says which wall keeps it from writing', () => {
		expect(header(140, {readOnly: 'session'})).toContain('READ ONLY (server)');
		expect(header(140, {readOnly: 'standby'})).toContain('READ ONLY (standby)');
		expect(header(60, {readOnly: 'standby'})).toContain('STANDBY');
		expect(header(140)).not.toContain('READ ONLY');
	});

	it('says how far a standby is behind, at any width', () => {
		const behind = (lag: number | undefined, width: number) =>
			header(width, {readOnly: 'standby', standby: true}, undefined, {replay: {lag}});
		expect(behind(300, 120)).toContain('READ ONLY (standby)  replay <1s behind');
		expect(behind(75_000, 60)).toContain('STANDBY  lag 1m');
		expect(behind(undefined, 120)).toContain('replay ?');
		expect(header(120)).not.toContain('replay');
	});

	it('makes names of the database harmless', () => {
		expect(header(140, {user: 'a\u001b[2J', database: 'b\u202e\n'}, 'l\u0007')).toContain('l␇  a␛[2J@db1:5432/b⇄↵');
	});

	it('stands still while the tick takes about the same time', () => {
		expect([0.2, 4.9].map(formatTick)).toEqual(['<5 ms', '<5 ms']);
		expect([5, 12, 14.9, 97].map(formatTick)).toEqual(['10 ms', '10 ms', '10 ms', '100 ms']);
		expect([101, 130, 980, 1400].map(formatTick)).toEqual(['100 ms', '150 ms', '1000 ms', '1.4 s']);
		expect([500, 1000, 2000, 2500, 60_000, 90_000].map(formatInterval)).toEqual([
			'0.5s',
			'1s',
			'2s',
			'2.5s',
			'1m00s',
			'1m30s',
		]);
	});
});
