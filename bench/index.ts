/**
 * All benchmarks of what the program costs, and the tables of `bench/README.md`: `npm run bench`. It puts together
 * `bench/terminal.ts`, the programs of `bench/programs/` (peers beside ours, where they are installed), and
 * `bench/poll.ts`. A whole run takes most of an hour; `--quick` some minutes, and writes nothing.
 */
import {spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';
import {fileURLToPath} from 'node:url';
import {startProgram} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';
import {measurePolls, queueCounts} from './poll/run.ts';
import {cellsOf} from './poll/table.ts';
import {candidates} from './programs/candidates.ts';
import {type Figures, measureProgram, memoryAfter} from './programs/measure.ts';
import {openWorkload} from './programs/workload.ts';

const quick = process.argv.includes('--quick');

function option(name: string, otherwise: number): number {
	const index = process.argv.indexOf(name);
	return index === -1 ? otherwise : Number(process.argv[index + 1]);
}

const seconds = option('--seconds', quick ? 5 : 90);
const ticks = option('--ticks', quick ? 100 : 10_000);
const finished = option('--finished', quick ? 20_000 : 5_000_000);

/** The shortest interval that the program takes, milliseconds. */
const interval = 100;

type Row = readonly string[];

function markdown([titles = [], ...rows]: readonly Row[]): string {
	const line = (cells: Row) => `| ${cells.join(' | ')} |`;
	const rule = titles.map((_, index) => (index === 0 ? '---' : '---:'));
	return [titles, rule, ...rows].map(line).join('\n');
}

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

function programRow({name, start, cpu, memory, bytesPerSecond, key, bytesPerKey}: Figures): Row {
	return [
		name,
		`${start.toFixed(0)} ms`,
		`${cpu.toFixed(2)} %`,
		`${memory.toFixed(0)} MB`,
		bytesPerSecond.toFixed(0),
		`${key.p50.toFixed(1)} / ${key.p95.toFixed(1)} ms`,
		bytesPerKey.toFixed(0),
	];
}

const titles = ['program', 'start to data', 'CPU', 'memory', 'bytes/s', 'key to paint p50 / p95', 'bytes per key'];

async function programs(): Promise<{readonly rows: readonly Row[]; readonly memory: string}> {
	const server = await startServer();
	const work = await openWorkload(server);
	await work.hold(22);
	const load = work.change(5);
	const rows: Row[] = [];
	for (const candidate of candidates(server)) {
		const row = programRow(await measureProgram(candidate, seconds, quick ? 3 : 12));
		console.error(row.join('  '));
		rows.push(row);
	}
	const fast = startProgram([server.url(), '-i', String(interval / 1000)], {columns: 200, rows: 50});
	await fast.waitFor('webhooks');
	const {early, late} = await memoryAfter(fast, ticks, interval);
	await load.stop();
	await work.close();
	await server.remove();
	const memory = `${early.toFixed(0)} MB after ${ticks / 10} ticks, ${late.toFixed(0)} MB after ${ticks}`;
	console.error(memory);
	return {rows, memory};
}

const load = loadavg()[0]?.toFixed(1);
const screen = await rowsOf('terminal.ts', '--seconds', String(seconds));
const compared = await programs();
const counts = quick ? queueCounts.slice(0, 2) : queueCounts;
const polls = await measurePolls(finished, counts, row => console.error(cellsOf([row])[1]?.join('  ')));

const machine = `${cpus().length} cores${cpus()[0] === undefined ? '' : ` (${cpus()[0]?.model.trim()})`}`;
const text = `Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.version}, ${machine}, load ${load} before it began;
${seconds} s of warm-up, ${seconds} s measured, 200x50, a refresh of 2 s.

### The screen

Six queues; the figures of \`bench:terminal\`.

${markdown([['what', 'measured'], ...screen])}

Memory at a refresh of ${interval} ms while rows change: ${compared.memory}.

### Beside its peers, in the same run

The same server, 22 claims, five rows changing between two refreshes. Cursor keys, while the programs refresh.

${markdown([titles, ...compared.rows])}

### A tick in the database

Server time of one tick of the real poller over all queues, beside the statement of a dashboard that counts every task.
\`cpu\`: processor time of the backend. \`cut\`: as the program does it, within its budget.

${markdown(cellsOf(polls))}`;

if (quick) console.log(text);
else {
	const path = new URL('README.md', import.meta.url);
	const [head = ''] = readFileSync(path, 'utf8').split('<!-- figures');
	const note = '<!-- figures: everything below is written by npm run bench -->';
	writeFileSync(path, `${head}${note}\n\n${text}\n`);
}
process.exit(0);
