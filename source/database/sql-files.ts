import {readdirSync, readFileSync} from 'node:fs';

// From a checkout the files are read from the folder; the build replaces this module by one that holds their text.
const folder = new URL('../../sql/', import.meta.url);

/** The text of `sql/<name>`, for example `queue-live.sql`. */
export function readSqlFile(name: string): string {
	return readFileSync(new URL(name, folder), 'utf8');
}

/** The names of all files in `sql/`. */
export function listSqlFiles(): string[] {
	return readdirSync(folder).filter(name => name.endsWith('.sql'));
}
