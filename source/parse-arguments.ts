import {parseArgs} from 'node:util';
import {type Flag, flagGroups, flagName} from './flags.ts';
import {UsageError} from './usage-error.ts';

/** A command line taken apart; keys are those of the table of flags. */
export interface ParsedArguments {
	/** What is no flag. */
	readonly input: readonly string[];
	readonly values: ReadonlyMap<string, string>;
	/** Of flags that may be given several times. */
	readonly lists: ReadonlyMap<string, readonly string[]>;
	/** The flags without a value that were given. */
	readonly switches: ReadonlySet<string>;
}

const flags = flagGroups.flatMap(group => group.flags);
const byName = new Map(flags.map(flag => [flagName(flag.key).slice(2), flag]));

const declared = Object.fromEntries(
	flags.map(({key, short, value}) => [
		flagName(key).slice(2),
		{type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short === undefined ? {} : {short})},
	]),
);

interface OptionToken {
	readonly rawName: string;
	readonly value: string | undefined;
	readonly inlineValue: boolean | undefined;
}

/** The value of a flag that takes one, undefined for one that does not. */
function flagValue({rawName, value, inlineValue}: OptionToken, flag: Flag): string | undefined {
	if (flag.value === undefined) {
		if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
		return undefined;
	}
	if (value === undefined || value === '' || (!inlineValue && value.startsWith('-')))
		throw new UsageError(`${rawName} needs a value (${flag.value}).`);
	return value;
}

/** Takes a command line apart. Throws a UsageError for an unknown flag, a missing value or a flag given twice. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
	const input: string[] = [];
	const values = new Map<string, string>();
	const lists = new Map<string, readonly string[]>();
	const switches = new Set<string>();
	// Not strict: its messages are of Node, and it takes `-h --json` for a host. The tokens tell everything.
	const {tokens} = parseArgs({args: [...argv], options: declared, strict: false, tokens: true, allowPositionals: true});
	for (const token of tokens) {
		if (token.kind === 'positional') input.push(token.value);
		if (token.kind !== 'option') continue;
		const flag = byName.get(token.name);
		if (!flag) throw new UsageError(`There is no flag ${token.rawName}; absurd-top --help lists them.`);
		const value = flagValue(token, flag);
		if (value === undefined) {
			switches.add(flag.key);
			continue;
		}
		if (flag.multiple) lists.set(flag.key, [...(lists.get(flag.key) ?? []), value]);
		else if (values.has(flag.key)) throw new UsageError(`${token.rawName} is given twice; give it once.`);
		else values.set(flag.key, value);
	}
	return {input, values, lists, switches};
}
