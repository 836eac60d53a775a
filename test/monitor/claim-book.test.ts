import {expect, test} from 'vitest';
import {ClaimBook} from '../../source/monitor/claim-book.ts';
import type {ClaimRow} from '../../source/monitor/source.ts';

const claim = (index: number, leaseExpiresAt: number | null): ClaimRow => ({
	runId: `run-${index}`,
	taskId: `task-${index}`,
	taskName: 'agent',
	maxAttempts: 5,
	attempt: 1,
	worker: 'w:1',
	claimedAt: index,
	leaseExpiresAt,
});
const visible = new Set(['run-1', 'run-2', 'run-3']);
const wanted = (book: ClaimBook, now: number) => book.wantProgress(visible, now).map(row => row.taskId);

test('checkpoints are read for what is on screen, and again only when the lease moved', () => {
	const book = new ClaimBook('agents');
	book.absorb([claim(1, 60_000), claim(2, 60_000), claim(4, 60_000)], 0);
	expect(wanted(book, 0)).toEqual(['task-1', 'task-2']);
	book.absorbProgress(
		['task-1', 'task-2'],
		[
			{taskId: 'task-1', checkpoints: 3, name: 'plan#3', at: -5},
			{taskId: 'task-2', checkpoints: 0, name: undefined, at: undefined},
		],
		0,
	);
	expect(book.claims().map(({progress}) => (progress ? progress.checkpoint : progress))).toEqual([
		'plan#3',
		null,
		undefined,
	]);
	expect(wanted(book, 600_000)).toEqual([]);
	book.absorb([claim(1, 90_000), claim(2, 60_000)], 1000);
	expect(wanted(book, 1000)).toEqual(['task-1']);
});

test('a task with many checkpoints, or without a lease, is asked twice a minute', () => {
	const book = new ClaimBook('agents');
	book.absorb([claim(1, 60_000), claim(2, null)], 0);
	const rows = [
		{taskId: 'task-1', checkpoints: 5000, name: 'iteration#5000', at: 0},
		{taskId: 'task-2', checkpoints: 1, name: 'plan', at: 0},
	];
	book.absorbProgress(['task-1', 'task-2'], rows, 0);
	book.absorb([claim(1, 62_000), claim(2, null)], 2000);
	expect(wanted(book, 2000)).toEqual([]);
	expect(wanted(book, 30_000)).toEqual(['task-1', 'task-2']);
});

test('a full lease is the longest that was seen, and is forgotten with the claim', () => {
	const book = new ClaimBook('agents');
	book.absorb([claim(1, 60_000)], 0);
	book.absorb([claim(1, 60_000)], 20_000);
	expect(book.claims()[0]?.leaseSpan).toBe(60_000);
	book.absorb([], 21_000);
	book.absorb([claim(1, 60_000)], 50_000);
	expect(book.claims()[0]?.leaseSpan).toBe(10_000);
	expect(book.nextLeaseEnd(50_000)).toBe(60_000);
	expect(book.nextLeaseEnd(60_000)).toBeUndefined();
});
