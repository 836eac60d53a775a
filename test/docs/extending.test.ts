import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {fill} from '../../source/database/sql.ts';
import {parseTemplate} from '../../source/database/sql-template.ts';
import {stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';

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

/** The command of the page: the file, and its variables by name. */
function psqlCommand(): {
	readonly line: readonly string[];
	readonly file: string;
	readonly set: ReadonlyMap<string, string>;
} {
	const [, command = ''] = /```sh\n(psql .*)\n```/.exec(extending) ?? [];
	const set = new Map([...command.matchAll(/-v (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
	const [, file = ''] = /-f (\S+)/.exec(command) ?? [];
	return {line: command.split(' ').slice(1), file, set};
}

describe('the query of the page, with the variables of its command', () => {
	let database: TestDatabase;
	let taskId: string;

	beforeAll(async () => {
		database = await createDatabase();
		const absurd = stage(database);
		await absurd.createQueue('mail');
		({taskId} = await absurd.spawn('mail', 'sleeper'));
		const [run = ''] = await absurd.claim('mail', 'w');
		await database.query(`select absurd.schedule_run('mail', $1, now() + interval '1 hour')`, [run]);
	});
	afterAll(() => database.drop());

	test('is filled by our loader, and answers what wakes up', async () => {
		const {file, set} = psqlCommand();
		const parts = parseTemplate(file, readFileSync(file, 'utf8'));
		const named = (kind: 'identifier' | 'value') => {
			const names = new Set(parts.flatMap(part => (part.kind === kind ? [part.name] : [])));
			return Object.fromEntries([...set].filter(([name]) => names.has(name)));
		};
		const {text, values} = fill(file, parts, named('identifier'), named('value'), undefined);
		expect(text).toContain('"r_mail"');
		expect(text).not.toMatch(/:["']/);
		expect(values).toEqual(['5']);
		expect(await database.query(text, [...values])).toMatchObject([{task_id: taskId, kind: 'timer', attempt: 1}]);
	});

	test.skipIf(spawnSync('psql', ['--version']).error !== undefined)('runs in psql as it is', () => {
		const line = ['-X', '-At', '-d', database.url, ...psqlCommand().line];
		const answer = execFileSync('psql', line, {encoding: 'utf8'});
		expect(answer).toContain(taskId);
		expect(answer).toContain('|timer|');
	});
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
