import {expect, test} from 'vitest';
import {renderText} from '../../source/headless/text.ts';
import {overviewScreen} from '../../source/screens/overview/overview.ts';
import {queueScreen} from '../../source/screens/queue/queue.ts';
import {drive} from '../support/drive.ts';
import {snapshot} from '../support/fixture.ts';

// A figure that is not exact carries its mark wherever it stands, and one that is carries none.

const caveats = {fail5m: true, donePerSecond: true, trend: true};
const marked = {
	...snapshot,
	queues: snapshot.queues.map(queue => (queue.name === 'mail' ? {...queue, caveats} : queue)),
};

const places = {
	overview: (given: typeof snapshot) =>
		drive(overviewScreen, {screen: 'overview'}, {snapshot: given, width: 160, height: 40}).text(),
	'page of the queue': (given: typeof snapshot) =>
		drive(queueScreen, {screen: 'queue', queue: 'mail'}, {snapshot: given, width: 120, height: 40}).text(),
	'text without a screen': (given: typeof snapshot) => renderText(given, {ascii: false, rows: 20}),
};

test.each(Object.entries(places))('%s', (_name, draw) => {
	expect(draw(marked)).toContain('~18.4%');
	expect(draw(marked)).toContain('~12.6');
	expect(draw(snapshot)).toContain('18.4%');
	expect(draw(snapshot)).not.toMatch(/~18\.4%|~12\.6/);
});

test('the sum of all queues is marked like any of its parts', () => {
	expect(places.overview(marked)).toContain('~41.2');
	expect(places.overview(snapshot)).not.toContain('~41.2');
});
