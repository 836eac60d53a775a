import {beforeEach, describe, expect, test} from 'vitest';
import {TableBook} from '../../source/database/catalog.ts';
import type {ProbeTools} from '../../source/database/probes/probe.ts';
import {RenewedReading} from '../../source/database/probes/renewed-reading.ts';
import {PageTurner, type ReadingProgress, type TurnedPage} from '../../source/monitor/page-turner.ts';

interface Report {
	readonly progress: ReadingProgress;
	readonly renewing: boolean;
	readonly looked: number;
	/** Which of the readings it is of. */
	readonly serial: number;
}

let now: number;
let readings: number;
let trips: number;

/** Reads `rows` rows of one queue, each of them once. */
class Counting {
	readonly #turner = new PageTurner<number>(['mail'], 0);
	readonly #serial = ++readings;
	pages = 0;

	next(limit: number): readonly TurnedPage<number>[] {
		return this.#turner.next(limit);
	}

	take(page: TurnedPage<number>, rows: number): void {
		const count = Math.min(page.rows, rows - page.before);
		this.#turner.take(page, count, page.before + count);
	}

	report(limit: number): Report {
		const progress = this.#turner.progress(limit, 50_000);
		return {progress, renewing: false, looked: this.#turner.looked, serial: this.#serial};
	}
}

const tools: ProbeTools = {
	book: new TableBook([]),
	read: async () => ({outcomes: [{kind: 'rows', rows: [{now}]}], duration: 1, late: false}),
};

function reading(rows: number): RenewedReading<TurnedPage<number>, Counting, Report> {
	return new RenewedReading({
		begin: () => new Counting(),
		async read(counting, pages) {
			trips++;
			counting.pages++;
			for (const page of pages) counting.take(page, rows);
		},
	});
}

beforeEach(() => {
	now = 1_000_000;
	readings = 0;
	trips = 0;
});

describe('a reading that is renewed', () => {
	test('of one page is read anew with every question', async () => {
		const one = reading(500);
		for (let ask = 1; ask <= 3; ask++) {
			expect(await one.answer({limit: 20_000, stopped: false}, tools)).toEqual({
				progress: 'whole',
				renewing: false,
				looked: 500,
				serial: ask,
			});
		}
	});

	test('of several pages rests, and what was whole is shown until the next one is', async () => {
		const one = reading(5000);
		const ask = () => one.answer({limit: 20_000, stopped: false}, tools);
		expect((await ask()).looked).toBe(2000);
		expect((await ask()).looked).toBe(4000);
		expect(await ask()).toMatchObject({progress: 'whole', looked: 5000});
		expect(trips).toBe(3);
		now += 11_900;
		expect(await ask()).toMatchObject({looked: 5000, renewing: false, serial: 1});
		expect(trips).toBe(3);
		now += 200;
		expect(await ask()).toMatchObject({looked: 5000, renewing: true, serial: 1});
		expect(await ask()).toMatchObject({looked: 5000, renewing: true, serial: 1});
		expect(await ask()).toMatchObject({looked: 5000, renewing: false, serial: 2});
	});

	test('at its limit it goes on when more may be read, and is renewed like a whole one', async () => {
		const one = reading(9000);
		const ask = (limit: number) => one.answer({limit, stopped: false}, tools);
		await ask(4000);
		expect(await ask(4000)).toMatchObject({progress: 'limit', looked: 4000});
		expect(await ask(6000)).toMatchObject({progress: 'limit', looked: 6000, serial: 1});
		now += 60_000;
		expect(await ask(6000)).toMatchObject({progress: 'limit', looked: 6000, renewing: true, serial: 1});
		await ask(6000);
		expect(await ask(6000)).toMatchObject({progress: 'limit', looked: 6000, renewing: false, serial: 2});
	});

	test('stopped it reads nothing, and goes on from there', async () => {
		const one = reading(9000);
		await one.answer({limit: 20_000, stopped: false}, tools);
		expect(await one.answer({limit: 20_000, stopped: true}, tools)).toMatchObject({progress: 'limit', looked: 2000});
		expect(trips).toBe(1);
		expect(await one.answer({limit: 20_000, stopped: false}, tools)).toMatchObject({looked: 4000, serial: 1});
	});
});

test('many queues take turns, and every row of each is read once', () => {
	const sizes = new Map(Array.from({length: 45}, (_, index) => [`queue-${index}`, index * 37]));
	const turner = new PageTurner<number>([...sizes.keys()], 0);
	const seen = new Map<string, number>();
	for (let tick = 0; tick < 1000 && !turner.done; tick++) {
		const pages = turner.next(1_000_000);
		expect(pages.length).toBeLessThanOrEqual(20);
		expect(pages.reduce((sum, {rows}) => sum + rows, 0)).toBeLessThanOrEqual(2000);
		for (const page of pages) {
			expect(page.before).toBe(seen.get(page.queue) ?? 0);
			const count = Math.min(page.rows, (sizes.get(page.queue) ?? 0) - page.before);
			seen.set(page.queue, page.before + count);
			turner.take(page, count, page.before + count);
		}
	}
	expect(turner.done).toBe(true);
	expect(seen).toEqual(sizes);
	expect(turner.looked).toBe([...sizes.values()].reduce((sum, size) => sum + size, 0));
});
