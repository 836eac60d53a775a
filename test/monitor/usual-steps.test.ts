import {expect, test} from 'vitest';
import {type FinishedSteps, likelyStep} from '../../source/monitor/usual-steps.ts';

/** Steps of one run, each with the seconds it took. */
function task(...steps: readonly (readonly [name: string, seconds: number])[]): FinishedSteps {
	let at = 0;
	return steps.map(([name, seconds]) => {
		at += seconds * 1000;
		return {name, ownerRunId: 'r', updatedAt: at};
	});
}

const saved = (...names: readonly string[]) => names.map(name => ({name}));

const tasks = [
	task(['plan', 5], ['search', 8], ['answer', 3]),
	task(['plan', 4], ['search', 10], ['answer', 2]),
	task(['plan', 4], ['ask', 90], ['answer', 2]),
];

test('what most tasks did next, and how long that took them', () => {
	expect(likelyStep(tasks, saved('plan'))).toEqual({name: 'search', usual: 10_000, agree: 2, of: 3});
	expect(likelyStep(tasks, saved())).toEqual({name: 'plan', usual: undefined, agree: 3, of: 3});
});

test('no guess after the last step, after an unknown one, or without finished tasks', () => {
	expect(likelyStep(tasks, saved('plan', 'search', 'answer'))).toBeUndefined();
	expect(likelyStep(tasks, saved('other'))).toBeUndefined();
	expect(likelyStep([], saved('plan'))).toBeUndefined();
});

test('no guess where the tasks do not agree', () => {
	const split = ['a', 'b', 'c'].map(name => task(['plan', 1], [name, 1]));
	expect(likelyStep(split, saved('plan'))).toBeUndefined();
});

test('a longer loop than any before goes on with its step', () => {
	const loop = [task(['turn', 1], ['turn#2', 2], ['turn#3', 3], ['end', 1])];
	expect(likelyStep(loop, saved('turn', 'turn#2'))?.name).toBe('turn#3');
	expect(likelyStep(loop, saved('turn', 'turn#2', 'turn#3', 'turn#4'))).toEqual({
		name: 'turn',
		usual: 2000,
		agree: 1,
		of: 1,
	});
});

test('a step of another attempt says nothing about how long it took', () => {
	const [first, second] = task(['plan', 5], ['search', 600]);
	if (!first || !second) throw new Error('Two steps.');
	expect(likelyStep([[first, {...second, ownerRunId: 's'}]], saved('plan'))).toMatchObject({
		name: 'search',
		usual: undefined,
	});
});
