import type {Refusal} from '../../monitor/doctor-facts.ts';
import type {ActionKind} from '../../monitor/hands.ts';
import {missingFunction, missingRights, readRights} from '../rights.ts';
import {isTexts} from '../row.ts';
import {text} from '../rows.ts';
import {statement} from '../sql.ts';
import {type Prober, rowsOf} from './probe.ts';

const kinds: readonly ActionKind[] = ['retry', 'cancel', 'spawn', 'emit'];

/** Queues whose rights are looked at: where one role may do what another may not, they rarely differ. */
const queuesAsked = 50;

/** Reads indexes and rights in one round trip. Rejects with a SourceError. */
export const probeDoctor: Prober<'doctor'> = async ({user, schemaVersion}, {read, book}) => {
	const queues = [...book.queues.keys()].slice(0, queuesAsked);
	const rights = queues.map(queue => statement('queue-rights', {}, {queue}, queue));
	const {outcomes} = await read([statement('doctor-indexes', {}, {}), ...rights]);
	const indexes = rowsOf(outcomes[0]).map(row => {
		const invalid = row['invalid'];
		return {
			queue: text(row, 'queue_name'),
			byState: row['by_state'] === true,
			byTask: row['by_task'] === true,
			invalid: isTexts(invalid) ? invalid : [],
		};
	});
	const refusals = queues.flatMap((queue, index): readonly Refusal[] => {
		const have = readRights(rowsOf(outcomes[index + 1]));
		return kinds.flatMap(kind => {
			const sentence = missingFunction(kind, schemaVersion) ?? missingRights(kind, queue, user, have);
			return sentence === undefined ? [] : [{queue, kind, sentence}];
		});
	});
	return {indexes: indexes.filter(({queue}) => book.queues.has(queue)), refusals};
};
