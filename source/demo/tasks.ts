import type {JsonObject, SpawnOptions} from 'absurd-sdk';

/** An error that a step ends with in some of its executions. */
export interface FailureSpec {
	/** Share of the executions, 0 to 1. */
	readonly share: number;
	readonly name: string;
	readonly message: string;
	/** A line of a stack. */
	readonly at: string;
}

export interface StepSpec {
	/** Its checkpoint; undefined when nothing is saved. The same name again becomes `name#2`. */
	readonly name: string | undefined;
	/** Shortest and longest time it takes, seconds. */
	readonly seconds: readonly [number, number];
	readonly failure?: FailureSpec;
}

/** A kind of task: what a worker does with it, and how often it is spawned. Its history is made from the same facts. */
export interface TaskSpec {
	readonly queue: string;
	readonly name: string;
	readonly steps: readonly StepSpec[];
	/** Mean seconds between two spawns. */
	readonly every: number;
	/** Spawned only in the first seconds of each period of so many seconds. */
	readonly burst?: {readonly seconds: number; readonly period: number};
	readonly options: SpawnOptions & {readonly maxAttempts: number};
	/** Parameters of the n-th task. */
	readonly params: (n: number) => JsonObject;
}

const llmTimeout: FailureSpec = {
	share: 0.1,
	name: 'TimeoutError',
	message: 'LLM call timed out after 30000 ms (model large-2)',
	at: 'callModel (/srv/agents/src/model.ts:61:13)',
};

const topics = ['heat pumps', 'container ports', 'grid storage', 'cold chains', 'desalination', 'rail freight'];

const agentRetry = {kind: 'exponential', baseSeconds: 5, factor: 2, maxSeconds: 60} as const;

/** Tasks that are a list of steps. What needs sleeps, events or other tasks is in `flows.ts`. */
export const tasks: readonly TaskSpec[] = [
	{
		queue: 'agents',
		name: 'run-agent',
		every: 5,
		steps: [
			{name: 'plan', seconds: [1.5, 4]},
			{name: 'search', seconds: [3, 8], failure: llmTimeout},
			{name: 'search', seconds: [3, 8], failure: llmTimeout},
			{name: 'rank', seconds: [1, 3]},
			{name: 'summarize', seconds: [4, 9]},
		],
		options: {maxAttempts: 5, retryStrategy: agentRetry},
		params: n => ({
			prompt: `Compare the three newest offers for ${topics[n % topics.length]} and say which one to take.`,
			model: 'large-2',
			temperature: 0.2,
			user: {id: 4_711_000 + n, locale: 'en-GB'},
		}),
	},
	{
		queue: 'crawl',
		name: 'fetch-page',
		every: 3,
		steps: [
			{
				name: undefined,
				seconds: [0.2, 1.6],
				failure: {
					share: 0.15,
					name: 'FetchError',
					message: 'GET https://example.com/offers answered 503 Service Unavailable',
					at: 'fetchPage (/srv/crawl/src/fetch.ts:27:9)',
				},
			},
		],
		options: {maxAttempts: 4, retryStrategy: {kind: 'exponential', baseSeconds: 4, factor: 2, maxSeconds: 60}},
		params: n => ({url: `https://example.com/offers?page=${n}`, depth: n % 4}),
	},
	{
		queue: 'mail',
		name: 'send-receipt',
		every: 1.8,
		steps: [{name: undefined, seconds: [0.1, 0.7]}],
		options: {maxAttempts: 5},
		params: n => ({
			to: `customer-${n}@example.com`,
			order: `R-${20_000 + n}`,
			amount: {value: '49.90', currency: 'EUR'},
		}),
	},
	{
		queue: 'mail',
		name: 'send-invoice',
		every: 20,
		steps: [
			{
				name: undefined,
				seconds: [0.2, 0.9],
				failure: {
					share: 1,
					name: 'SMTPServerDisconnected',
					message: "Connection unexpectedly closed: mailbox 'billing@example.com' unavailable (451 4.3.0)",
					at: 'SmtpClient.send (/srv/mail/src/smtp.ts:88:11)',
				},
			},
		],
		options: {maxAttempts: 5, retryStrategy: {kind: 'fixed', baseSeconds: 7}},
		params: n => ({to: 'billing@example.com', invoice: `2026-${String(n).padStart(5, '0')}`, pdf: `invoices/${n}.pdf`}),
	},
	{
		queue: 'reports',
		name: 'render-report',
		every: 8,
		steps: [
			{name: 'collect', seconds: [1, 3]},
			{name: 'render', seconds: [2, 5]},
			{name: 'upload', seconds: [0.5, 1.5]},
		],
		options: {maxAttempts: 3, retryStrategy: {kind: 'fixed', baseSeconds: 10}},
		params: n => ({report: ['revenue', 'churn', 'usage'][n % 3] ?? 'usage', month: '2026-10', format: 'pdf'}),
	},
	{
		queue: 'transcode',
		name: 'transcode-video',
		every: 2,
		burst: {seconds: 85, period: 160},
		steps: [
			{name: 'probe', seconds: [0.5, 1]},
			{name: 'encode', seconds: [4, 8]},
		],
		// What nobody took for 10 minutes is cancelled: on a slow machine the backlog stays bounded.
		options: {maxAttempts: 3, cancellation: {maxDelay: 600}},
		params: n => ({source: `uploads/${n}.mov`, preset: n % 5 === 0 ? '2160p' : '1080p'}),
	},
];
