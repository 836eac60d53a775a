import pg from 'pg';
import type {Row, SqlValue} from './statement.ts';
import {parserFor, type ValueParser} from './types.ts';

/** What came back for one message of a pipeline: rows, or the error as it was thrown. */
export type Reply =
	| {readonly kind: 'rows'; readonly rows: readonly Row[]}
	| {readonly kind: 'error'; readonly error: unknown};

/** What is sent: SQL that may be several commands, or one statement with its values and the name of its plan. */
export interface Asked {
	readonly text: string;
	/** One statement in the extended protocol, even without values: the simple one would take several. */
	readonly values?: readonly SqlValue[];
	/** The server keeps its plan under this name. */
	readonly name?: string | undefined;
}

/** A column of an answer. */
export interface Column {
	readonly name: string;
	readonly parse: ValueParser;
}

/** The columns that plans with a name answer. A plan whose columns have changed fails (0A000), and is made anew. */
export type KnownColumns = Map<string, readonly Column[]>;

/** What a query of pg calls on its connection; its types do not list it. */
interface Wire {
	readonly parsedStatements: object;
	readonly submittedNamedStatements: object;
	parse(message: object): void;
	bind(message: object): void;
	describe(message: object): void;
	execute(message: object): void;
	close(message: object): void;
	sync(): void;
}

/** The same connection for a query that need not be told its columns: with many of them they are most of the answer. */
function withoutDescribe(wire: Wire): Wire {
	return {
		parsedStatements: wire.parsedStatements,
		submittedNamedStatements: wire.submittedNamedStatements,
		parse: message => wire.parse(message),
		bind: message => wire.bind(message),
		describe: () => {},
		execute: message => wire.execute(message),
		close: message => wire.close(message),
		sync: () => wire.sync(),
	};
}

declare module 'pg' {
	interface Query {
		/** Sends a statement with its values in the extended protocol; pg's types do not list it. */
		prepare(connection: Wire): void;
	}
}

/**
 * A query as pg sends and answers it (it pipelines no others), that makes the rows of `types.ts` and nothing else. pg's
 * own makes descriptions, events and promises for each answer: an eighth of the processor's time that the program takes.
 */
export class AnsweredQuery extends pg.Query {
	readonly text: string;
	readonly name: string | undefined;
	readonly values: readonly SqlValue[] | undefined;
	readonly queryMode: 'extended' | undefined;
	readonly #known: KnownColumns;
	readonly #answer: (reply: Reply) => void;
	readonly #rows: Row[] = [];
	#columns: readonly Column[] = [];
	#broken: {readonly error: unknown} | undefined;

	constructor({text, values, name}: Asked, known: KnownColumns, answer: (reply: Reply) => void) {
		super(text);
		this.text = text;
		this.name = name;
		this.values = values;
		this.queryMode = values && 'extended';
		this.#known = known;
		this.#answer = answer;
	}

	override prepare(wire: Wire): void {
		const columns = this.name === undefined ? undefined : this.#known.get(this.name);
		this.#columns = columns ?? [];
		super.prepare(columns ? withoutDescribe(wire) : wire);
	}

	handleRowDescription({fields}: {readonly fields: readonly {readonly name: string; readonly dataTypeID: number}[]}) {
		this.#columns = fields.map(({name, dataTypeID}) => ({name, parse: parserFor(dataTypeID)}));
		if (this.name !== undefined) this.#known.set(this.name, this.#columns);
	}

	handleDataRow({fields}: {readonly fields: readonly (string | null)[]}): void {
		const row: Record<string, unknown> = {};
		let index = 0;
		try {
			for (const {name, parse} of this.#columns) {
				const value = fields[index++] ?? null;
				row[name] = value === null ? null : parse(value);
			}
		} catch (error) {
			this.#broken ??= {error};
		}
		this.#rows.push(row);
	}

	handleCommandComplete(): void {}

	handleError(error: unknown): void {
		this.#answer({kind: 'error', error: this.#broken?.error ?? error});
	}

	handleReadyForQuery(): void {
		this.#answer(this.#broken ? {kind: 'error', error: this.#broken.error} : {kind: 'rows', rows: this.#rows});
	}
}
