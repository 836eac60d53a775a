import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The package as users get it. */
export interface InstalledPackage {
	/** The tarball that `npm pack` made. */
	readonly tarball: string;
	/** The package's folder in an otherwise empty `node_modules`. */
	readonly folder: string;
	/** The script that npm linked as `absurd-top`. */
	readonly script: string;
	remove(): void;
}

function npm(arguments_: readonly string[], cwd: string): void {
	execFileSync('npm', [...arguments_], {cwd, stdio: ['ignore', 'ignore', 'inherit']});
}

/**
 * Packs what was built and installs the file into an empty directory, without a network, a cache or the optional
 * packages of the demo.
 */
export function installPackage(): InstalledPackage {
	const home = mkdtempSync(join(tmpdir(), 'absurd-top-package-'));
	const place = join(home, 'empty');
	mkdirSync(place);
	npm(['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', home], root);
	const tarball = join(home, readdirSync(home).find(name => name.endsWith('.tgz')) ?? 'no tarball');
	writeFileSync(join(place, 'package.json'), '{"private": true}\n');
	const install = ['install', '--offline', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
	npm([...install, '--cache', join(home, 'cache'), tarball], place);
	return {
		tarball,
		folder: join(place, 'node_modules', 'absurd-top'),
		script: join(place, 'node_modules', '.bin', 'absurd-top'),
		remove: () => rmSync(home, {recursive: true, force: true}),
	};
}
