import type {ActionKind} from '../../monitor/hands.ts';
import type {Refusal} from '../../monitor/refusal.ts';
import {missingFunction, missingRights, readRights} from '../rights.ts';
import {statement} from '../sql.ts';
import {type Prober, rowsOf} from './probe.ts';

const kinds: readonly ActionKind[] = ['retry', 'cancel', 'spawn', 'emit'];

/** Queues whose rights are looked at: where one role may do what another may not, they rarely differ. */
const queuesAsked = 50;

/** Reads what the role may not do, in one round trip. Rejects with a SourceError. */
export const probeRefusals: Prober<'refusals'> = async ({user, schemaVersion}, {read, book}) => {
	const queues = [...book.queues.keys()].slice(0, queuesAsked);
	const {outcomes} = await read(queues.map(queue => statement('queue-rights', {}, {queue}, queue)));
	return queues.flatMap((queue, index): readonly Refusal[] => {
		const have = readRights(rowsOf(outcomes[index]));
		return kinds.flatMap(kind => {
			const sentence = missingFunction(kind, schemaVersion) ?? missingRights(kind, queue, user, have);
			return sentence === undefined ? [] : [{queue, kind, sentence}];
		});
	});
};
