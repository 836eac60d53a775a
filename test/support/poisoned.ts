/** A text that attacks the terminal and its columns, in front of every text of the database. */
export const poison = '\u001b[2J\u001b]52;c;aGFjaw==\u0007\r\n\u202e宽👩‍👩‍👧\u0301\u009b31m';

/** Members that hold what somebody wrote into the database. */
const written = /name|Name|worker|checkpoint|error|why|text|message|trace|Key|tenant|sentence|step|event|reason|remedy/;

/** Every text of the database replaced by one that attacks the terminal; ids, states and the program's own words stay. */
export function poisoned<T>(value: T): T {
	return JSON.parse(
		JSON.stringify(value, (key, member: unknown) =>
			typeof member === 'string' && written.test(key) ? `${poison}${member}` : member,
		),
	) as T;
}
