/**
 * Makes the bundle one function in one module: `dist/absurd-top.js` runs by itself, and `dist/launch.cjs` can take the
 * function out of its text and compile that with the code that V8 kept of an earlier run (source/launch.ts).
 */
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {builtinModules, createRequire} from 'node:module';
import {join} from 'node:path';
import {root} from './install.js';

const builtins = new Set(builtinModules);
const load = createRequire(import.meta.url);

/** What no first frame needs, and takes time to load: loaded when a function of it is called. */
const late = new Set(['assert', 'child_process', 'crypto', 'dns/promises', 'fs/promises', 'readline', 'v8', 'vm']);

/** Where the function begins and ends in the text of the module; source/launch.ts looks for both. */
const begin = '/*program*/';
const end = '/*end*/';

/** @type {import('esbuild').Plugin} */
export const oneFunction = {
	name: 'one-function',
	setup({initialOptions, onResolve, onLoad, onEnd}) {
		initialOptions.define = {...initialOptions.define, 'import.meta': 'module_meta'};
		initialOptions.write = true;
		// A function cannot contain import statements: what Node brings is required. An import takes the names that it wants:
		// esbuild alone would make a copy of all of them for each module that imports one.
		onResolve({filter: /^[\w/:]+$/}, ({path, kind, namespace}) => {
			const name = path.replace(/^node:/, '');
			if (namespace.startsWith('builtin') || !builtins.has(name)) return undefined;
			return {path: name, namespace: kind === 'import-statement' ? 'builtin-names' : 'builtin', sideEffects: false};
		});
		// It takes all of Node's cryptography; a server that asks for no password needs none.
		onResolve({filter: /^\.\/(crypto\/)?utils$/}, ({path, resolveDir, namespace}) => {
			const file = join(resolveDir, `${path}.js`);
			const wanted = namespace !== 'late' && /[\\/]pg[\\/]lib[\\/]crypto[\\/]utils\.js$/.test(file);
			return wanted ? {path: file, namespace: 'late'} : undefined;
		});
		onLoad({filter: /.*/, namespace: 'late'}, ({path}) => ({
			contents: `module.exports = ${lateModule(path)};`,
			loader: 'js',
			resolveDir: root,
		}));
		onResolve({filter: /.*/, namespace: 'builtin'}, ({path}) => ({path, external: true}));
		onResolve({filter: /.*/, namespace: 'builtin-names'}, ({path}) => ({path, external: true}));
		onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
			contents: `module.exports = ${late.has(path) ? lateModule(`node:${path}`) : `require('node:${path}')`};`,
			loader: 'js',
		}));
		onLoad({filter: /.*/, namespace: 'builtin-names'}, ({path}) => ({contents: namesOf(path), loader: 'js'}));
		onEnd(({errors}) => {
			if (errors.length === 0)
				wrap(join(initialOptions.absWorkingDir ?? '.', initialOptions.outdir ?? '', 'absurd-top.js'));
		});
	},
};

/**
 * Stands for a module that is loaded when something of it is used.
 * @param {string} module
 */
function lateModule(module) {
	const loaded = `require(${JSON.stringify(module)})`;
	return `new Proxy(() => {}, {get: (_, name) => ${loaded}[name], apply: (_, self, given) => ${loaded}(...given)})`;
}

/**
 * A module of Node's with a name for everything in it, of which esbuild leaves out what nobody imports.
 * @param {string} builtin
 */
function namesOf(builtin) {
	const names = Object.keys(load(`node:${builtin}`)).filter(
		name => /^[a-z_$][\w$]*$/i.test(name) && name !== 'default',
	);
	const loaded = `require('node:${builtin}')`;
	const taken = names.map((name, index) =>
		late.has(builtin)
			? `const n${index} = (...given) => ${loaded}.${name}(...given);`
			: `const n${index} = /* @__PURE__ */ (() => all.${name})();`,
	);
	return [
		...(late.has(builtin) ? [] : [`const all = ${loaded};`, 'export default all;']),
		...taken,
		`export {${names.map((name, index) => `n${index} as ${name}`).join(', ')}};`,
	].join('\n');
}

/** @param {string} path */
function wrap(path) {
	const text = readFileSync(path, 'utf8').replace(/^#!.*\n/, '');
	// The launcher reads it as Latin-1.
	if (Buffer.byteLength(text) !== text.length) throw new Error(`${path} has characters beyond ASCII.`);
	const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
	writeFileSync(
		path,
		`#!/usr/bin/env node
// ${name}
import {createRequire} from 'node:module';
await (${begin}async (require, module_meta) => {'use strict';
${text}}${end})(createRequire(import.meta.url), import.meta);
`,
	);
}
