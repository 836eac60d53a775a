/**
 * Puts our quicker ways to the same answer in the place of four modules of Ink, which cost more than half of a frame.
 * Each of ours gets the original and leaves to it what it does not know: source/terminal/ink/.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from './install.js';

/** @param {string} name */
const ours = name => JSON.stringify(join(root, 'source', 'terminal', 'ink', name));

/**
 * By the name it is imported with: what the bundle has instead, as source text.
 * @type {Record<string, (original: string) => string>}
 */
const replacements = {
	'./output.js': original => `
		import {wholeLines} from ${ours('output.ts')};
		import Stock from ${JSON.stringify(original)};
		export default wholeLines(Stock);`,
	'./line-update.js': original => `
		import {changedCells} from ${ours('line-update.ts')};
		import stock from ${JSON.stringify(original)};
		export default changedCells(stock);`,
	'./log-update.js': original => `
		import {movedLines} from ${ours('log-update.ts')};
		import stock from ${JSON.stringify(original)};
		export default movedLines(stock);`,
	// Imported as a module, all that Node knows of itself is loaded for its names.
	process: () => 'module.exports = globalThis.process;',
	// Loaded only when a character of unknown width is met.
	'string-width': () => `
		import {quickStringWidth} from ${ours('string-width.ts')};
		export default quickStringWidth(() => require('string-width').default);`,
};

/**
 * The layout engine of Ink carries its WebAssembly as text. It would hand it to fetch, which alone loads an HTTP client, or
 * decode it character by character; Node does it at once.
 * @param {string} text
 */
function withBinary(text) {
	const [whole, binary] = /"data:application\/octet-stream;base64,([\w+/=]{1000,})"/.exec(text) ?? [];
	const given = 'h.wasmBinary&&(w=h.wasmBinary)';
	if (whole === undefined || !text.includes(given)) throw new Error('The layout engine is built in another way now.');
	return text
		.replace(whole, '"data:application/octet-stream;base64,"')
		.replace(given, `w=Buffer.from("${binary}","base64")`);
}

/** @type {import('esbuild').Plugin} */
export const quickInk = {
	name: 'quick-ink',
	setup({initialOptions, onResolve, onLoad}) {
		initialOptions.define = {...initialOptions.define, 'Intl.Segmenter': 'LazySegmenter'};
		initialOptions.inject = [...(initialOptions.inject ?? []), join(root, 'source/terminal/ink/segmenter.ts')];
		onResolve(
			{filter: /^(\.\/output\.js|\.\/line-update\.js|\.\/log-update\.js|string-width)$/},
			({path, resolveDir, namespace}) => {
				const inside = path === 'string-width' || /[\\/]ink[\\/]build$/.test(resolveDir);
				if (namespace === 'quick-ink' || !inside) return undefined;
				return {path, namespace: 'quick-ink', pluginData: join(resolveDir, path)};
			},
		);
		onResolve({filter: /^(node:)?process$/}, () => ({path: 'process', namespace: 'quick-ink'}));
		onLoad({filter: /[\\/]yoga-layout[\\/]dist[\\/]binaries[\\/]yoga-wasm-base64-esm\.js$/}, ({path}) => ({
			contents: withBinary(readFileSync(path, 'utf8')),
			loader: 'js',
		}));
		onLoad({filter: /.*/, namespace: 'quick-ink'}, ({path, pluginData}) => ({
			contents: replacements[path]?.(pluginData) ?? '',
			resolveDir: root,
			loader: 'js',
		}));
	},
};
