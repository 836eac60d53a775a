import {defaultAuditPath} from './audit/default-path.ts';
import {readProfile} from './config.ts';
import {flagName} from './flags.ts';
import type {Command, Job} from './headless/command.ts';
import {commands} from './headless/commands.ts';
import {commandHelpText, helpText} from './help.ts';
import {defaultBulkCap} from './monitor/bulk.ts';
import {taskKeys} from './monitor/filter/keys.ts';
import {unknownTerm} from './monitor/filter/match.ts';
import {parseFilter} from './monitor/filter/parse.ts';
import {rowKeys} from './monitor/filter/rows.ts';
import type {Filter, FilterError} from './monitor/filter/syntax.ts';
import type {Options} from './options.ts';
import {type ParsedArguments, parseArguments} from './parse-arguments.ts';
import {UsageError} from './usage-error.ts';

/** What the command line asks for. */
export type Invocation =
	| {readonly kind: 'run'; readonly options: Options}
	/** A subcommand. */
	| {readonly kind: 'command'; readonly options: Options; readonly job: Job}
	/** Print `text` to stdout and end with 0. */
	| {readonly kind: 'print'; readonly text: string};

/** Seconds. */
const defaultInterval = 2;

/** Intervals outside of these, in seconds, are typing errors. */
const intervalRange = {from: 0.1, to: 86_400};

function number(text: string | undefined, flag: string, from: number, to: number): number | undefined {
	if (text === undefined) return undefined;
	const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
	if (value >= from && value <= to) return value;
	throw new UsageError(`${flag} is "${text}"; it is a number from ${from} to ${to}.`);
}

function checkPort(text: string | undefined): string | undefined {
	// A list goes with a list of hosts.
	if (
		text === undefined ||
		text.split(',').every(each => /^\d+$/.test(each) && Number(each) >= 1 && Number(each) <= 65_535)
	)
		return text;
	throw new UsageError(`--port is "${text}"; a port is a number from 1 to 65535.`);
}

function databaseOf({input, values}: ParsedArguments): string | undefined {
	const [first, second] = input;
	const flag = values.get('database');
	if (second !== undefined) throw new UsageError(`There is one argument DATABASE, and "${second}" is a second one.`);
	if (first !== undefined && flag !== undefined)
		throw new UsageError(
			`The database is named twice: as an argument, "${first}", and with --database. Leave one out; absurd-top --help lists the commands.`,
		);
	if (first === '') throw new UsageError('The argument DATABASE is empty.');
	return first ?? flag;
}

/** On unless it plainly says no: a wall that somebody meant to build must not fall to a spelling. */
function saysYes(text: string | undefined): boolean {
	return text !== undefined && !['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase());
}

function headless(switches: ReadonlySet<string>, count: number | undefined, terminal: boolean): Options['once'] {
	if (switches.has('json') && switches.has('csv')) throw new UsageError('--json and --csv exclude each other.');
	if (switches.has('json')) return 'json';
	if (switches.has('csv')) return 'csv';
	return switches.has('once') || count !== undefined || !terminal ? 'text' : false;
}

function countOf(text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw new UsageError(`--count is "${text}"; it is a whole number from 1.`);
}

/** A filter that `--once` can answer from what it reads anyway. */
function checkFilter(text: string | undefined, once: Options['once']): string | undefined {
	if (text === undefined) return undefined;
	if (once === false) throw new UsageError('--filter goes with --once, --json or --csv; on the screen / asks for one.');
	const filter = parseFilter(text);
	const {error = unknownIn(filter, once === 'csv' ? 'queues' : 'failures')} = filter;
	if (error === undefined) return text;
	throw new UsageError(`--filter, at ${error.from + 1} “${text.slice(error.from, error.to)}”: ${error.sentence}`);
}

/** A term that asks for what these rows do not have. */
function unknownIn(
	filter: Filter,
	rows: 'queues' | 'failures',
): Pick<FilterError, 'from' | 'to' | 'sentence'> | undefined {
	const term = unknownTerm(filter, rowKeys[rows]);
	if (term === undefined) return undefined;
	const sentence =
		rows === 'queues'
			? `--csv prints queues, and they have no ${term.asks}; queue: and plain words narrow them.`
			: `claims and failures have no ${term.asks}${taskKeys.has(term.asks) ? '; the Tasks screen can look for it' : ''}.`;
	return {...term, sentence};
}

/** The demo brings a database that is gone afterwards: its actions are worth no record. */
function auditOf({values, switches}: ParsedArguments, environment: NodeJS.ProcessEnv): string | undefined {
	const file = values.get('audit');
	if (file === '') throw new UsageError('--audit names no file.');
	if (file !== undefined && switches.has('noAudit')) throw new UsageError('--audit and --no-audit exclude each other.');
	if (switches.has('noAudit') || (file === undefined && switches.has('demo'))) return undefined;
	return file ?? defaultAuditPath(environment);
}

function checkDemo(options: Options, profile: string | undefined): void {
	if (!options.demo) return;
	const {database, host, port, user} = options;
	const named = Object.entries({profile, database, host, port, user}).find(([, value]) => value !== undefined);
	if (named) throw new UsageError(`--demo brings its own database; leave ${flagName(named[0])} out.`);
}

/** `acts` = a subcommand that acts; what only prints keeps no record, and so makes no file. */
function optionsOf(
	parsed: ParsedArguments,
	environment: NodeJS.ProcessEnv,
	terminal: boolean,
	acts?: boolean,
): Options {
	const {values, lists, switches} = parsed;
	const seconds = number(values.get('interval'), '--interval', intervalRange.from, intervalRange.to);
	const count = countOf(values.get('count'));
	const once = headless(switches, count, terminal);
	const recorded = acts ?? once === false;
	const profile = readProfile(values.get('profile'), environment);
	return {
		database: databaseOf(parsed) ?? profile.database,
		host: values.get('host'),
		port: checkPort(values.get('port')),
		user: values.get('user'),
		queues: [...new Set(lists.get('queue') ?? profile.queues ?? [])],
		interval: Math.round((seconds ?? profile.interval ?? defaultInterval) * 1000),
		readOnly: switches.has('readOnly') || profile.readOnly === true || saysYes(environment['ABSURD_TOP_READ_ONLY']),
		bulkCap: number(values.get('bulkCap'), '--bulk-cap', 1, 100_000) ?? defaultBulkCap,
		audit: recorded ? auditOf(parsed, environment) : undefined,
		demo: switches.has('demo'),
		once,
		count: count ?? 1,
		filter: checkFilter(values.get('filter'), once),
		ascii: switches.has('ascii'),
		colour: !switches.has('noColor') && (environment['NO_COLOR'] ?? '') === '',
		utc: switches.has('utc'),
		label: values.get('label') ?? profile.label,
		labelColour: profile.colour,
		savedFilters: Object.entries(profile.filters ?? {}).map(([name, filter]) => ({name, filter})),
		maxDbMs: number(values.get('maxDbMs'), '--max-db-ms', 1, 1000),
		debugLog: values.get('debugLog'),
	};
}

function readCommand(command: Command, argv: readonly string[], environment: NodeJS.ProcessEnv): Invocation {
	const parsed = parseArguments(
		argv,
		command.groups.flatMap(({flags}) => flags),
		`absurd-top ${command.name} --help`,
	);
	if (parsed.switches.has('help')) return {kind: 'print', text: commandHelpText(command)};
	const job = command.prepare(command.takesDatabase ? {...parsed, input: []} : parsed);
	const named = command.takesDatabase ? parsed : {...parsed, input: []};
	return {kind: 'command', options: optionsOf(named, environment, true, command.acts === true), job};
}

/** The subcommand that a command line begins with. */
export function commandOf(argv: readonly string[]): Command | undefined {
	return commands.find(({name}) => name === argv[0]);
}

/**
 * Reads command line and environment. `terminal` = stdout is one; elsewhere the overview is printed once. Throws a
 * UsageError with one sentence.
 */
export function readOptions(argv: readonly string[], environment: NodeJS.ProcessEnv, terminal: boolean): Invocation {
	const command = commandOf(argv);
	if (command) return readCommand(command, argv.slice(1), environment);
	const parsed = parseArguments(argv);
	if (parsed.switches.has('help')) return {kind: 'print', text: helpText(commands)};
	if (parsed.switches.has('version'))
		return {kind: 'print', text: `absurd-top ${process.env['ABSURD_TOP_VERSION'] ?? 'development'}\n`};
	const options = optionsOf(parsed, environment, terminal);
	checkDemo(options, parsed.values.get('profile'));
	return {kind: 'run', options};
}
