import {AnsweredQuery, type Asked, type Reply} from './answered-query.ts';
import type {PipelineClient} from './client.ts';
import type {Statement} from './statement.ts';

export interface PipelineInput {
	/** Simple queries before the transaction: names for the server to forget. */
	readonly before: readonly string[];
	readonly opening: string;
	readonly statements: ReadonlyArray<{readonly statement: Statement; readonly name: string | undefined}>;
	/** Sent after each statement. */
	readonly between: string | undefined;
}

export interface PipelineReplies {
	/** Of the message that opens the transaction. */
	readonly opening: Reply;
	/** One for each statement. */
	readonly statements: readonly Reply[];
	readonly closing: Reply;
	/** When the answer of each statement arrived, on the clock of `performance.now()`. */
	readonly arrivals: readonly number[];
}

function send(client: PipelineClient, asked: Asked): Promise<Reply> {
	return new Promise(resolve => {
		client.query(new AnsweredQuery(asked, client.columns, resolve));
	});
}

/** Sends SQL of our own, which may be several commands. Never rejects. */
export function sendText(client: PipelineClient, text: string): Promise<Reply> {
	return send(client, {text});
}

/** Sends one statement with its values. Never rejects. */
export function sendStatement(client: PipelineClient, {text, values}: Statement, name?: string): Promise<Reply> {
	return send(client, {text, values, name});
}

/** Sends a whole transaction in one write and waits for all its answers. Never rejects. */
export async function runPipeline(client: PipelineClient, input: PipelineInput): Promise<PipelineReplies> {
	const {stream} = client.connection;
	const simple = (text: string) => sendText(client, text);
	stream.cork();
	const before = input.before.map(simple);
	const opening = simple(input.opening);
	const between: Promise<Reply>[] = [];
	const arrivals: number[] = [];
	const statements = input.statements.map(async ({statement, name}, index) => {
		const reply = sendStatement(client, statement, name);
		if (input.between !== undefined) between.push(simple(input.between));
		const answer = await reply;
		arrivals[index] = performance.now();
		return answer;
	});
	const closing = simple('commit');
	stream.uncork();
	await Promise.all([...before, ...between]);
	return {opening: await opening, statements: await Promise.all(statements), closing: await closing, arrivals};
}
