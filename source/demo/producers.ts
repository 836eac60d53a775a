import type {Absurd, JsonObject} from 'absurd-sdk';
import {duration, pause, waitingTime} from './chance.ts';
import {type FlowSpec, flows} from './flows.ts';
import {makeHeaders} from './headers.ts';
import {type TaskSpec, tasks} from './tasks.ts';

/** Spawns tasks for ever, each kind at its own pace, and emits the events that some of them wait for. */
export function startProducers(client: Absurd): void {
	for (const task of tasks) void produce(task, n => spawnTask(client, task, n));
	for (const flow of flows) {
		for (let n = 0; n < flow.atStart; n++) void spawnFlow(client, flow, n);
		void produce(flow, n => spawnFlow(client, flow, n + flow.atStart));
	}
}

/** A queue that somebody dropped from the monitor must not end the demo: what cannot be spawned is left out. */
async function produce(kind: TaskSpec | FlowSpec, spawn: (n: number) => Promise<void>): Promise<never> {
	const started = Date.now();
	for (let n = 0; ; n++) {
		if (isOpen(kind, Date.now() - started)) await spawn(n).catch(() => undefined);
		await pause(waitingTime(1000 * kind.every));
	}
}

function isOpen(kind: TaskSpec | FlowSpec, elapsed: number): boolean {
	if (!('burst' in kind) || kind.burst === undefined) return true;
	return (elapsed / 1000) % kind.burst.period < kind.burst.seconds;
}

async function spawnTask(client: Absurd, {queue, name, params, options}: TaskSpec, n: number): Promise<void> {
	await client.spawn(name, params(n), {...options, queue, headers: makeHeaders(queue, n)});
}

async function spawnFlow(client: Absurd, flow: FlowSpec, n: number): Promise<void> {
	const {queue, name, options, answer} = flow;
	const params: JsonObject = flow.params(n);
	await client.spawn(name, params, {...options, queue, headers: makeHeaders(queue, n)});
	if (answer === undefined || Math.random() > answer.share) return;
	void pause(duration(answer.after))
		.then(() => client.emitEvent(answer.event(params), {decision: 'approved', by: 'ops@example.com'}, queue))
		.catch(() => undefined);
}
