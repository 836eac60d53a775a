import type pg from 'pg';
import {pause} from './chance.ts';
import {queues} from './queues.ts';
import {checkpoint, cleanUp, vacuum} from './statements.ts';

/** Seconds that finished tasks are kept. */
const kept = 1500;

/** Pause between two queues, milliseconds: each queue has its turn about once a minute. */
const rest = 10_000;

/** Keeps the demo small for as long as it runs. */
export async function keepHouse(pool: pg.Pool): Promise<never> {
	for (;;) {
		for (const {name} of queues) {
			await pause(rest);
			// A queue that somebody dropped from the monitor is left out.
			await tidy(pool, name).catch(() => undefined);
		}
		await pool.query(checkpoint).catch(() => undefined);
	}
}

async function tidy(pool: pg.Pool, queue: string): Promise<void> {
	await pool.query(cleanUp, [queue, kept]);
	await pool.query(vacuum(queue));
}
