import {expect, test} from 'vitest';
import {bar} from '../../source/components/bar.ts';
import {shortIds} from '../../source/components/short-id.ts';
import {sparkline} from '../../source/components/sparkline.ts';
import {plain} from '../support/draw.ts';

test('a sparkline: zero, something, the highest and the unknown all look different', () => {
	expect(sparkline([0, 1, 1000, undefined, 500], 5, false)).toBe('▁▂█ ▅');
	expect(sparkline([0, 1, 1000, undefined, 500], 5, true)).toBe('_.# =');
	expect(sparkline([0, 0, 0], 10, false)).toBe('▁▁▁');
	expect(sparkline([9, 0, 1], 2, false)).toBe('▁█');
	expect(sparkline([], 10, false)).toBe('');
});

test('a bar is only empty or full when what it shows is', () => {
	expect(bar(0, 4, plain)).toBe('░░░░');
	expect(bar(0.001, 4, plain)).toBe('▓░░░');
	expect(bar(0.999, 4, plain)).toBe('▓▓▓░');
	expect(bar(1, 4, plain)).toBe('▓▓▓▓');
	expect(bar(7, 4, plain)).toBe('▓▓▓▓');
	expect(bar(Number.NaN, 4, plain)).toBe('░░░░');
});

test('short ids are the last six digits, longer where two of them collide', () => {
	const ids = ['0192-aaaaaa-111111f24ab5', '0193-bbbbbb-222222f24ab5', '0193-bbbbbb-222222000001'];
	expect([...shortIds(ids).values()]).toEqual(['…111111f24ab5', '…222222f24ab5', '…000001']);
	expect(shortIds([ids[0] ?? '', ids[0] ?? '']).get(ids[0] ?? '')).toBe('…f24ab5');
});
