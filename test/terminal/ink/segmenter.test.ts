import {expect, test} from 'vitest';
import {LazySegmenter} from '../../../source/terminal/ink/segmenter.ts';

test('cuts as the engine does', () => {
	const text = 'é👍🏽 한 x';
	for (const granularity of ['grapheme', 'word'] as const) {
		const lazy = new LazySegmenter(undefined, {granularity});
		for (let round = 0; round < 2; round++) {
			expect([...lazy.segment(text)]).toEqual([...new Intl.Segmenter(undefined, {granularity}).segment(text)]);
		}
	}
});
