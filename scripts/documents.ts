/** Writes the manual page and the completions of the shells into `dist/`, from the tables of flags and commands. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {commands} from '../source/headless/commands.ts';
import {bashCompletion, fishCompletion, zshCompletion} from './documents/completions.ts';
import {manualPage} from './documents/man.ts';
import {root} from './install.js';

const {version}: {readonly version: string} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const files: Readonly<Record<string, string>> = {
	'man/absurd-top.1': manualPage(commands, version),
	'completions/absurd-top.bash': bashCompletion(commands),
	'completions/_absurd-top': zshCompletion(commands),
	'completions/absurd-top.fish': fishCompletion(commands),
};

for (const [name, text] of Object.entries(files)) {
	const path = join(root, 'dist', name);
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, text);
}
