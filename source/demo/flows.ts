import type {Absurd, JsonObject, JsonValue, SpawnOptions, TaskContext} from 'absurd-sdk';
import {duration, pause} from './chance.ts';
import {stepResult} from './failure.ts';

/** What a flow may do beside its own context. */
export interface FlowTools {
	/** A client that spawns in any queue. */
	readonly client: Absurd;
}

/** A kind of task that sleeps, waits for events or for other tasks. */
export interface FlowSpec {
	readonly queue: string;
	readonly name: string;
	/** Mean seconds between two spawns. */
	readonly every: number;
	/** How many are spawned at once when the demo starts. */
	readonly atStart: number;
	readonly options: SpawnOptions & {readonly maxAttempts: number};
	readonly params: (n: number) => JsonObject;
	readonly handler: (params: JsonObject, context: TaskContext, tools: FlowTools) => Promise<JsonValue>;
	/** An event that somebody emits some time after the spawn. */
	readonly answer?: {
		readonly event: (params: JsonObject) => string;
		readonly after: readonly [number, number];
		/** Share of the tasks that are answered at all; the others time out. */
		readonly share: number;
	};
}

/** One saved step that takes some time. */
async function step(context: TaskContext, name: string, seconds: readonly [number, number]): Promise<JsonValue> {
	const took = duration(seconds);
	return context.step<JsonValue>(name, async () => {
		await pause(took);
		return stepResult(name, took);
	});
}

const decision = (params: JsonObject) => `refund.decided:${String(params['refund'])}`;

export const flows: readonly FlowSpec[] = [
	{
		queue: 'agents',
		name: 'research-topic',
		every: 40,
		atStart: 1,
		options: {maxAttempts: 3, cancellation: {maxDuration: 900}},
		params: n => ({topic: `offer ${n}`, sources: 2}),
		async handler(params, context, {client}) {
			await step(context, 'outline', [1, 3]);
			const page = await context.step<string>('fetch', async () => {
				const {taskID} = await client.spawn(
					'fetch-page',
					{url: `https://example.com/${String(params['topic'])}`, depth: 0},
					{queue: 'crawl', maxAttempts: 4, retryStrategy: {kind: 'fixed', baseSeconds: 5}},
				);
				return taskID;
			});
			const {state} = await context.awaitTaskResult(page, {queue: 'crawl', timeout: 120});
			await step(context, 'write', [3, 7]);
			return {page, state, words: 640};
		},
	},
	{
		queue: 'approvals',
		name: 'approve-refund',
		every: 8,
		atStart: 4,
		options: {maxAttempts: 2, retryStrategy: {kind: 'fixed', baseSeconds: 5}},
		params: n => ({refund: `RF-${3000 + n}-${Date.now().toString(36)}`, amount: {value: '120.00', currency: 'EUR'}}),
		answer: {event: decision, after: [12, 50], share: 0.88},
		async handler(params, context) {
			await step(context, 'check-order', [0.3, 1]);
			const answer = await context.awaitEvent(decision(params), {timeout: 80});
			await step(context, 'book', [0.3, 1]);
			return {answer};
		},
	},
	{
		queue: 'approvals',
		name: 'onboard-customer',
		every: 14,
		atStart: 3,
		options: {maxAttempts: 5},
		params: n => ({customer: `C-${800 + n}`, plan: n % 3 === 0 ? 'team' : 'solo'}),
		async handler(_params, context) {
			await step(context, 'create-account', [0.3, 1]);
			await context.sleepFor('day-1', 20);
			await step(context, 'send-tips', [0.2, 0.6]);
			await context.sleepFor('day-3', 40);
			await step(context, 'ask-feedback', [0.2, 0.6]);
			return {onboarded: true};
		},
	},
];
