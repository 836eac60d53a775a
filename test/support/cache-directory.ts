import {mkdirSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';

/** Compiled code is kept in a directory that all tests share, as the starts of one person share theirs. */
export function cacheDirectory(): string {
	const path = join(tmpdir(), `absurd-top-cache-${userInfo().uid}`);
	mkdirSync(path, {recursive: true, mode: 0o700});
	return path;
}
