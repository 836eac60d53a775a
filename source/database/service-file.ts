import {readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {UsageError} from '../usage-error.ts';
import {isParameter, type Values} from './parameters.ts';

/** Where Debian's libpq looks when PGSYSCONFDIR is not set; others have it in their own folder. */
const systemFolder = '/etc/postgresql-common';

function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
			return undefined;
		throw new UsageError(`The service file ${path} cannot be read.`, {cause: error});
	}
}

function parseLine(line: string, path: string, number: number): readonly [string, string] {
	const equals = line.indexOf('=');
	const name = line.slice(0, equals);
	if (equals < 0 || line.startsWith('ldap'))
		throw new UsageError(`Line ${number} of the service file ${path} cannot be read: it is no name=value.`);
	if (name === 'service' || name === 'servicefile' || !isParameter(name))
		throw new UsageError(
			`Line ${number} of the service file ${path} has the parameter "${name}", which cannot stand there.`,
		);
	return [name, line.slice(equals + 1)];
}

/** The values of one service in the text of a service file, undefined when it is not in there. */
export function findService(text: string, service: string, path: string): Values | undefined {
	let values: Record<string, string> | undefined;
	for (const [index, whole] of text.split('\n').entries()) {
		const line = whole.trim();
		if (line === '' || line.startsWith('#')) continue;
		if (line.startsWith('[')) {
			// The first section of that name counts; the next one ends it.
			if (values) return values;
			if (line === `[${service}]`) values = {};
			continue;
		}
		if (!values) continue;
		const [name, value] = parseLine(line, path, index + 1);
		if (!Object.hasOwn(values, name)) values[name] = value;
	}
	return values;
}

/**
 * Reads a service from `file`, or from `~/.pg_service.conf` and then the system's. Throws a UsageError when it is in
 * none of them.
 */
export function readService(service: string, file: string | undefined, environment: NodeJS.ProcessEnv): Values {
	const home = environment['HOME'] ?? homedir();
	const personal = file ?? join(home, '.pg_service.conf');
	const paths = [personal, join(environment['PGSYSCONFDIR'] ?? systemFolder, 'pg_service.conf')];
	for (const path of paths) {
		const text = readIfThere(path);
		if (text === undefined && path === file) throw new UsageError(`There is no service file ${path}.`);
		const found = text === undefined ? undefined : findService(text, service, path);
		if (found) return found;
	}
	throw new UsageError(`The service "${service}" is neither in ${paths.join(' nor in ')}.`);
}
