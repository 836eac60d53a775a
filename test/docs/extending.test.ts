import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {stage} from '../support/absurd.ts';
import {createDatabase} from '../support/database.ts';

// What the documents say about the source is true: quoted code is in the file, commands run, and paths and links lead
// somewhere.

/** Lines without their indentation and without empty ones, so that a quotation may be set as the page wants it. */
function bare(text: string): string {
	return text
		.split('\n')
		.map(line => line.trim())
		.filter(line => line !== '')
		.join('\n');
}

interface Quotation {
	readonly path: string;
	readonly parts: readonly string[];
}

/** Quoted code, with the path that was named last before it; `…` leaves something out. */
function quotations(document: string): readonly Quotation[] {
	let path = '';
	return [...document.matchAll(/`((?:source|sql|test)\/[\w./-]+\.\w+)`|```(?:ts|sql)\n([\s\S]*?)```/g)].flatMap(
		([, named, code]) => {
			path = named ?? path;
			return code === undefined ? [] : [{path, parts: code.split('…').map(bare)}];
		},
	);
}

const extending = readFileSync('docs/extending.md', 'utf8');

test.each(quotations(extending).map(({path, parts}) => [path, parts] as const))('%s says so', (path, parts) => {
	const text = bare(readFileSync(path, 'utf8'));
	for (const part of parts) {
		expect(part).not.toBe('');
		expect(text).toContain(part);
	}
});

test('there are quotations of a query, a screen and a rule', () => {
	const paths = quotations(extending).map(({path}) => path);
	for (const prefix of ['sql/', 'source/screens/', 'source/monitor/rules/', 'source/database/probes/'])
		expect(
			paths.some(path => path.startsWith(prefix)),
			prefix,
		).toBe(true);
});

test('the query runs in psql as it is', async context => {
	if (spawnSync('psql', ['--version']).error) return context.skip();
	const database = await createDatabase();
	const absurd = stage(database);
	await absurd.createQueue('mail');
	const spawned = await absurd.spawn('mail', 'sleeper');
	const [run = ''] = await absurd.claim('mail', 'w');
	await database.query(`select absurd.schedule_run('mail', $1, now() + interval '1 hour')`, [run]);
	const [, command = ''] = /```sh\n(psql .*)\n```/.exec(extending) ?? [];
	const [program = '', ...line] = command.split(' ');
	const answer = execFileSync(program, ['-X', '-At', '-d', database.url, ...line], {encoding: 'utf8'});
	await database.drop();
	expect(answer).toContain(spawned.taskId);
	expect(answer).toContain('|timer|');
});

const documents = [
	'README.md',
	'CONTRIBUTING.md',
	'bench/README.md',
	...readdirSync('docs').map(name => `docs/${name}`),
].filter(name => name.endsWith('.md'));

test.each(documents)('paths and links of %s lead somewhere', document => {
	const text = readFileSync(document, 'utf8');
	const paths = [...text.matchAll(/`((?:source|sql|test|scripts|docs|bench)\/[\w./-]+)`/g)].map(
		([, path = '']) => path,
	);
	// Names in capitals stand for any.
	expect(paths.filter(path => !/[A-Z]{2}/.test(path) && !existsSync(path))).toEqual([]);
	const links = [...text.matchAll(/\]\(([^)#:\s]+)(#[\w-]+)?\)/g)].map(([, link = '']) => link);
	expect(links.filter(link => !existsSync(join(dirname(document), link)))).toEqual([]);
});
