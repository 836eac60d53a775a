import {spawnSync} from 'node:child_process';
import {startProgram} from '../../test/support/program.ts';
import type {TestServer} from '../../test/support/server.ts';
import type {Candidate} from './measure.ts';

const size = {columns: 200, rows: 50};
const arrows = ['\u001B[B', '\u001B[A'] as const;

/** The program and those of its peers that are installed, all of them at 200x50 and a refresh of two seconds. */
export function candidates(server: TestServer): readonly Candidate[] {
	const ours: Candidate = {
		name: 'absurd-top',
		start: () => startProgram([server.url()], size),
		mark: 'webhooks',
		keys: ['j', 'k'],
	};
	const place = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '--refresh', '2'];
	return [ours, ...peer('pg_activity', /RUNNING QUERIES/i, place), ...peer('htop', /Load average/, ['-d', '20'])];
}

function peer(name: string, mark: RegExp, line: readonly string[]): readonly Candidate[] {
	const path = spawnSync('which', [name], {encoding: 'utf8'}).stdout.trim();
	if (path === '') return [];
	const [first = '', ...rest] = line;
	return [{name, start: () => startProgram(rest, {...size, node: path, script: first}), mark, keys: arrows}];
}
