import type {Connection} from '../connection.ts';
import type {CommandHelp} from '../help.ts';
import type {Options} from '../options.ts';
import type {ParsedArguments} from '../parse-arguments.ts';

/** What a subcommand works with. */
export interface CommandTools {
	/** Planned, but not opened: that it cannot be opened is something to report. The caller closes it. */
	readonly connection: Connection;
	readonly options: Options;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
}

/** Does what a subcommand's line asks for; answers the exit code. Rejects with a sentence when it failed. */
export type Job = (tools: CommandTools) => Promise<number>;

/** A subcommand: the word in front of the command line. */
export interface Command extends CommandHelp {
	/** Its only argument may be DATABASE; else the arguments are its own and the database is named by -d. */
	readonly takesDatabase: boolean;
	/** It may change what is in the database, so a record of it is kept. */
	readonly acts?: boolean;
	/** Checks the command line. Throws a UsageError. */
	prepare(parsed: ParsedArguments): Job;
	/** How an error is reported; where it is left out: a sentence on stderr, and 2 for wrong usage, 1 for the rest. */
	report?(sentence: string): {readonly stdout: string; readonly code: number};
}
