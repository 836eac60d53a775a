import {expect, test} from 'vitest';
import {normaliseMessage} from '../../source/monitor/failure-groups.ts';

test.each([
	['mailbox "a1" is 90.5% full', 'mailbox ‹str› is ‹n›% full'],
	["can't reach 'db-1' at 10.0.0.1:5432", "can't reach ‹str› at ‹n›"],
	['task 0199a7c4-6d2e-7a3b-8c4d-5e6f708192a3 is gone', 'task ‹id› is gone'],
	['at 0xDEADbeef', 'at ‹n›'],
	['', ''],
	[`cut: "${'x'.repeat(400)}`.slice(0, 300), 'cut: ‹str›'],
	['an open " quote', 'an open " quote'],
])('%s', (message, pattern) => {
	expect(normaliseMessage(message)).toBe(pattern);
});

test('hostile messages cost no time', () => {
	// The processor's time: others use it as well.
	const started = process.cpuUsage();
	for (const mark of ['"', "'", '`', '1.', 'a-', '0x']) normaliseMessage(mark.repeat(300));
	expect(process.cpuUsage(started).user / 1000).toBeLessThan(200);
});
