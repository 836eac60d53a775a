import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {flagName} from '../../source/flags.ts';
import {claimColumns, failureColumns, findingColumns, queueColumns} from '../../source/headless/columns.ts';
import {csvTitles} from '../../source/headless/csv.ts';
import {measures} from '../../source/headless/measures.ts';

// docs/definitions.md defines every column that any screen or output has.

const screens = 'source/screens';

/** The section that defines the columns of a file. */
const sections: Readonly<Record<string, string>> = {
	'doctor/checks.ts': 'Doctor (`8`)',
	'events/events.ts': 'Events (`5`)',
	'failures/groups.ts': 'Failures by cause (`3`)',
	'overview/claims.ts': 'Active claims',
	'overview/failures.ts': 'Recent failures',
	'overview/queues.ts': 'Queues',
	'queue/storage.ts': 'Storage of a queue',
	'queue/types.ts': 'Task types of a queue',
	'schedule/schedule.ts': 'Schedule (`6`)',
	'tasks/columns.ts': 'Tasks (`2`)',
	'workers/columns.ts': 'Workers (`4`)',
	'workflows/columns.ts': 'Workflows (`7`)',
};

/** The figures that each section of a document defines. */
function defined(path: string): ReadonlyMap<string, ReadonlySet<string>> {
	const parts = readFileSync(path, 'utf8').split(/^## /m).slice(1);
	return new Map(
		parts.map(part => {
			const [heading = '', ...lines] = part.split('\n');
			const figures = lines.flatMap(line => /^\| ([^|]+) \| \S/.exec(line)?.[1]?.split(/, /) ?? []);
			return [heading, new Set(figures.map(figure => figure.replaceAll('`', '').trim()))];
		}),
	);
}

const definitions = defined('docs/definitions.md');

function undefinedIn(section: string, titles: readonly string[]): readonly string[] {
	const known = definitions.get(section);
	expect(known, section).toBeDefined();
	const everywhere = definitions.get('Everywhere');
	return titles.map(title => title.trim()).filter(title => !known?.has(title) && !everywhere?.has(title));
}

interface Titled {
	readonly title: string;
}

function isTitled(value: unknown): value is Titled {
	return typeof value === 'object' && value !== null && 'title' in value && typeof value.title === 'string';
}

/** The columns of the tables that a module exports. */
function titlesOf(module: object): readonly string[] {
	return Object.values(module).flatMap((value: unknown) => {
		const columns = typeof value === 'object' && value !== null && 'columns' in value ? value.columns : undefined;
		return Array.isArray(columns) ? columns.filter(isTitled).map(({title}) => title) : [];
	});
}

const files = readdirSync(screens, {recursive: true})
	.map(String)
	.filter(name => name.endsWith('.ts') && /Column<\w+, \w+>/.test(readFileSync(join(screens, name), 'utf8')))
	.filter(name => /const columns\b/.test(readFileSync(join(screens, name), 'utf8')));

test('every file with columns has a section', () => {
	expect(files.sort()).toEqual(Object.keys(sections).sort());
});

test.each(Object.entries(sections))('the columns of %s are defined under %s', async (file, section) => {
	const [folder, name] = file.replace(/\.ts$/, '').split('/');
	const module: unknown = await import(`../../source/screens/${folder}/${name}.ts`);
	const titles = typeof module === 'object' && module !== null ? titlesOf(module) : [];
	expect(titles.length).toBeGreaterThan(2);
	expect(undefinedIn(section, titles)).toEqual([]);
});

test.each([
	['Queues', queueColumns],
	['Active claims', claimColumns],
	['Recent failures', failureColumns],
	['Doctor (`8`)', findingColumns],
] as const)('so are the columns that --once prints: %s', (section, columns: readonly Titled[]) => {
	expect(
		undefinedIn(
			section,
			columns.map(({title}) => title),
		),
	).toEqual([]);
});

test('the fields of --csv and the thresholds of check are defined in docs/headless.md', () => {
	const headless = new Set([...defined('docs/headless.md').values()].flatMap(figures => [...figures]));
	const wanted = [...csvTitles.trimEnd().split(','), ...measures.map(({key}) => flagName(key))];
	expect(wanted.filter(title => !headless.has(title))).toEqual([]);
});
