import {expect, test} from 'vitest';
import {csvTitles, renderCsv} from '../../source/headless/csv.ts';
import {snapshot} from '../support/fixture.ts';
import {emptyQueue, liveSnapshot} from '../support/stub-monitor.ts';

test('every line has as many fields as there are titles', () => {
	const titles = csvTitles.trimEnd().split(',');
	const lines = renderCsv(snapshot).trimEnd().split('\r\n');
	expect(lines).toHaveLength(snapshot.queues.length);
	for (const line of lines) expect(line.replaceAll(/"(?:[^"]|"")*"/g, '').split(',')).toHaveLength(titles.length);
});

test('texts are quoted where they must be, and harmless', () => {
	const line = renderCsv(liveSnapshot(0, {queues: [emptyQueue('a,"b"\u001B[2J', 0)]}));
	expect(line).toMatch(/^1970-01-01T00:00:00\.000Z,"a,""b""␛\[2J",ok,/);
});
