import {readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {dumpPostgres, preparedName} from './postgres.ts';

/**
 * Puts the prepared data directory into `folder`, for the build: the demo then starts in half a second instead of
 * several. Does nothing when it is there; removes those of other releases of PGlite and other texts of the engine.
 */
export async function prepare(folder: string): Promise<void> {
	const name = preparedName();
	const present = readdirSync(folder).filter(each => each.startsWith('demo-data-'));
	for (const other of present.filter(each => each !== name)) rmSync(join(folder, other));
	if (!present.includes(name)) writeFileSync(join(folder, name), await dumpPostgres());
}
