import {expect, test} from 'vitest';
import {boundText} from '../../source/monitor/storage.ts';

test('the bounds of a week are told as days, others as they are', () => {
	// absurd.md 3.10: Monday 00:00 UTC to the next, as pg_get_expr shows them.
	const week = `FOR VALUES FROM ('01a1e1a7-4c00-7000-8000-000000000000') TO ('01a205b3-d000-7000-8000-000000000000')`;
	const [from, to] = [0x01a1e1a74c00, 0x01a205b3d000].map(instant => new Date(instant));
	expect([from?.getUTCDay(), from?.getUTCHours(), to?.getUTCDay()]).toEqual([1, 0, 1]);
	expect(boundText(week)).toBe('2026-11-16 to 2026-11-23');
	expect(boundText('DEFAULT')).toBe('default: what no other takes');
	expect(boundText(`FOR VALUES FROM (MINVALUE) TO ('01a205b3-d000-7000-8000-000000000000')`)).toContain('MINVALUE');
	expect(boundText(`FOR VALUES IN ('\u001b[2J')`)).toBe(`FOR VALUES IN ('\u001b[2J')`);
});
