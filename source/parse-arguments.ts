import meow from 'meow';
import {type Flag, flagGroups} from './flags.ts';
import {spellArguments} from './spell-arguments.ts';

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

/** `--no-color` reaches meow as the flag `color` that was switched off. */
function negated(key: string): string | undefined {
	const name = /^no([A-Z].*)$/.exec(key)?.[1];
	return name === undefined ? undefined : name.charAt(0).toLowerCase() + name.slice(1);
}

function declaration({key, value, multiple}: Flag) {
	if (value === undefined) return [negated(key) ?? key, {type: 'boolean' as const}] as const;
	return [key, {type: 'string' as const, isMultiple: multiple === true}] as const;
}

/**
 * Takes a command line apart by the table of flags. Throws a UsageError for an unknown flag, a missing value or a flag
 * given twice. `help` = the command line that lists the flags.
 */
export function parseArguments(
	argv: readonly string[],
	flags: readonly Flag[] = flagGroups.flatMap(group => group.flags),
	help?: string,
): ParsedArguments {
	const {input, flags: found} = meow({
		importMeta: import.meta,
		argv: spellArguments(argv, flags, help),
		// Help, version and every sentence about wrong usage are ours, with our exit codes.
		autoHelp: false,
		autoVersion: false,
		description: false,
		pkg: {name: 'absurd-top'},
		// Where `--audit FILE` takes a value, `--no-audit` needs no declaration of its own.
		flags: Object.fromEntries(
			flags
				.filter(({key}) => !flags.some(other => other.value !== undefined && other.key === negated(key)))
				.map(declaration),
		),
		booleanDefault: undefined,
	});
	const values = new Map<string, string>();
	const lists = new Map<string, readonly string[]>();
	const switches = new Set<string>();
	for (const {key} of flags) {
		const opposite = negated(key);
		const value: unknown = opposite === undefined ? found[key] : found[opposite] === false;
		if (typeof value === 'string') values.set(key, value);
		else if (Array.isArray(value) && value.length > 0) lists.set(key, value.map(String));
		else if (value === true) switches.add(key);
	}
	return {input: input.map(String), values, lists, switches};
}
