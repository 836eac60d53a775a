import {expect, test} from 'vitest';
import {awaitedTask, keyFamily, sameFamily} from '../../source/monitor/relations.ts';

const id = '01a1f8ae-1cd7-71e8-9a3c-5e0d41c81f3a';

test.each([
	[`$awaitTaskResult:${id}`, id],
	[`$awaitTaskResult:${id}#2`, id],
	['$awaitTaskResult:not-an-id', undefined],
	[`$awaitEvent:${id}`, undefined],
	['plan', undefined],
])('the task that %s awaits', (name, expected) => {
	expect(awaitedTask({name})).toBe(expected);
});

test.each([
	['order-4711', 'order'],
	['report:2026-11-20', 'report'],
	['report:2026-11-20T14:00:00Z', 'report'],
	['tenant/acme/nightly', 'tenant/acme'],
	['4711', undefined],
	['nightly', undefined],
	['', undefined],
])('the family of %j', (key, expected) => {
	expect(keyFamily(key)).toBe(expected);
});

test('keys are of one family only when both have it', () => {
	expect(sameFamily('order-1', 'order-22')).toBe(true);
	expect(sameFamily('order-1', 'orders-1')).toBe(false);
	expect(sameFamily('1', '2')).toBe(false);
});
