/** One flag as parser and help know it. */
export interface Flag {
	/** camelCase, as in the parsed result. */
	readonly key: string;
	readonly short?: string;
	/** What its value is called in the help; a flag without one is on or off. */
	readonly value?: string;
	readonly multiple?: boolean;
	readonly help: string;
}

/** A group of flags under its heading in the help. */
export interface FlagGroup {
	readonly title: string;
	readonly flags: readonly Flag[];
}

/** All flags of the program: the parser and `--help` are made from this table. */
export const flagGroups: readonly FlagGroup[] = [
	{
		title: 'Connection',
		flags: [
			{key: 'database', short: 'd', value: 'DATABASE', help: 'the same as the argument DATABASE'},
			{key: 'host', short: 'h', value: 'HOST', help: "server's host, or the directory of its socket"},
			{key: 'port', short: 'p', value: 'PORT', help: "server's port"},
			{key: 'user', short: 'U', value: 'USER', help: 'user to connect as'},
			{key: 'readOnly', help: 'look only: nothing in the program can write'},
			{key: 'bulkCap', value: 'N', help: 'tasks that one bulk retry or cancel takes at most (default 1000)'},
			{key: 'demo', help: 'bring an embedded database with live workers'},
		],
	},
	{
		title: 'What is shown',
		flags: [
			{key: 'queue', short: 'q', value: 'QUEUE', multiple: true, help: 'only this queue; may be given several times'},
			{key: 'interval', short: 'i', value: 'SECONDS', help: 'time between two readings (default 2)'},
			{key: 'maxDbMs', value: 'N', help: 'server time to use at most, milliseconds a second'},
			{key: 'label', value: 'NAME', help: 'short name of this environment, shown in header and dialogs'},
			{key: 'utc', help: "show instants in UTC instead of the terminal's time zone"},
		],
	},
	{
		title: 'Output',
		flags: [
			{key: 'once', help: 'print the overview once and end; so does an output that is no terminal'},
			{key: 'json', help: 'print it once as JSON'},
			{
				key: 'filter',
				value: 'FILTER',
				help: "with --once: only what passes, as in 'name:send-* age>10m'",
			},
			{key: 'ascii', help: 'ASCII characters only'},
			{key: 'noColor', help: 'no colours; so does NO_COLOR'},
			{key: 'debugLog', value: 'FILE', help: 'write errors and warnings of the program to FILE'},
			{key: 'help', help: 'show this and end'},
			{key: 'version', help: 'show the version and end'},
		],
	},
];

/** The flag as it is typed: `--max-db-ms`. */
export function flagName(key: string): string {
	return `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

function line({key, short, value, help}: Flag): string {
	const name = `${short === undefined ? '   ' : `-${short},`} ${flagName(key)}${value === undefined ? '' : ` ${value}`}`;
	return `  ${name.padEnd(26)}  ${help}`;
}

/** The text of `--help`; fits 100 columns. */
export function helpText(): string {
	const groups = flagGroups.map(({title, flags}) => `${title}\n${flags.map(line).join('\n')}`);
	return `absurd-top: a live terminal monitor for Absurd, durable execution in Postgres

Usage
  absurd-top [DATABASE] [-h HOST] [-p PORT] [-U USER] [-q QUEUE]... [-i SECONDS] [--read-only]
  absurd-top [DATABASE] --once | --json
  absurd-top --demo

DATABASE is a URL (postgresql://user@host:port/name?sslmode=verify-full), a connection string
(host=db1 dbname=jobs) or a name. Without it: ABSURD_DATABASE_URL, PGSERVICE, PGDATABASE, else the
name absurd.
Host, port, user, password and TLS follow libpq, as in psql: PGHOST, PGPORT, PGUSER, PGSSLMODE and
the rest, service files, PGPASSWORD, ~/.pgpass; else the password is asked for.

${groups.join('\n\n')}

Environment
  ABSURD_DATABASE_URL         which database, when none is named
  ABSURD_TOP_READ_ONLY=1      the same as --read-only

Exit codes: 0 fine, 1 failed, 2 wrong usage, 128 + n ended by signal n.
`;
}
