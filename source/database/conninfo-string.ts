import {UsageError} from '../usage-error.ts';
import {isParameter, type Values} from './parameters.ts';

// A name, `=` with spaces around it, and a value: quoted, or up to the next space; a backslash escapes in both.
const pair =
	/\s*([^=\s]+)\s*=\s*(?:'((?:[^'\\]|\\[\s\S])*)'(?=\s|$)|((?:[^\s'\\]|\\[\s\S])(?:[^\s\\]|\\[\s\S])*)?(?=\s|$))/y;

/**
 * Parses libpq's `key=value …` form. Throws a UsageError without quoting the string, which may hold a password.
 */
export function parseConninfo(text: string): Values {
	const values: Record<string, string> = {};
	let end = 0;
	while (text.slice(end).trim() !== '') {
		pair.lastIndex = end;
		const match = pair.exec(text);
		if (!match)
			throw new UsageError(
				`The connection string cannot be read at character ${end + 1}: write key=value pairs, values with spaces in single quotes.`,
			);
		const [whole, name = '', quoted, bare] = match;
		if (!isParameter(name)) throw new UsageError(`The connection string has an unknown parameter "${name}".`);
		values[name] = (quoted ?? bare ?? '').replace(/\\([\s\S])/g, '$1');
		end += whole.length;
	}
	return values;
}
