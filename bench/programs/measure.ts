import {readFileSync} from 'node:fs';
import type {Program} from '../../test/support/program.ts';
import type {TickCounter} from './tick-counter.ts';

/** A program on the terminal that is measured. */
export interface Candidate {
	readonly name: string;
	start(): Program;
	/** What its screen shows once there are data. */
	readonly mark: string | RegExp;
	/** Two keys that move the cursor to and fro. */
	readonly keys: readonly [string, string];
}

/** What a program costs. */
export interface Figures {
	readonly name: string;
	/** From spawning to the mark, milliseconds. */
	readonly start: {readonly median: number; readonly best: number};
	/** Share of one core, per cent. */
	readonly cpu: number;
	/** Resident, megabytes. */
	readonly memory: number;
	/** Written to the terminal. */
	readonly bytesPerSecond: number;
	/** From a key to the first byte, milliseconds. */
	readonly key: {readonly p50: number; readonly p95: number};
	readonly bytesPerKey: number;
}

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** The value that so large a share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Processor time that a process has used, seconds. */
function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process, megabytes. */
export function memoryOf(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function ended(program: Program): Promise<void> {
	program.kill('SIGKILL');
	await program.exited;
}

/** From spawning to the mark, milliseconds. */
async function timeToData({start, mark}: Candidate): Promise<number> {
	const began = performance.now();
	const program = start();
	await program.waitFor(mark, 20_000);
	const time = performance.now() - began;
	await ended(program);
	return time;
}

/** What a running program costs for so many seconds. */
export async function steady(
	program: Program,
	seconds: number,
): Promise<Pick<Figures, 'cpu' | 'memory' | 'bytesPerSecond'>> {
	const [cpu, bytes, began] = [cpuSeconds(program.pid), program.bytes(), performance.now()];
	await pause(seconds * 1000);
	const elapsed = (performance.now() - began) / 1000;
	return {
		cpu: ((cpuSeconds(program.pid) - cpu) / elapsed) * 100,
		memory: memoryOf(program.pid),
		bytesPerSecond: (program.bytes() - bytes) / elapsed,
	};
}

/** Presses keys while the program polls. What a poll paints meanwhile counts, so the figures are medians. */
export async function press(
	program: Program,
	keys: Candidate['keys'],
	count: number,
): Promise<Pick<Figures, 'key' | 'bytesPerKey'>> {
	const times: number[] = [];
	const bytes: number[] = [];
	for (let index = 0; index < count; index++) {
		const before = program.bytes();
		const answered = program.nextBytes();
		const began = performance.now();
		program.write(keys[index % 2 === 0 ? 0 : 1]);
		times.push((await Promise.race([answered, pause(2000).then(() => performance.now())])) - began);
		await pause(60 + (index % 7) * 10);
		bytes.push(program.bytes() - before);
	}
	return {key: {p50: quantile(times, 0.5), p95: quantile(times, 0.95)}, bytesPerKey: quantile(bytes, 0.5)};
}

/**
 * Starts of programs by name, milliseconds, so many of each, in turns: a machine is not as quick all the time. The very
 * first, which keeps for the others what it had to make, is not among them.
 */
export async function startsInTurns(
	all: readonly Candidate[],
	rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
	for (const {start, mark} of all) {
		const program = start();
		await program.waitFor(mark, 20_000);
		program.write('q');
		await program.exited;
	}
	const starts = new Map(all.map(({name}): [string, number[]] => [name, []]));
	for (let round = 0; round < rounds; round++) {
		for (const candidate of all) starts.get(candidate.name)?.push(await timeToData(candidate));
	}
	return starts;
}

/** Measures one program besides its starts: so many seconds of warm-up, so many measured, then keys. */
export async function measureProgram(
	candidate: Candidate,
	starts: readonly number[],
	seconds: number,
): Promise<Figures> {
	const start = {median: quantile(starts, 0.5), best: quantile(starts, 0)};
	const program = candidate.start();
	await program.waitFor(candidate.mark, 20_000);
	await pause(seconds * 1000);
	const costs = await steady(program, seconds);
	const keys = await press(program, candidate.keys, 60);
	await ended(program);
	return {name: candidate.name, start, ...costs, ...keys};
}

/** Memory of a program in megabytes after a tenth of so many ticks, and after all of them. */
export async function memoryAfter(
	program: Program,
	ticks: number,
	counter: TickCounter,
): Promise<{readonly early: number; readonly late: number}> {
	const until = async (wanted: number) => {
		while (counter.ticks < wanted) await pause(100);
		return memoryOf(program.pid);
	};
	const early = await until(ticks * 0.1);
	const late = await until(ticks);
	await ended(program);
	return {early, late};
}
