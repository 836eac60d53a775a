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

const connection: readonly Flag[] = [
	{key: 'database', short: 'd', value: 'DATABASE', help: 'which database: a URL, a connection string or a name'},
	{key: 'host', short: 'h', value: 'HOST', help: "server's host, or the directory of its socket"},
	{key: 'port', short: 'p', value: 'PORT', help: "server's port"},
	{key: 'user', short: 'U', value: 'USER', help: 'user to connect as'},
	{key: 'profile', value: 'NAME', help: 'what the configuration file says under that name'},
];

const queue: Flag = {
	key: 'queue',
	short: 'q',
	value: 'QUEUE',
	multiple: true,
	help: 'only this queue; may be given several times',
};

const help: Flag = {key: 'help', help: 'show this and end'};
const ascii: Flag = {key: 'ascii', help: 'ASCII characters only'};

const audit: readonly Flag[] = [
	{key: 'audit', value: 'FILE', help: 'record actions in FILE (default: in ~/.local/state/absurd-top)'},
	{key: 'noAudit', help: 'record actions nowhere; the demo has no record either'},
];

const bulkCap: Flag = {
	key: 'bulkCap',
	value: 'N',
	help: 'tasks that one bulk retry or cancel takes at most (default 1000)',
};

/** What subcommands take. */
export const commandFlags = {connection, queue, help, ascii, audit, bulkCap};

/** All flags of the program itself: the parser, `--help`, the manual page and the completions are made from this table. */
export const flagGroups: readonly FlagGroup[] = [
	{
		title: 'Connection',
		flags: [
			...connection,
			{key: 'readOnly', help: 'look only: nothing in the program can write'},
			bulkCap,
			...audit,
			{key: 'demo', help: 'bring an embedded database with live workers'},
		],
	},
	{
		title: 'What is shown',
		flags: [
			queue,
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
			{key: 'csv', help: 'print its queues once as CSV'},
			{key: 'count', short: 'n', value: 'COUNT', help: 'print so many readings, one every interval'},
			ascii,
			{key: 'noColor', help: 'no colours; so does NO_COLOR'},
			{key: 'debugLog', value: 'FILE', help: 'write errors and warnings of the program to FILE'},
			help,
			{key: 'version', help: 'show the version and end'},
		],
	},
];

/** The flag as it is typed: `--max-db-ms`. */
export function flagName(key: string): string {
	return `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

function title({key, short, value}: Flag): string {
	return `${short === undefined ? '   ' : `-${short},`} ${flagName(key)}${value === undefined ? '' : ` ${value}`}`;
}

/** Flags under their headings, as the help shows them. */
export function flagLines(groups: readonly FlagGroup[]): string {
	const width = Math.max(26, ...groups.flatMap(({flags}) => flags.map(flag => title(flag).length)));
	const line = (flag: Flag) => `  ${title(flag).padEnd(width)}  ${flag.help}`;
	return groups.map(({title: heading, flags}) => `${heading}\n${flags.map(line).join('\n')}`).join('\n\n');
}
