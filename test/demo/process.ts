import {existsSync, readFileSync} from 'node:fs';

/** The directory in a connection string of the demo. */
export function directoryOf(database: string): string {
	const directory = /^host='([^']+)'/.exec(database)?.[1];
	if (directory === undefined) throw new Error(`No directory in ${database}`);
	return directory;
}

/** Ids of the child processes of a process. */
export function childrenOf(pid: number): number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

export function isAlive(pid: number): boolean {
	return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
