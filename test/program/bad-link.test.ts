import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Absurd, type Spawned, stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';

// A slow, lossy line brings several keys at once, tears escape sequences apart, and lets pastes look like typing.

let database: TestDatabase;
let absurd: Absurd;
let tasks: Spawned[];

beforeEach(async () => {
	database = await createDatabase();
	absurd = stage(database);
	await absurd.createQueue('mail');
	tasks = [];
	for (let index = 0; index < 8; index++)
		tasks.push(await absurd.spawn('mail', `task-${index}`, {}, {max_attempts: 1}));
	for (const run of await absurd.claim('mail', 'w', 8)) await absurd.fail('mail', run, 'Bounce', 'no');
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

async function onFailures(): Promise<Program> {
	const program = startProgram([database.url, '-i', '0.3'], {columns: 120, rows: 40});
	await program.waitFor('task-7');
	await program.press('tab', 'tab');
	await program.waitFor(/▸✗/);
	return program;
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));
const cursorRow = (screen: string) => /▸✗.* (task-\d)/.exec(screen)?.[1];
const rowsOfTasks = (screen: string) => [...screen.matchAll(/✗.* (task-\d)/g)].map(match => match[1]);

async function untouched(): Promise<void> {
	expect(await absurd.count('r', 'mail')).toBe(8);
	const rows = await database.query<{state: string}>('select distinct state from absurd."t_mail"');
	expect(rows).toEqual([{state: 'failed'}]);
}

describe('coalesced keys', () => {
	it('are all taken, one by one', async () => {
		const program = await onFailures();
		const order = rowsOfTasks(program.screen());
		program.write('jjj');
		await program.waitFor(screen => cursorRow(screen) === order[3]);
		program.write('kjk');
		await program.waitFor(screen => cursorRow(screen) === order[2]);
	}, 40_000);

	it('never open a dialog and confirm it, in whatever pieces they come', async () => {
		const program = await onFailures();
		for (const chunk of ['Ry', 'jRy', 'Ry\r', 'R\r', '*Ry', '*R8\r', 'CyCy', 'NyEy']) {
			program.write(chunk);
			await pause(150);
			await program.press('escape', 'escape', 'escape');
		}
		// It has read all of them.
		await program.press('?');
		await program.waitFor(/Help[\s\S]*next row/);
		await untouched();
	}, 60_000);
});

describe('a paste', () => {
	it.each(['\u001B[200~RyCy\r\u001B[201~', 'Ry1234567890CyRy\r'])(
		'is never commands: %j',
		async paste => {
			const program = await onFailures();
			program.write(paste);
			await program.waitFor(/never taken for keys/);
			await untouched();
		},
		40_000,
	);
});

describe('an escape sequence torn apart', () => {
	it.each([10, 30, 50])(
		'by %i ms is still the arrow, and goes nowhere else',
		async gap => {
			const program = await onFailures();
			const order = rowsOfTasks(program.screen());
			program.write('\u001B');
			await pause(gap);
			program.write('[B');
			await program.waitFor(screen => cursorRow(screen) === order[1]);
			expect(program.screen()).not.toMatch(/\[B/);
			await untouched();
		},
		40_000,
	);

	it('into single bytes as well', async () => {
		const program = await onFailures();
		const order = rowsOfTasks(program.screen());
		// Bytes that this machine sends further apart than any line would are no sequence: that was no try.
		let longest = Number.POSITIVE_INFINITY;
		while (longest > 40) {
			await program.press('g');
			longest = 0;
			for (const byte of '\u001B[B') {
				const sent = performance.now();
				program.write(byte);
				await pause(15);
				longest = Math.max(longest, performance.now() - sent);
			}
		}
		await program.waitFor(screen => cursorRow(screen) === order[1]);
		await untouched();
	}, 40_000);
});

it('random keys in random chunks: no action without its confirmation, no crash, no line beyond the window', async () => {
	const program = await onFailures();
	let state = 4711;
	const random = (below: number) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		return (state >>> 8) % below;
	};
	// Everything but what confirms (y, digits with Enter) and what quits.
	const keys = [
		'R',
		'C',
		'j',
		'k',
		'*',
		' ',
		'v',
		'U',
		'\t',
		'\u001B[B',
		'\u001B[A',
		'\u001B',
		'/',
		'<',
		'>',
		'?',
		'D',
		'@',
		'N',
		'E',
		'g',
		'G',
		'x',
	];
	for (let index = 0; index < 400; index++) {
		const length = 1 + random(4);
		program.write(Array.from({length}, () => keys[random(keys.length)]).join(''));
		await pause(random(40));
	}
	program.resize(80, 24);
	await program.press('escape', 'escape', 'escape', 'escape');
	await program.waitFor('Recent failures');
	expect(program.alternate()).toBe(true);
	expect(program.rows()).toHaveLength(24);
	await untouched();
}, 60_000);
