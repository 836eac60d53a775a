import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createPatientTimer} from '../../source/database/patient-timer.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test('fires when nobody refreshes it, and not after it was cleared', () => {
	const act = vi.fn();
	const timer = createPatientTimer(500, act);
	vi.advanceTimersByTime(400);
	timer.refresh();
	vi.advanceTimersByTime(499);
	expect(act).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(act).toHaveBeenCalledTimes(1);
	const cleared = createPatientTimer(500, act);
	cleared.clear();
	vi.advanceTimersByTime(5000);
	expect(act).toHaveBeenCalledTimes(1);
});

test('time in which the process stood still is no silence of the server: what waits is read first', () => {
	const act = vi.fn();
	const now = vi.spyOn(performance, 'now');
	now.mockReturnValue(0);
	createPatientTimer(500, act);
	// An hour passed while no timer ran.
	now.mockReturnValue(3_600_000);
	vi.advanceTimersByTime(500);
	expect(act).not.toHaveBeenCalled();
	now.mockReturnValue(3_601_000);
	vi.advanceTimersByTime(1000);
	expect(act).toHaveBeenCalledTimes(1);
	now.mockRestore();
});
