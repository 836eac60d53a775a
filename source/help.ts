import {type FlagGroup, flagGroups, flagLines} from './flags.ts';

/** What the help says about a subcommand. */
export interface CommandHelp {
	readonly name: string;
	/** What follows its name: `ID`. */
	readonly usage: string;
	/** A line in the program's help. */
	readonly summary: string;
	/** Paragraphs of its own help. */
	readonly notes: readonly string[];
	readonly groups: readonly FlagGroup[];
}

/** Environment variables of our own, for help and manual page. */
export const environmentHelp: ReadonlyArray<readonly [name: string, help: string]> = [
	['ABSURD_DATABASE_URL', 'which database, when none is named'],
	['ABSURD_TOP_READ_ONLY=1', 'the same as --read-only'],
	['ABSURD_TOP_CONFIG', 'the configuration file; else ~/.config/absurd-top/config.json'],
	['NO_COLOR=1', 'no colours'],
];

const pair = ([name, text]: readonly [string, string]): string => `  ${name.padEnd(26)}  ${text}`;

/** The text of `--help`; fits 100 columns. */
export function helpText(commands: readonly CommandHelp[]): string {
	return `absurd-top: a live terminal monitor for Absurd, durable execution in Postgres

Usage
  absurd-top [DATABASE] [-h HOST] [-p PORT] [-U USER] [-q QUEUE]... [-i SECONDS] [--read-only]
  absurd-top [DATABASE] --once | --json | --csv  [-n COUNT]
  absurd-top COMMAND ...
  absurd-top --demo

DATABASE is a URL (postgresql://user@host:port/name?sslmode=verify-full), a connection string
(host=db1 dbname=jobs) or a name. Without it: the profile, ABSURD_DATABASE_URL, PGSERVICE,
PGDATABASE, else the name absurd.
Host, port, user, password and TLS follow libpq, as in psql: PGHOST, PGPORT, PGUSER, PGSSLMODE and
the rest, service files, PGPASSWORD, ~/.pgpass; else the password is asked for.

Commands (absurd-top COMMAND --help tells more; a database of such a name is reached with -d)
${commands.map(({name, usage, summary}) => pair([`${name} ${usage}`.trim(), summary])).join('\n')}

${flagLines(flagGroups)}

Environment
${environmentHelp.map(pair).join('\n')}

Exit codes: 0 fine, 1 failed, 2 wrong usage, 128 + n ended by signal n.
`;
}

/** Breaks a paragraph between words. */
function wrapped(paragraph: string): string {
	return paragraph.split(/\s+/).reduce((text, word) => {
		const line = text.slice(text.lastIndexOf('\n') + 1);
		return `${text}${line === '' ? '' : line.length + word.length < 98 ? ' ' : '\n'}${word}`;
	}, '');
}

/** The text of `absurd-top COMMAND --help`; fits 100 columns. */
export function commandHelpText({name, usage, summary, notes, groups}: CommandHelp): string {
	return `absurd-top ${name}: ${summary}

Usage
  absurd-top ${name} ${usage} [-d DATABASE] [-h HOST] [-p PORT] [-U USER] ...

${notes.map(wrapped).join('\n')}

${flagLines(groups)}
`;
}
