/**
 * Makes the bundle one function in one module: `dist/absurd-top.js` runs by itself, and `dist/launch.cjs` can take the
 * function out of its text and compile that with the code that V8 kept of an earlier run (source/launch.ts).
 */
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {builtinModules} from 'node:module';
import {join} from 'node:path';

const builtins = new Set(builtinModules);

/** Where the function begins and ends in the text of the module; source/launch.ts looks for both. */
const begin = '/*program*/';
const end = '/*end*/';

/** @type {import('esbuild').Plugin} */
export const oneFunction = {
	name: 'one-function',
	setup({initialOptions, onResolve, onLoad, onEnd}) {
		initialOptions.define = {...initialOptions.define, 'import.meta': 'module_meta'};
		initialOptions.write = true;
		// A function cannot contain import statements: what Node brings is required.
		onResolve({filter: /^[\w/:]+$/}, ({path, namespace}) =>
			namespace !== 'builtin' && builtins.has(path.replace(/^node:/, ''))
				? {path: path.replace(/^node:/, ''), namespace: 'builtin'}
				: undefined,
		);
		onResolve({filter: /.*/, namespace: 'builtin'}, ({path}) => ({path, external: true}));
		onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
			contents: `module.exports = require('node:${path}');`,
			loader: 'js',
		}));
		onEnd(({errors}) => {
			if (errors.length === 0)
				wrap(join(initialOptions.absWorkingDir ?? '.', initialOptions.outdir ?? '', 'absurd-top.js'));
		});
	},
};

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
