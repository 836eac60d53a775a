import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, brotliDecompressSync, constants} from 'node:zlib';
import type {PGlite} from '@electric-sql/pglite';
import {readSqlFile} from '../database/sql-files.ts';
import {queues} from './queues.ts';
import {createQueue} from './statements.ts';

/** Changes when `prepare` does something else than before. */
const recipe = 1;

const packages = ['@electric-sql/pglite', 'absurd-sdk', 'pg'];

/** Small enough for a laptop; without a process that does so, Postgres would keep up to 1 GB of write-ahead log. */
const settings = {
	shared_buffers: '16MB',
	wal_level: 'minimal',
	wal_recycle: 'off',
	max_wal_senders: '0',
	min_wal_size: '32MB',
	max_wal_size: '32MB',
	jit: 'off',
};

/** Opens the demo's database in memory: the engine is loaded, the queues are there and empty. */
export async function openPostgres(): Promise<PGlite> {
	const {PGlite} = await import('@electric-sql/pglite');
	const startParams = [
		...PGlite.defaultStartParams,
		...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
	];
	const prepared = readPrepared();
	if (prepared !== undefined) return PGlite.create({startParams, loadDataDir: new Blob([prepared])});
	const postgres = await PGlite.create({startParams});
	await postgres.exec(readSqlFile('absurd.sql'));
	for (const queue of queues) await postgres.query(createQueue, [queue.name, queue.storageMode]);
	return postgres;
}

/** The data directory of `openPostgres` as a compressed tar, for the build. It keeps no template databases. */
export async function dumpPostgres(): Promise<Uint8Array> {
	const postgres = await openPostgres();
	await postgres.exec("update pg_database set datistemplate = false where datname like 'template_'");
	for (const name of ['template0', 'template1']) await postgres.exec(`drop database if exists ${name}`);
	await postgres.exec('vacuum analyze');
	// The old segment of the write-ahead log is only removed when a checkpoint lies in the next one.
	await postgres.exec('checkpoint');
	await postgres.exec('select pg_switch_wal()');
	await postgres.exec('checkpoint');
	const tar = await (await postgres.dumpDataDir('none')).arrayBuffer();
	await postgres.close();
	return brotliCompressSync(new Uint8Array(tar), {params: {[constants.BROTLI_PARAM_QUALITY]: 9}});
}

/** Name of the prepared data directory: another one for each release of PGlite and each text of the engine. */
export function preparedName(): string {
	const hash = createHash('sha256');
	hash.update(JSON.stringify([recipe, pgliteVersion(), queues.map(({name, storageMode}) => [name, storageMode])]));
	hash.update(readSqlFile('absurd.sql'));
	return `demo-data-${hash.digest('hex').slice(0, 12)}.tar.br`;
}

/** Beside the bundle, or where the build put it when this runs from source. */
function readPrepared(): Uint8Array<ArrayBuffer> | undefined {
	const here = dirname(fileURLToPath(import.meta.url));
	const folder = import.meta.url.endsWith('.ts') ? join(here, '../../dist') : here;
	const name = preparedName();
	try {
		if (!readdirSync(folder).includes(name)) return undefined;
		return new Uint8Array(brotliDecompressSync(readFileSync(join(folder, name))));
	} catch {
		// A missing folder or a damaged file only cost time: the database is then made from nothing.
		return undefined;
	}
}

function pgliteVersion(): string {
	const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
	const {version}: {version: string} = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8'));
	return version;
}

/** A sentence about packages that are not installed, undefined for any other error. */
export function missingPackages(error: unknown): string | undefined {
	if (!(error instanceof Error) || !('code' in error)) return undefined;
	if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') return undefined;
	if (!packages.some(name => error.message.includes(name))) return undefined;
	return 'The demo needs the optional packages @electric-sql/pglite and absurd-sdk, which are not installed beside absurd-top: npm install @electric-sql/pglite absurd-sdk';
}
