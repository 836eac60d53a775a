import type {QueryConfig, QueryResult} from 'pg';
import type {PipelineClient} from './client.ts';
import type {PipelineReplies, Reply} from './pipeline.ts';
import type {Row, SqlValue, Statement} from './statement.ts';

/** What came back for the three messages of one transaction. */
export interface BatchReply {
	readonly opening: Reply;
	readonly statement: Reply;
	readonly closing: Reply;
}

interface ExtendedQuery extends QueryConfig<SqlValue[]> {
	queryMode: 'extended';
}

function settle(promise: Promise<QueryResult<Row>>): Promise<Reply> {
	return promise.then(
		({rows}): Reply => ({kind: 'rows', rows}),
		(error: unknown): Reply => ({kind: 'error', error}),
	);
}

/**
 * Sends one transaction for each statement, all in one write, and waits for all answers; `answered` is called with each
 * transaction that is answered. Never rejects.
 */
export async function runBatch(
	client: PipelineClient,
	opening: string,
	statements: readonly Statement[],
	answered: () => void,
): Promise<readonly BatchReply[]> {
	const {stream} = client.connection;
	stream.cork();
	const sent = statements.map(({text, values}) => {
		const query: ExtendedQuery = {text, values: [...values], queryMode: 'extended'};
		return [
			settle(client.query<Row>(opening)),
			settle(client.query<Row>(query)),
			settle(client.query<Row>('commit')),
		] as const;
	});
	stream.uncork();
	return Promise.all(
		sent.map(async ([begin, statement, commit]) => {
			const replies = {opening: await begin, statement: await statement, closing: await commit};
			answered();
			return replies;
		}),
	);
}

const nothing: Reply = {kind: 'rows', rows: []};

/** The replies of a batch in the form in which a line looks for the end of its connection. */
export function repliesOf(batch: readonly BatchReply[]): PipelineReplies {
	const statements = batch.flatMap(({opening, statement, closing}) => [opening, statement, closing]);
	return {opening: nothing, statements, closing: nothing, arrivals: []};
}
