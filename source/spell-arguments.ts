import {type Flag, flagName} from './flags.ts';
import {UsageError} from './usage-error.ts';

/** What a word of the command line is: the flag that it names, and the value that stands in the same word. */
interface Named {
	/** As it was typed: `--host`, `-h`. */
	readonly typed: string;
	readonly flag: Flag;
	readonly inline: string | undefined;
}

function unknown(typed: string, help: string): UsageError {
	return new UsageError(`There is no flag ${typed}; ${help} lists them.`);
}

function long(word: string, flags: readonly Flag[], help: string): Named {
	const end = word.indexOf('=');
	const typed = end === -1 ? word : word.slice(0, end);
	const flag = flags.find(({key}) => flagName(key) === typed);
	if (!flag) throw unknown(typed, help);
	return {typed, flag, inline: end === -1 ? undefined : word.slice(end + 1)};
}

/** `-h db1`, `-hdb1` and `-h=db1`; several letters in one word are a flag and its value. */
function short(word: string, flags: readonly Flag[], help: string): Named {
	const typed = word.slice(0, 2);
	const flag = flags.find(each => each.short === typed.slice(1));
	if (!flag) throw unknown(typed, help);
	const rest = word.slice(2);
	return {typed, flag, inline: rest === '' ? undefined : rest.replace(/^=/, '')};
}

/** The parser takes one pair of quotes off a value: one more keeps those that were meant (a text in JSON). */
function quoted(value: string): string {
	const [mark] = value;
	return (mark === '"' || mark === "'") && value.endsWith(mark) ? `${mark}${value}${mark}` : value;
}

/** The value of a flag that takes one: from the same word, or the next one. Throws a UsageError where there is none. */
function readValue({typed, flag, inline}: Named, words: Iterator<string, unknown>): string | undefined {
	if (flag.value === undefined) {
		if (inline !== undefined) throw new UsageError(`${typed} takes no value.`);
		return undefined;
	}
	const value = inline ?? words.next().value;
	if (typeof value !== 'string' || value === '' || (inline === undefined && /^-./.test(value)))
		throw new UsageError(`${typed} needs a value (${flag.value}).`);
	return value;
}

/**
 * Writes a command line in the one spelling that leaves a parser nothing to guess: `--name=value` for every flag with
 * a value, `--name` for the others, then `--` and what is no flag. Throws a UsageError for an unknown flag, a missing
 * value or a flag given twice. `help` = the command line that lists the flags.
 */
export function spellArguments(
	argv: readonly string[],
	flags: readonly Flag[],
	help = 'absurd-top --help',
): readonly string[] {
	const spelled = new Set<string>();
	const input: string[] = [];
	const seen = new Set<Flag>();
	const words = argv.values();
	for (const word of words) {
		if (word === '--') {
			input.push(...words);
		} else if (!word.startsWith('-') || word === '-') {
			input.push(word);
		} else {
			const named = word.startsWith('--') ? long(word, flags, help) : short(word, flags, help);
			const {typed, flag} = named;
			const value = readValue(named, words);
			if (value !== undefined && seen.has(flag) && !flag.multiple)
				throw new UsageError(`${typed} is given twice; give it once.`);
			seen.add(flag);
			spelled.add(value === undefined ? flagName(flag.key) : `${flagName(flag.key)}=${quoted(value)}`);
		}
	}
	return [...spelled, ...(input.length > 0 ? ['--', ...input] : [])];
}
