import type {Vocabulary} from '../../monitor/filter/complete.ts';
import {rowKeys} from '../../monitor/filter/rows.ts';
import type {Snapshot} from '../../monitor/snapshot.ts';
import {vocabularyOf} from '../vocabulary.ts';
import type {PanelId} from './state.ts';

/** What Tab offers in a panel. */
export function panelVocabulary(panel: PanelId, snapshot: Snapshot): Vocabulary {
	const {queue, ...known} = vocabularyOf(snapshot);
	// The name of a queue is what `name:` asks for in the panel of queues.
	return {...known, queue, ...(panel === 'queues' ? {name: queue} : {}), keys: rowKeys[panel]};
}
