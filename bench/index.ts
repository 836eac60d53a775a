/**
 * All benchmarks of what the program costs, and the tables of `bench/README.md`: `npm run bench`. It puts together
 * `bench/terminal.ts`, the programs of `bench/programs/` (peers beside ours, where they are installed), and
 * `bench/poll.ts`. A whole run takes most of an hour; `--part screen`, `peers` or `ticks` measures one of them;
 * `--quick` takes some minutes and writes nothing.
 */
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {startProgram} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';
import type {Measurement} from './poll/measure.ts';
import {measurePolls, queueCounts} from './poll/run.ts';
import {cellsOf} from './poll/table.ts';
import {candidates} from './programs/candidates.ts';
import {type Figures, measureProgram, memoryAfter, startsInTurns} from './programs/measure.ts';
import {countTicks} from './programs/tick-counter.ts';
import {openWorkload} from './programs/workload.ts';
import {circumstances, load, markdown, type Row, writePart} from './report.ts';

const quick = process.argv.includes('--quick');

function option(name: string): string | undefined {
	const index = process.argv.indexOf(name);
	return index === -1 ? undefined : process.argv[index + 1];
}

const seconds = Number(option('--seconds') ?? (quick ? 5 : 90));
const ticks = Number(option('--ticks') ?? (quick ? 100 : 10_000));
const finished = Number(option('--finished') ?? (quick ? 20_000 : 5_000_000));

/** The shortest interval that the program takes, milliseconds. */
const interval = 100;

/** Runs a benchmark that prints `name  value` lines at its end. */
function rowsOf(script: string, ...flags: readonly string[]): Promise<readonly Row[]> {
	const path = fileURLToPath(new URL(script, import.meta.url));
	const child = spawn(process.execPath, [path, ...flags], {stdio: ['ignore', 'pipe', 'inherit']});
	let text = '';
	child.stdout.setEncoding('utf8').on('data', chunk => {
		text += chunk;
	});
	return new Promise((resolve, reject) => {
		child.on('close', code => {
			const rows = text.split('\n').flatMap((line): Row[] => {
				const [, name, value] = /^( *\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
				return name === undefined || value === undefined ? [] : [[name.trim(), value]];
			});
			if (code === 0 && rows.length > 0) resolve(rows);
			else reject(new Error(`${script} ended with ${code}.`));
		});
	});
}

async function screen(): Promise<string> {
	const rows = await rowsOf('terminal.ts', '--seconds', String(seconds));
	return `Six queues, 200x50, a refresh of 2 s, ${seconds} s each after a warm-up; the figures of \`bench:terminal\`.
The first start of a build, which keeps the code that it compiled, takes twice as long and is not among the starts.

${markdown([['what', 'measured'], ...rows])}`;
}

function programRow({name, start, cpu, memory, bytesPerSecond, key, bytesPerKey}: Figures): Row {
	return [
		name,
		`${start.median.toFixed(0)} / ${start.best.toFixed(0)} ms`,
		`${cpu.toFixed(2)} %`,
		`${memory.toFixed(0)} MB`,
		bytesPerSecond.toFixed(0),
		`${key.p50.toFixed(1)} / ${key.p95.toFixed(1)} ms`,
		bytesPerKey.toFixed(0),
	];
}

const titles = [
	'program',
	'start to data, median / best',
	'CPU',
	'memory',
	'bytes/s',
	'key to paint p50 / p95',
	'bytes per key',
];

async function peers(): Promise<string> {
	const server = await startServer();
	const work = await openWorkload(server);
	await work.hold(22);
	const churn = work.change(5);
	const all = candidates(server);
	const starts = await startsInTurns(all, quick ? 3 : 40);
	const rows: Row[] = [];
	for (const candidate of all) {
		const row = programRow(await measureProgram(candidate, starts.get(candidate.name) ?? [], seconds));
		console.error(row.join('  '));
		rows.push(row);
	}
	const fast = startProgram([server.url(), '-i', String(interval / 1000)], {columns: 200, rows: 50});
	await fast.waitFor('webhooks');
	const counter = await countTicks(server.url());
	const {early, late} = await memoryAfter(fast, ticks, counter);
	await counter.stop();
	await churn.stop();
	await work.close();
	await server.remove();
	return `In the same run: the same server, 22 claims, five rows changing between two refreshes, 200x50, a refresh of 2 s,
${seconds} s of warm-up and ${seconds} s measured. Starts in turns, the first of each not counted. Cursor keys, while the programs refresh.

${markdown([titles, ...rows])}

Memory of absurd-top at a refresh of ${interval} ms: ${early.toFixed(0)} MB after ${ticks / 10} ticks, ${late.toFixed(0)} MB after ${ticks}.`;
}

/** It takes long, so what is known by then is told after each row. */
async function polls(tell: (text: string) => void): Promise<string> {
	const counts = quick ? queueCounts.slice(0, 2) : queueCounts;
	const known: Measurement[] = [];
	const rows = await measurePolls(finished, counts, row => {
		console.error(cellsOf([row])[1]?.join('  '));
		known.push(row);
		tell(pollText(known));
	});
	return pollText(rows);
}

function pollText(rows: readonly Measurement[]): string {
	return `Server time of one tick of the real poller over all queues, beside the statement of a dashboard that counts every task.
\`cpu\`: processor time of the backend. \`cut\`: as the program does it, within its budget.

${markdown(cellsOf(rows))}`;
}

/** Measures a part; `tell` hears what is known of it before the end. */
type Measure = (tell: (text: string) => void) => Promise<string>;

const parts: Readonly<Record<string, readonly [heading: string, measure: Measure]>> = {
	screen: ['The screen', screen],
	peers: ['Beside its peers', peers],
	ticks: ['A tick in the database', polls],
};

const asked = option('--part');
if (asked !== undefined && parts[asked] === undefined) {
	console.error(`There is no part ${asked}; there are ${Object.keys(parts).join(', ')}.`);
	process.exit(2);
}
for (const [name, [heading, measure]] of Object.entries(parts)) {
	if (asked !== undefined && asked !== name) continue;
	const before = load();
	const write = (text: string) => {
		if (!quick) writePart(heading, `${text}\n\nMeasured on ${circumstances(before)}.`);
	};
	const text = await measure(write);
	if (quick) console.log(`### ${heading}\n\n${text}\n`);
	else write(text);
}
process.exit(0);
