import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {createDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';
import {drills} from './incidents/list.ts';
import {partOf, tidy, wayOf} from './incidents/page.ts';
import {setStage} from './incidents/stage.ts';

// Each incident is staged on a real database with real workers; then the program is started, and its first screen must
// say what is wrong, and the keys must lead from there to the fix. docs/incidents.md is written from the same list.

/** The interval that the program is started with, milliseconds: what is seen before it has passed came with the first. */
const oneRefresh = 20_000;

/** Where the page's parts go; set by scripts/incidents.ts. */
const parts = process.env['INCIDENTS'];

/** Presses keys and waits for what they lead to. One that acts is pressed again where it came too soon after another. */
async function follow(program: Program, keys: readonly string[], shows: RegExp): Promise<string> {
	const last = keys.at(-1);
	if (last === 'R' || last === 'C' || last === 'E') return program.ask(last, shows);
	await program.press(...keys);
	// The hints are written last: with the list of findings gone from them the whole picture is there.
	const listed = last === '!';
	return program.waitFor(screen => shows.test(screen) && /Esc close/.test(screen) === listed, 30_000);
}

afterEach(endPrograms);

describe.each(drills)('$id', drill => {
	test(drill.title, async () => {
		const database = await createDatabase({known: true});
		const stage = await setStage(database, 'agents', drill.partitioned ? 'partitioned' : 'unpartitioned');
		try {
			await drill.stage(stage);
			let program = startProgram([database.url, '-i', String(oneRefresh / 1000)], {columns: 200, rows: 36});
			// Before that time is over there is no second refresh.
			const first = await program.waitFor(drill.says, oneRefresh - 1000);
			expect(first.split('\n')[1]).toMatch(drill.says);
			if (drill.live) {
				await endPrograms();
				program = startProgram([database.url], {columns: 200, rows: 36});
				await program.waitFor(drill.says, 20_000);
			}
			const ways: string[] = [];
			for (const step of drill.steps) {
				const screen = await follow(program, step.keys, step.shows);
				ways.push(`${wayOf(step)}\n\n\`\`\`text\n${tidy(screen)}\n\`\`\``);
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
