import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {createDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';
import type {Drill} from './incidents/drill.ts';
import {setStage} from './incidents/stage.ts';
import {storageDrills} from './incidents/storage.ts';
import {taskDrills} from './incidents/tasks.ts';
import {workerDrills} from './incidents/workers.ts';

// Each incident is staged on a real database with real workers; then the program is started, and its first screen must
// say what is wrong, and the keys must lead from there to the fix. docs/incidents.md is written from the same list.

const drills: readonly Drill[] = [...workerDrills, ...taskDrills, ...storageDrills];

/** Where the page's parts go; set by scripts/incidents.ts. */
const parts = process.env['INCIDENTS'];

const keyNames: Readonly<Record<string, string>> = {enter: 'Enter', escape: 'Esc', tab: 'Tab'};

/** The part of the page about one drill. */
function partOf(drill: Drill, first: string, ways: readonly string[]): string {
	return [
		`## ${drill.title}`,
		drill.story,
		`The first screen says:\n\n\`\`\`text\n${first}\n\`\`\``,
		...ways,
		`**What to do:** ${drill.fix}`,
	].join('\n\n');
}

/** The screen without the names of the test's database and server and without its empty lines. */
function tidy(screen: string): string {
	return screen
		.replaceAll(/test_[0-9a-f]{12}/g, 'jobs')
		.replaceAll(/(?:127\.0\.0\.1|localhost):\d+/g, 'db1:5432')
		.split('\n')
		.map(line => line.trimEnd())
		.filter(line => !/^[\s│]*$/.test(line))
		.join('\n');
}

/** Presses keys and waits for what they lead to. One that acts is pressed again where it came too soon after another. */
async function follow(program: Program, keys: readonly string[], shows: RegExp): Promise<string> {
	const last = keys.at(-1);
	if (last === 'R' || last === 'C') return program.ask(last, shows);
	await program.press(...keys);
	// The hints are written last: with the list of findings gone from them the whole picture is there.
	const listed = last === '!';
	return program.waitFor(screen => shows.test(screen) && /Esc close/.test(screen) === listed, 30_000);
}

afterEach(endPrograms);

describe.each(drills)('$id', drill => {
	test(drill.title, async () => {
		const database = await createDatabase();
		const stage = await setStage(database, 'agents', drill.partitioned ? 'partitioned' : 'unpartitioned');
		try {
			await drill.stage(stage);
			const program = startProgram([database.url], {columns: 200, rows: 36});
			const first = await program.waitFor(drill.says, 20_000);
			expect(first.split('\n')[1]).toMatch(drill.says);
			const ways: string[] = [];
			for (const {keys, why, shows} of drill.steps) {
				const screen = await follow(program, keys, shows);
				const pressed = keys.map(key => `\`${keyNames[key] ?? key}\``).join(' ');
				ways.push(`${pressed === '' ? 'Then' : pressed}: ${why}.\n\n\`\`\`text\n${tidy(screen)}\n\`\`\``);
			}
			if (parts !== undefined) {
				mkdirSync(parts, {recursive: true});
				const place = String(drills.indexOf(drill)).padStart(2, '0');
				writeFileSync(join(parts, `${place}-${drill.id}.md`), partOf(drill, tidy(first), ways));
			}
		} finally {
			await endPrograms();
			await stage.end();
			await database.drop();
		}
	}, 90_000);
});
