import type {QueryConfig, QueryResult} from 'pg';
import type {PipelineClient} from './client.ts';
import type {Row, SqlValue, Statement} from './statement.ts';

/** What came back for one message of a pipeline: rows, or the error as it was thrown. */
export type Reply =
	| {readonly kind: 'rows'; readonly rows: readonly Row[]}
	| {readonly kind: 'error'; readonly error: unknown};

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

/** pg knows `queryMode`, its types do not. */
interface ExtendedQuery extends QueryConfig<SqlValue[]> {
	queryMode: 'extended';
}

/** An answer that is awaited without being thrown. */
function settle(promise: Promise<QueryResult<Row>>): Promise<Reply> {
	return promise.then(
		({rows}): Reply => ({kind: 'rows', rows}),
		(error: unknown): Reply => ({kind: 'error', error}),
	);
}

/** Sends SQL of our own, which may be several commands. Never rejects. */
export function sendText(client: PipelineClient, text: string): Promise<Reply> {
	return settle(client.query<Row>(text));
}

/** Sends one statement with its values. Never rejects. */
export function sendStatement(client: PipelineClient, {text, values}: Statement, name?: string): Promise<Reply> {
	// Extended even without values: the simple protocol would take several statements in one text.
	const query: ExtendedQuery = {text, values: [...values], queryMode: 'extended'};
	if (name !== undefined) query.name = name;
	return settle(client.query<Row>(query));
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
