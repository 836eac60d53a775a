import {type Connection, planDatabase} from './connection.ts';
import {openDebugLog} from './debug-log.ts';
import {type Demo, startDemo} from './demo/start.ts';
import type {Job} from './headless/command.ts';
import {runOnce} from './headless/once.ts';
import {keepCode} from './keep-code.ts';
import {createMonitor} from './monitor/create-monitor.ts';
import {onceBudget} from './monitor/tick-budget.ts';
import type {Options} from './options.ts';
import {commandOf, readOptions} from './read-options.ts';
import {Interrupted} from './terminal/ask-password.ts';
import {loadScreen, turn} from './terminal/load-screen.ts';
import {sanitise} from './terminal/sanitise.ts';
import {UsageError} from './usage-error.ts';

/** Runs the program with the arguments behind its name; answers the exit code (design: 0 fine, 1 failed, 2 usage). */
export async function main(argv: readonly string[]): Promise<number> {
	try {
		const invocation = readOptions(argv, process.env, process.stdout.isTTY === true);
		if (invocation.kind === 'print') {
			process.stdout.write(invocation.text);
			return 0;
		}
		return await (invocation.kind === 'run' ? run(invocation.options) : command(invocation.options, invocation.job));
	} catch (error) {
		if (error instanceof Interrupted) return 130;
		const sentence = error instanceof Error ? error.message : String(error);
		const report = commandOf(argv)?.report?.(sentence);
		if (report) process.stdout.write(report.stdout);
		else complain(sentence);
		return report?.code ?? (error instanceof UsageError ? 2 : 1);
	}
}

async function command(options: Options, job: Job): Promise<number> {
	const {stdin, stdout, stderr} = process;
	const connection = await planDatabase(options, options.database);
	try {
		const code = await job({connection, options, stdin, stdout, stderr});
		keepCode('once');
		return code;
	} finally {
		await connection.close();
	}
}

function complain(sentence: string): void {
	process.stderr.write(`absurd-top: ${sanitise(sentence)}\n`);
}

async function run(options: Options): Promise<number> {
	const log = openDebugLog(options.debugLog);
	if (options.once === false && process.stdin.isTTY !== true) {
		throw new UsageError('The screen needs a terminal on standard input; use --once to print the overview.');
	}
	if (!options.demo) return watch(options, await planDatabase(options, options.database), log);
	if (options.once === false) process.stderr.write('Starting the demo…\n');
	const demo: Demo = await startDemo();
	try {
		return await watch(options, await planDatabase(options, demo.database), log);
	} finally {
		await demo.close();
	}
}

async function watch(options: Options, connection: Connection, log: (line: string) => void): Promise<number> {
	const {once} = options;
	// The screen is loaded while the server answers; it opens after a password was asked for, before the first query.
	const answered = connection.first();
	const screen = once === false ? loadScreen(answered) : undefined;
	await answered;
	const monitor = createMonitor(connection.watch, once === false ? options : {...options, tickBudget: onceBudget});
	try {
		if (once !== false) {
			const code = await runOnce(monitor, {...options, once}, process.stdout);
			keepCode('once');
			return code;
		}
		const runScreen = await screen;
		// The first question is under way before the first frame takes the processor.
		await turn();
		const ending = await runScreen?.({monitor, hands: () => connection.hands, options, log});
		if (ending?.error !== undefined) complain(ending.error.message);
		return ending?.code ?? 1;
	} finally {
		const cut = await connection.settle();
		if (cut !== undefined) complain(cut);
		await monitor.close();
		await connection.close();
	}
}
