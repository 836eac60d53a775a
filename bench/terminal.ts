/**
 * What the program costs the terminal and the machine: start to first live data, CPU, memory, bytes and key latency,
 * at 200x50 against a real server with six queues. `npm run bench:terminal [-- --seconds 90]`; pg_activity is measured
 * beside it where it is installed. Prints a table; asserts nothing.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import pg from 'pg';
import {endPrograms, type Program, startProgram} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';

const flag = process.argv.indexOf('--seconds');
const seconds = flag === -1 ? 30 : Number(process.argv[flag + 1]);
const size = {columns: 200, rows: 50};
const queues = ['agents', 'mail', 'billing', 'webhooks', 'reports', 'imports'];
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

const server = await startServer();
const client = new pg.Client({connectionString: server.url()});
await client.connect();
await client.query(readFileSync(new URL('../sql/absurd.sql', import.meta.url), 'utf8'));
for (const queue of queues) {
	await client.query('select absurd.create_queue($1)', [queue]);
	await client.query(
		`select count(*) from (select (absurd.spawn_task($1, 'send-report', '{"n":1}', '{"max_attempts":5}')).run_id
		 from generate_series(1, 60)) spawned`,
		[queue],
	);
}

/** Claims until `total` runs are held in all queues together. */
async function hold(total: number): Promise<void> {
	for (const [index, queue] of queues.entries()) {
		const share = Math.floor(total / queues.length) + (index < total % queues.length ? 1 : 0);
		await client.query('select run_id from absurd.claim_task($1, $2, 600, $3)', [queue, `worker-${index}:77`, share]);
	}
}

/** Every second: some held runs report progress, one completes and another is claimed. Until `stop`. */
function churn(rows: number): {stop(): Promise<void>} {
	let running = true;
	const done = (async () => {
		for (let round = 0; running; round++) {
			const queue = queues[round % queues.length] ?? 'agents';
			const held = await client.query<{run_id: string; task_id: string}>(
				`select run_id, task_id from absurd."r_${queue}" where state = 'running' order by claim_expires_at limit $1`,
				[rows],
			);
			for (const [index, run] of held.rows.entries()) {
				if (index === 0) await client.query('select absurd.complete_run($1, $2, $3)', [queue, run.run_id, '"ok"']);
				else {
					await client.query('select absurd.set_task_checkpoint_state($1, $2, $3, $4, $5, 600)', [
						queue,
						run.task_id,
						`step#${round}`,
						'1',
						run.run_id,
					]);
				}
			}
			await client.query(`select absurd.spawn_task($1, 'send-report', '{"n":2}')`, [queue]);
			await client.query('select run_id from absurd.claim_task($1, $2, 600, 1)', [queue, 'worker-9:77']);
			await pause(1000);
		}
	})();
	return {
		async stop() {
			running = false;
			await done;
		},
	};
}

function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

function memoryMb(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function quantile(values: readonly number[], q: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

type Start = () => Program;

async function timeToData(start: Start, mark: string, runs = 12): Promise<number[]> {
	const times: number[] = [];
	for (let run = 0; run < runs; run++) {
		const began = performance.now();
		const program = start();
		await program.waitFor(() => program.output().includes(mark), 20_000);
		times.push(performance.now() - began);
		program.kill('SIGKILL');
		await program.exited;
	}
	return times;
}

interface Steady {
	readonly cpu: number;
	readonly memory: number;
	readonly bytesPerSecond: number;
}

async function steady(program: Program): Promise<Steady> {
	const [cpu, bytes, began] = [cpuSeconds(program.pid), program.bytes(), performance.now()];
	await pause(seconds * 1000);
	const elapsed = (performance.now() - began) / 1000;
	return {
		cpu: ((cpuSeconds(program.pid) - cpu) / elapsed) * 100,
		memory: memoryMb(program.pid),
		bytesPerSecond: (program.bytes() - bytes) / elapsed,
	};
}

async function keyLatency(program: Program, keys = 60): Promise<number[]> {
	const times: number[] = [];
	for (let index = 0; index < keys; index++) {
		const before = program.bytes();
		const began = performance.now();
		// Down and up in turns: at the end of a list a key changes nothing, and nothing is drawn.
		program.write(index % 2 === 0 ? 'j' : 'k');
		await program.waitFor(() => program.bytes() > before, 2000).catch(() => undefined);
		times.push(performance.now() - began);
		await pause(60 + (index % 7) * 10);
	}
	return times;
}

const table: [string, string][] = [];
const report = (name: string, value: string) => {
	table.push([name, value]);
	console.error(`${name}: ${value}`);
};
const ms = (value: number) => `${value.toFixed(0)} ms`;

const top: Start = () => startProgram([server.url()], size);
const starts = await timeToData(top, 'webhooks');
report('start to first live data, median / p95', `${ms(quantile(starts, 0.5))} / ${ms(quantile(starts, 0.95))}`);

let peer: Start | undefined;
try {
	execFileSync('pg_activity', ['--version'], {stdio: 'ignore'});
	peer = () =>
		startProgram(['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '--refresh', '2'], {
			...size,
			node: '/usr/bin/python3',
			script: '/usr/bin/pg_activity',
		});
	const peers = await timeToData(peer, 'postgres', 8);
	report('  pg_activity', ms(quantile(peers, 0.5)));
} catch {
	report('  pg_activity', 'not installed, or no data seen');
}

const program = top();
await program.waitFor('webhooks');
await pause(seconds * 1000);
const idle = await steady(program);
report(
	'idle queues',
	`${idle.cpu.toFixed(2)} % CPU, ${idle.memory.toFixed(0)} MB, ${idle.bytesPerSecond.toFixed(0)} bytes/s`,
);

await hold(22);
let load = churn(5);
await pause(5000);
const busy = await steady(program);
report(
	'22 claims, 5 rows changing',
	`${busy.cpu.toFixed(2)} % CPU, ${busy.memory.toFixed(0)} MB, ${busy.bytesPerSecond.toFixed(0)} bytes/s`,
);
const keys = await keyLatency(program);
report(
	'key to paint while polling, p50 / p95',
	`${quantile(keys, 0.5).toFixed(1)} / ${quantile(keys, 0.95).toFixed(1)} ms`,
);
await load.stop();

await hold(24);
load = churn(46);
await pause(5000);
const all = await steady(program);
report(
	'46 claims, all changing',
	`${all.cpu.toFixed(2)} % CPU, ${all.memory.toFixed(0)} MB, ${all.bytesPerSecond.toFixed(0)} bytes/s`,
);

await program.press('p');
await pause(3000);
const paused = await steady(program);
report(
	'paused',
	`${paused.cpu.toFixed(2)} % CPU, ${paused.memory.toFixed(0)} MB, ${paused.bytesPerSecond.toFixed(0)} bytes/s`,
);
await load.stop();
if (peer) {
	const other = peer();
	await pause(seconds * 1000);
	const figures = await steady(other);
	report(
		'  pg_activity',
		`${figures.cpu.toFixed(2)} % CPU, ${figures.memory.toFixed(0)} MB, ${figures.bytesPerSecond.toFixed(0)} bytes/s`,
	);
}

await endPrograms();
await client.end();
await server.remove();
const width = Math.max(...table.map(([name]) => name.length));
console.log(`\nNode ${process.version}, 200x50, six queues, ${seconds} s each`);
for (const [name, value] of table) console.log(`${name.padEnd(width)}  ${value}`);
process.exit(0);
