/**
 * Builds what users run: `dist/absurd-top.js`, one ESM file for Node 20 and later with everything but the optional
 * demo database inside, `dist/launch.cjs`, which runs it with the code compiled in an earlier run, `dist/demo.js`, the child process of `--demo`, manual page and completions. `--if-stale` does nothing while no input
 * is newer than the output.
 */
import {existsSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {root, runNode} from './install.js';
import {oneFunction} from './one-function.js';
import {quickInk} from './quick-ink.js';

const output = join(root, 'dist', 'absurd-top.js');

/** @param {string} path @returns {number} */
function newest(path) {
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return Math.max(stat.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))));
}

const inputs = [
	'source',
	'sql',
	'package.json',
	'package-lock.json',
	'scripts/build.js',
	'scripts/one-function.js',
	'scripts/quick-ink.js',
	'scripts/documents',
].map(name => join(root, name));
const stale = !existsSync(output) || Math.max(...inputs.map(newest)) > statSync(output).mtimeMs;
if (!stale && process.argv.includes('--if-stale')) process.exit(0);

const {build} = await import('esbuild');
const {version} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Every file of sql/ as text, so that the bundle needs no folder beside it. */
const sqlFiles = Object.fromEntries(
	readdirSync(join(root, 'sql'))
		.filter(name => name.endsWith('.sql'))
		.map(name => [name, readFileSync(join(root, 'sql', name), 'utf8')]),
);

// The demo's prepared database stays: it only depends on the engine and PGlite, and takes seconds to make.
const dist = join(root, 'dist');
for (const name of existsSync(dist) ? readdirSync(dist) : []) {
	if (!name.startsWith('demo-data-')) rmSync(join(dist, name), {recursive: true, force: true});
}
/** @type {import('esbuild').BuildOptions} */
const options = {
	absWorkingDir: root,
	outdir: 'dist',
	bundle: true,
	format: 'esm',
	platform: 'node',
	target: 'node20',
	minify: true,
	keepNames: false,
	legalComments: 'none',
	jsx: 'automatic',
	define: {
		'process.env.NODE_ENV': '"production"',
		'process.env.ABSURD_TOP_VERSION': JSON.stringify(version),
	},
	external: ['pg-native', '@electric-sql/pglite', 'absurd-sdk'],
	plugins: [
		{
			name: 'sql-as-text',
			setup({onLoad}) {
				onLoad({filter: /source\/database\/sql-files\.ts$/}, () => ({
					contents: `const files = ${JSON.stringify(sqlFiles)};\nexport function readSqlFile(name) { const text = files[name]; if (text === undefined) throw new Error('No file sql/' + name + ' in this build.'); return text; }\nexport function listSqlFiles() { return Object.keys(files); }\n`,
					loader: 'js',
				}));
			},
		},
		{
			// Ink imports its developer tools only when asked to; without a stub the bundle would need the package.
			name: 'no-devtools',
			setup({onResolve, onLoad}) {
				onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'stub'}));
				onLoad({filter: /.*/, namespace: 'stub'}, () => ({contents: 'export default {};', loader: 'js'}));
			},
		},
		{
			// meow can look for a package.json and check its fields. We give it none to look for, and those libraries would
			// cost a fifth of the start: they are left out.
			name: 'no-package-json',
			setup({onLoad}) {
				onLoad({filter: /meow\/build\/dependencies\.js$/}, ({path}) => ({
					contents: ['requireNormalize()', 'requireLib$1()'].reduce(
						(text, loading) => {
							if (!text.includes(`Exports = ${loading};`))
								throw new Error(`${path} does not call ${loading} any more.`);
							return text.replace(`Exports = ${loading};`, 'Exports = {};');
						},
						readFileSync(path, 'utf8'),
					),
					loader: 'js',
				}));
			},
		},
	],
};
await build({
	...options,
	entryPoints: {'absurd-top': 'source/main.ts'},
	plugins: [...(options.plugins ?? []), quickInk, oneFunction],
});
await build({
	...options,
	entryPoints: {demo: 'source/demo/main.ts'},
	banner: {
		js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
	},
});
await build({
	...options,
	entryPoints: {launch: 'source/launch.ts'},
	format: 'cjs',
	outExtension: {'.js': '.cjs'},
});

if (runNode(['scripts/documents.ts']) !== 0) process.exit(1);

// Without it, or without the optional packages, the demo still works and only starts later.
if (runNode(['dist/demo.js', '--prepare', 'dist']) !== 0) console.error('The demo starts without a prepared database.');
