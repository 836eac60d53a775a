import {stripVTControlCharacters} from 'node:util';
import {expect, test} from 'vitest';
import type {Scope} from '../../source/keys/binding.ts';
import {bodyHeight, drawFrame} from '../../source/screens/frame.ts';
import {openView} from '../../source/screens/index.ts';
import type {DrawContext, ScreenRequest} from '../../source/screens/screen.ts';
import {measure} from '../../source/terminal/fit.ts';
import {drawContext} from '../support/draw.ts';
import {liveTask, now, snapshot} from '../support/fixture.ts';
import {recordedHands} from '../support/hands.ts';
import {answered, runDetail} from '../support/run-fixture.ts';

const answers = answered(runDetail);

/** The whole window with everything around the screen. */
function picture(request: ScreenRequest, columns: number, rows: number): readonly string[] {
	const view = openView(request, snapshot);
	const context = drawContext(columns, bodyHeight(rows), {answers, hands: recordedHands()});
	view.reconcile(context);
	const scopes: readonly Scope[] = ['always', 'global', ...view.scopes];
	const frame = drawFrame({
		context,
		columns,
		rows,
		label: 'prod-eu',
		clock: now,
		toast: undefined,
		body: (asked: DrawContext) => view.draw(asked),
		popup: () => [],
		hints: {
			scopes,
			whyNot: command => view.whyNot(command, context),
			back: request.screen === 'overview' ? 'quit' : 'back',
		},
	});
	return frame.lines.map(line => stripVTControlCharacters(line));
}

const screens: readonly ScreenRequest[] = [{screen: 'overview'}, {screen: 'run', run: liveTask}];
const sizes = [
	[80, 24],
	[120, 40],
	[200, 50],
] as const;

test.each(
	screens.flatMap(request => sizes.map(([columns, rows]) => [request.screen, columns, rows, request] as const)),
)('the picture of %s at %i x %i', async (screen, columns, rows, request) => {
	const lines = picture(request, columns, rows);
	expect(lines).toHaveLength(rows);
	expect(Math.max(...lines.map(measure))).toBeLessThanOrEqual(columns);
	const text = `${lines.map(line => line.trimEnd()).join('\n')}\n`;
	await expect(text).toMatchFileSnapshot(`pictures/${screen}-${columns}x${rows}.txt`);
});
