import {afterEach, beforeEach, expect, it} from 'vitest';
import {stage} from '../support/absurd.ts';
import {createDatabase, type TestDatabase} from '../support/database.ts';
import {endPrograms, type Program, startProgram} from '../support/program.ts';
import {createRandom, pick} from '../support/random.ts';

// The whole program on a pseudo terminal under random bytes: what confirms never comes alone, so nothing may be done.

const chunks = Number(process.env['RANDOM_CHUNKS'] ?? 150);
const seed = Number(process.env['RANDOM_SEED'] ?? 20_261_122);

let database: TestDatabase;

beforeEach(async () => {
	database = await createDatabase();
	const absurd = stage(database);
	await absurd.createQueue('mail');
	for (let index = 0; index < 12; index++) await absurd.spawn('mail', `task-${index % 4}`, {}, {max_attempts: 1});
	for (const run of await absurd.claim('mail', 'w', 8)) await absurd.fail('mail', run, 'Bounce', 'no');
	await absurd.claim('mail', 'w-2', 2);
});
afterEach(async () => {
	await endPrograms();
	await database.drop();
});

const keys = [
	...'RRRCCCANEsre123456789jkgGvU*M /?@:!<>IToDwfTtq+-n漢é',
	'\r',
	'\t',
	'\u001b',
	'\u001b[A',
	'\u001b[B',
	'\u001b[C',
	'\u001b[6~',
	'\u001b[200~Ry\u001b[201~',
	'\u007f',
	'\u0005',
	'\u0015',
];

/** What a bad line may bring: a key, several at once, a torn sequence; `y`, and Enter behind digits, never alone. */
function chunk(random: () => number): string {
	if (random() < 0.7) return pick(keys, random);
	const burst = Array.from({length: 2 + Math.floor(random() * 3)}, () => (random() < 0.3 ? 'y' : pick(keys, random)));
	return burst.join('');
}

const pause = (milliseconds: number) =>
	new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), milliseconds));

async function everything(): Promise<readonly unknown[]> {
	const tables = ['t', 'r', 'c', 'e', 'w'].map(
		table => `select '${table}' as of, to_jsonb(row)::text as row from absurd."${table}_mail" as row`,
	);
	return database.query(`${tables.join(' union all ')} order by 1, 2`);
}

it(`${chunks} random chunks of input change nothing and break nothing`, async () => {
	const random = createRandom(seed);
	const before = await everything();
	const start = async () => {
		const program = startProgram([database.url, '-i', '0.3'], {
			columns: 80,
			rows: 24,
			env: {EDITOR: 'true', VISUAL: ''},
		});
		await program.waitFor('task-');
		return program;
	};
	const codes: number[] = [];
	let program: Program | undefined;
	for (let index = 0; index < chunks; index++) {
		// `q` on the overview ends it.
		program ??= await start();
		const running = program;
		if (random() < 0.05) running.resize(pick([80, 60, 120, 40], random), pick([24, 15, 40, 10], random));
		running.write(chunk(random));
		const ended = await Promise.race([running.exited, pause(40)]);
		if (ended === undefined) continue;
		codes.push(ended.code);
		program = undefined;
	}
	expect(codes.filter(code => code !== 0)).toEqual([]);
	expect(await everything()).toEqual(before);
	// It still listens.
	program ??= await start();
	await program.press('ctrl+c');
	expect((await program.exited).code).toBe(130);
}, 120_000);
