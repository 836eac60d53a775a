import {appendFileSync} from 'node:fs';
import {UsageError} from './usage-error.ts';

/**
 * Where our own errors and pg's warnings go instead of the screen: lines with an instant, appended to the file of
 * `--debug-log`; nowhere without it. Throws a UsageError when the file cannot be written.
 */
export function openDebugLog(path: string | undefined): (line: string) => void {
	// Node itself would print them, over whatever is on the screen.
	process.removeAllListeners('warning');
	if (path === undefined) return () => {};
	const log = (line: string) => appendFileSync(path, `${new Date().toISOString()} ${line}\n`, {mode: 0o600});
	try {
		log(`started, Node ${process.version}`);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`The file of --debug-log cannot be written (${reason}).`, {cause: error});
	}
	process.on('warning', warning => log(`${warning.name}: ${warning.message}`));
	return log;
}
