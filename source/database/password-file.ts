import {readFileSync, statSync} from 'node:fs';

/** Whose password is looked for. `host` is `localhost` for a unix socket in a default directory. */
export interface PasswordQuestion {
	readonly host: string;
	readonly port: number;
	readonly database: string;
	readonly user: string;
}

/** Splits at colons that no backslash precedes, and takes the backslashes off. */
function fields(line: string): readonly string[] {
	return (line.match(/(?:^|:)((?:[^\\:]|\\[\s\S]|\\$)*)/g) ?? []).map((field, index) =>
		(index === 0 ? field : field.slice(1)).replace(/\\([\s\S])/g, '$1'),
	);
}

/** The password of the first line that fits, in the text of a password file. */
export function findPassword(text: string, question: PasswordQuestion): string | undefined {
	const wanted = [question.host, String(question.port), question.database, question.user];
	for (const line of text.split(/\r?\n/)) {
		if (line.startsWith('#')) continue;
		const [host, port, database, user, password] = fields(line);
		const given = [host, port, database, user];
		if (
			password !== undefined &&
			password !== '' &&
			wanted.every((each, index) => given[index] === '*' || given[index] === each)
		)
			return password;
	}
	return undefined;
}

/** A password file, or why it was passed over. */
export type PasswordFile =
	| {readonly kind: 'text'; readonly text: string}
	| {readonly kind: 'none'}
	| {readonly kind: 'ignored'; readonly reason: string};

/**
 * Reads the password file as libpq does: passed over when it is no plain file or others may read it. The `pgpass`
 * package is not used: it writes its warnings to the terminal, knows the file only by environment, and looks for the
 * directory of a socket instead of `localhost`.
 */
export function readPasswordFile(path: string): PasswordFile {
	try {
		const status = statSync(path);
		if (!status.isFile()) return {kind: 'ignored', reason: `the password file ${path} is not a plain file`};
		if (process.platform !== 'win32' && (status.mode & 0o077) !== 0)
			return {
				kind: 'ignored',
				reason: `the password file ${path} was passed over because others may read it (chmod 600)`,
			};
		return {kind: 'text', text: readFileSync(path, 'utf8')};
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
			return {kind: 'ignored', reason: `the password file ${path} cannot be read`};
		return {kind: 'none'};
	}
}
