/**
 * What the program costs the terminal and the machine: start to first live data, CPU, memory, bytes and key latency,
 * at 200x50 against a real server with six queues. `npm run bench:terminal [-- --seconds 90]`; pg_activity is measured
 * beside it where it is installed. Prints a table; asserts nothing.
 */
import type {Program} from '../test/support/program.ts';
import {startServer} from '../test/support/server.ts';
import {candidates} from './programs/candidates.ts';
import {press, quantile, startsInTurns, steady} from './programs/measure.ts';
import {openWorkload} from './programs/workload.ts';

const flag = process.argv.indexOf('--seconds');
const seconds = flag === -1 ? 30 : Number(process.argv[flag + 1]);

/** Between a new load and its measurement: what is new has its own costs. */
const settling = 5000;
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

const server = await startServer();
const work = await openWorkload(server);
const table: [string, string][] = [];

function report(name: string, value: string): void {
	table.push([name, value]);
	console.error(`${name}: ${value}`);
}

async function reportSteady(name: string, program: Program): Promise<void> {
	const {cpu, memory, bytesPerSecond} = await steady(program, seconds);
	report(name, `${cpu.toFixed(2)} % CPU, ${memory.toFixed(0)} MB, ${bytesPerSecond.toFixed(0)} bytes/s`);
}

const [ours, peer] = candidates(server);
if (ours === undefined) throw new Error('There is nothing to measure.');
const starts = await startsInTurns([ours, ...(peer ? [peer] : [])], 40);
for (const [name, times] of starts) {
	const [median, slow, best] = [0.5, 0.95, 0].map(share => `${quantile(times, share).toFixed(0)} ms`);
	report(`start of ${name}, median / p95 / best`, `${median} / ${slow} / ${best}`);
}

const program = ours.start();
await program.waitFor(ours.mark);
await pause(seconds * 1000);
await reportSteady('idle queues', program);

await work.hold(22);
let load = work.change(5);
await pause(settling);
await reportSteady('22 claims, 5 rows changing', program);
const {key, bytesPerKey} = await press(program, ours.keys, 60);
report(
	'key to paint while polling, p50 / p95',
	`${key.p50.toFixed(1)} / ${key.p95.toFixed(1)} ms, ${bytesPerKey} bytes`,
);
await load.stop();

await work.hold(46);
load = work.change(46);
await pause(settling);
await reportSteady('46 claims, all changing', program);

await program.press('p');
await pause(3000);
await reportSteady('paused', program);
await load.stop();
program.kill('SIGKILL');
await program.exited;

if (peer !== undefined) {
	const other = peer.start();
	await other.waitFor(peer.mark);
	await pause(seconds * 1000);
	await reportSteady(`  ${peer.name}`, other);
	other.kill('SIGKILL');
	await other.exited;
}

await work.close();
await server.remove();
const width = Math.max(...table.map(([name]) => name.length));
console.log(`\nNode ${process.version}, 200x50, six queues, ${seconds} s each`);
for (const [name, value] of table) console.log(`${name.padEnd(width)}  ${value}`);
process.exit(0);
