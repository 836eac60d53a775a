#!/usr/bin/env node
/**
 * The command `absurd-top`: runs the bundle beside it with the code that V8 compiled in an earlier run, which takes a
 * third from the start. Node's own compile cache keeps only what is compiled while a module is loaded, not the functions
 * that are compiled when they are first called. `NODE_DISABLE_COMPILE_CACHE=1` turns this one off as well.
 * Built as a CommonJS file, `dist/launch.cjs`: for one of those Node need not start its loader of modules.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {Script} from 'node:vm';
import {CodeCache, cacheFolder, type Ran} from './code-cache.ts';

type Program = (require: NodeJS.Require, meta: Partial<ImportMeta>) => Promise<void>;

const filename = join(__dirname, 'absurd-top.js');
// Nothing but ASCII: a quarter of the time that UTF-8 would take.
const text = readFileSync(filename, 'latin1');
// scripts/one-function.js made the text: a line with the build's name, and the program between these two marks.
const build = /^\/\/ (\w+)$/m.exec(text.slice(0, 100))?.[1];
const program = text.slice(text.indexOf('/*program*/'), text.lastIndexOf('/*end*/'));

const order: readonly Ran[] = process.stdout.isTTY === true ? ['screen', 'once'] : ['once', 'screen'];
const wanted = build !== undefined && (process.env['NODE_DISABLE_COMPILE_CACHE'] ?? '') === '';
const cache = wanted ? new CodeCache(cacheFolder(process.env), build) : undefined;
const cachedData = cache?.read(order[0] ?? 'screen') ?? cache?.read(order[1] ?? 'once');
const script = new Script(`(${program})`, {filename, lineOffset: 3, ...(cachedData && {cachedData})});

function keepCode(ran: Ran): void {
	if (!cache) return;
	const useless = script.cachedDataRejected === true || cachedData === undefined;
	if (useless || !cache.has(ran)) cache.write(ran, script.createCachedData());
}

const run: Program = script.runInThisContext();
void run(require, {url: pathToFileURL(filename).href, keepCode});
