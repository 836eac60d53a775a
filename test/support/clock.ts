import type {Clock} from '../../source/monitor/clock.ts';

export interface TestClock extends Clock {
	/** Lets so much time pass, with everything that falls due in it, in order. */
	pass(milliseconds: number): void;
	/** How many callbacks are waiting. */
	waiting(): number;
}

/** A clock that only moves when told to. */
export function createTestClock(start = Date.UTC(2026, 10, 20, 14, 2, 0)): TestClock {
	let now = start;
	let timers: {readonly at: number; readonly callback: () => void}[] = [];
	return {
		wall: () => now,
		monotonic: () => now,
		random: () => 0.5,
		after(milliseconds, callback) {
			const timer = {at: now + milliseconds, callback};
			timers.push(timer);
			return () => {
				timers = timers.filter(other => other !== timer);
			};
		},
		pass(milliseconds) {
			const end = now + milliseconds;
			for (;;) {
				const [next] = timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at);
				if (next === undefined) break;
				timers = timers.filter(timer => timer !== next);
				now = Math.max(now, next.at);
				next.callback();
			}
			now = end;
		},
		waiting: () => timers.length,
	};
}
