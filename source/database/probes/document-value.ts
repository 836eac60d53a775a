import {type FetchedValue, headLength, mostMembers, type ValueAddress} from '../../monitor/big-document.ts';
import type {RunRef} from '../../monitor/snapshot.ts';
import {tableIdentifiers} from '../ask-statement.ts';
import {number, optionalText, text} from '../rows.ts';
import {statement} from '../sql.ts';
import type {Statement} from '../statement.ts';
import {type ProbeTools, rowsOf} from './probe.ts';

export function documentValueStatement(run: RunRef, {field, runId, checkpoint, path}: ValueAddress): Statement {
	return statement(
		'document-value',
		tableIdentifiers(run.queue, ['t', 'r', 'c']),
		{
			field,
			task: run.taskId,
			run: runId ?? null,
			checkpoint: checkpoint ?? null,
			path: [...path],
			// One of each more tells that there is more.
			characters: headLength + 1,
			members: mostMembers + 1,
		},
		run.queue,
	);
}

/** Reads one value of a large document. Rejects with a SourceError. */
export async function readValue(
	run: RunRef,
	address: ValueAddress,
	read: ProbeTools['read'],
): Promise<FetchedValue | undefined> {
	const {outcomes} = await read([documentValueStatement(run, address)]);
	const [self, ...members] = rowsOf(outcomes[0]);
	const kind = self && optionalText(self, 'kind');
	if (self === undefined || kind === undefined) return undefined;
	const head = text(self, 'text');
	return {
		kind,
		bytes: number(self, 'bytes'),
		text: head.slice(0, headLength),
		complete: head.length <= headLength,
		members: members
			.slice(0, mostMembers)
			.map(row => ({key: text(row, 'key'), kind: text(row, 'kind'), bytes: number(row, 'bytes')})),
		membersCut: members.length > mostMembers,
	};
}
