import {Absurd, type JsonObject, type TaskContext} from 'absurd-sdk';
import pg from 'pg';
import {duration, pause} from './chance.ts';
import {makeError, stepResult} from './failure.ts';
import {flows} from './flows.ts';
import type {WorkerSpec} from './queues.ts';
import {type TaskSpec, tasks} from './tasks.ts';

/** Where the demo's own clients connect to. */
export interface Address {
	readonly directory: string;
}

const silent = {log() {}, info() {}, warn() {}, error() {}};

/** A connection of its own for each worker: closing it is how a worker is lost. */
export function openPool({directory}: Address): pg.Pool {
	const pool = new pg.Pool({
		host: directory,
		port: 5432,
		user: 'postgres',
		database: 'postgres',
		ssl: false,
		max: 1,
		idleTimeoutMillis: 0,
	});
	// The demo's database ends with the demo; a lost connection needs no more words.
	pool.on('error', () => undefined);
	return pool;
}

/** A client of absurd-sdk for a queue. */
export function makeClient(pool: pg.Pool, queueName: string): Absurd {
	return new Absurd({db: pool, queueName, log: silent});
}

/** Runs a worker for ever; one with a `life` dies and comes back as another process. */
export async function runWorker(spec: WorkerSpec, address: Address, client: Absurd): Promise<never> {
	await pause(1000 * (spec.life?.firstAway ?? 0));
	for (let generation = 0; ; generation++) {
		const pool = openPool(address);
		const absurd = makeClient(pool, spec.queue);
		const life = startLife(spec.life?.alive ?? Number.POSITIVE_INFINITY);
		register(absurd, spec.queue, client, life.saved);
		const worker = await absurd.startWorker({
			workerId: `${spec.host}:${spec.process + generation * 45}`,
			concurrency: spec.concurrency,
			claimTimeout: spec.lease,
			pollInterval: spec.poll,
			fatalOnLeaseTimeout: false,
			onError() {},
		});
		await life.over;
		// From now on nothing that it does reaches the database: its runs stay claimed until their leases run out.
		void worker.close();
		void pool.end();
		await pause(1000 * (spec.life?.away ?? 0));
	}
}

/** So long a worker whose time is up goes on where nothing of its work is half done, milliseconds. */
const lingering = 30_000;

/**
 * The life of a worker of so many seconds. It ends in the middle of a run: as soon as one has saved a step that was not its
 * last, so that whoever takes over finds something to go on from.
 */
function startLife(seconds: number): {readonly over: Promise<void>; saved(): void} {
	let due = false;
	let end = () => {};
	const over = new Promise<void>(resolve => {
		end = resolve;
	});
	async function age(): Promise<void> {
		await pause(1000 * seconds);
		due = true;
		await pause(lingering);
		end();
	}
	if (Number.isFinite(seconds)) void age();
	return {
		over,
		saved() {
			if (due) end();
		},
	};
}

function register(absurd: Absurd, queue: string, client: Absurd, saved: () => void): void {
	for (const task of tasks.filter(each => each.queue === queue)) {
		absurd.registerTask<JsonObject>({name: task.name}, (_params, context) => runSteps(task, context, saved));
	}
	for (const flow of flows.filter(each => each.queue === queue)) {
		absurd.registerTask<JsonObject>({name: flow.name}, (params, context) => flow.handler(params, context, {client}));
	}
}

async function runSteps(task: TaskSpec, context: TaskContext, saved: () => void): Promise<JsonObject> {
	for (const [index, {name, seconds, failure}] of task.steps.entries()) {
		const took = duration(seconds);
		let worked = false;
		const work = async () => {
			const broken = failure !== undefined && Math.random() < failure.share;
			await pause(broken ? took / 2 : took);
			if (broken) throw makeError(failure);
			worked = true;
			return stepResult(name ?? task.name, took);
		};
		if (name === undefined) await work();
		else await context.step(name, work);
		// One that an earlier run has saved was only looked up.
		if (name !== undefined && worked && index < task.steps.length - 1) saved();
	}
	return {ok: true, steps: task.steps.length};
}
