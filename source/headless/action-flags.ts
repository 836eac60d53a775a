import {commandFlags, type FlagGroup} from '../flags.ts';
import {defaultBulkRate} from '../monitor/bulk.ts';
import type {ParsedArguments} from '../parse-arguments.ts';
import {UsageError} from '../usage-error.ts';
import type {Manner} from './act.ts';
import {readAll} from './ask.ts';

const {connection, queue, help, bulkCap, audit: auditFlags} = commandFlags;

/** The flags that every action has. */
export const actionGroups: readonly FlagGroup[] = [
	{
		title: 'Doing it',
		flags: [
			{key: 'dryRun', help: 'only say what would happen'},
			{key: 'yes', help: 'do it without asking'},
			{key: 'reason', value: 'TEXT', help: 'why, for the record of actions'},
			{key: 'json', help: 'print what was done (or would be) as JSON'},
			...auditFlags,
			help,
		],
	},
	{
		title: 'Connection and rest',
		flags: [
			...connection,
			queue,
			{key: 'label', value: 'NAME', help: 'short name of this environment, for the question'},
		],
	},
];

/** Flags of actions on several tasks. */
export const bulkGroup: FlagGroup = {
	title: 'Many',
	flags: [bulkCap, {key: 'rate', value: 'N', help: `tasks a second at most (default ${defaultBulkRate})`}],
};

/** Tasks a second at most. Throws a UsageError. */
export function rateOf({values}: ParsedArguments): number {
	return wholeNumber(values.get('rate'), '--rate') ?? defaultBulkRate;
}

/** A whole number from 1; undefined where none is given. Throws a UsageError. */
export function wholeNumber(text: string | undefined, flag: string): number | undefined {
	if (text === undefined) return undefined;
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw new UsageError(`${flag} is "${text}"; it is a whole number from 1.`);
}

/** The manner that was asked for. Throws a UsageError. */
export function mannerOf({switches, values}: ParsedArguments): Manner {
	const manner = {
		dryRun: switches.has('dryRun'),
		yes: switches.has('yes'),
		json: switches.has('json'),
		reason: values.get('reason'),
	};
	if (manner.dryRun && manner.yes) throw new UsageError('--dry-run and --yes exclude each other.');
	return manner;
}

/** The one queue of an action that makes something. Throws a UsageError. */
export function queueOf({lists}: ParsedArguments, name: string): string {
	const [first, second] = lists.get('queue') ?? [];
	if (first === undefined || second !== undefined) throw new UsageError(`${name} needs one queue: -q QUEUE.`);
	return first;
}

/** The only argument. Throws a UsageError. */
export function onlyArgument({input}: ParsedArguments, name: string, what: string): string {
	const [first, second] = input;
	if (first === undefined || first === '') throw new UsageError(`${name} needs ${what}.`);
	if (second !== undefined) throw new UsageError(`${name} takes one argument, and "${second}" is a second one.`);
	return first;
}

/** JSON as it was typed, so that every digit survives; `-` where it is to be read. Throws a UsageError. */
export function jsonText({values}: ParsedArguments, key: string, flag: string): string | undefined {
	const text = values.get(key);
	return text === undefined || text === '-' ? text : checkJson(text, flag);
}

/** The JSON that was typed, or what stands on standard input in place of `-`. Rejects with a UsageError. */
export async function readJson(text: string, flag: string, stdin: NodeJS.ReadStream): Promise<string> {
	return text === '-' ? checkJson((await readAll(stdin)).trim(), flag) : text;
}

function checkJson(text: string, flag: string): string {
	try {
		JSON.parse(text);
		return text;
	} catch (error) {
		throw new UsageError(`${flag} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
			cause: error,
		});
	}
}
