import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

type SuspendTerminal = (callback: () => Promise<void>) => Promise<void>;

/** What the editor is called with, as a shell understands it: `code --wait` works. */
function editorOf(environment: NodeJS.ProcessEnv): string {
	return environment['VISUAL']?.trim() || environment['EDITOR']?.trim() || 'vi';
}

function run(editor: string, file: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], {stdio: 'inherit'});
		child.on('error', error => reject(new Error(`${editor} could not be started (${error.message}).`)));
		child.on('exit', (code, signal) => {
			if (code === 0) resolve();
			else reject(new Error(`${editor} ended with ${signal ?? `exit code ${String(code)}`}: the text is as it was.`));
		});
	});
}

/**
 * Hands the terminal to $VISUAL, $EDITOR or vi with this text in a file that only its owner may read; answers what was
 * saved. Rejects with a sentence when the editor fails.
 */
export async function editText(
	suspendTerminal: SuspendTerminal,
	text: string,
	{env: environment, stdin}: Pick<NodeJS.Process, 'env' | 'stdin'>,
): Promise<string> {
	const directory = mkdtempSync(join(tmpdir(), 'absurd-top-'));
	const file = join(directory, 'value.json');
	// What the editor stops with Ctrl-Z stops us, too: who listens to the signal is not stopped by it.
	const listeners = process.listeners('SIGTSTP');
	process.removeAllListeners('SIGTSTP');
	try {
		writeFileSync(file, `${text}\n`, {mode: 0o600});
		await suspendTerminal(async () => {
			// Ink listens no more, but Node has a read under way: the editor would not get its first key.
			await new Promise(resolve => setImmediate(resolve));
			stdin.pause();
			await run(editorOf(environment), file);
		});
		return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
	} finally {
		for (const listener of listeners) process.on('SIGTSTP', listener);
		rmSync(directory, {recursive: true, force: true});
	}
}
