import type {BulkKind} from '../../monitor/bulk.ts';
import type {ActionKind, Intent} from '../../monitor/hands.ts';

interface Words {
	readonly title: string;
	/** What `y` does. */
	readonly verb: string;
	readonly working: string;
}

const words: Readonly<Record<ActionKind, Words>> = {
	retry: {title: 'Retry task', verb: 'retry it', working: 'Retrying…'},
	cancel: {title: 'Cancel task', verb: 'cancel it', working: 'Cancelling…'},
	spawn: {title: 'Spawn task', verb: 'spawn it', working: 'Spawning…'},
	emit: {title: 'Emit event', verb: 'emit it', working: 'Emitting…'},
};

/** What a row says while it is acted on. */
export const doingWords: Readonly<Record<BulkKind, string>> = {retry: 'retrying…', cancel: 'cancelling…'};

/** What a row says when it was, until the next tick shows it by itself. */
export const doneWords: Readonly<Record<BulkKind, string>> = {retry: 'retried', cancel: 'cancelled'};

export function wordsOf(intent: Intent): Words {
	return intent.kind === 'retry' && intent.spawnNew
		? {...words.retry, title: 'Retry task as a new one'}
		: words[intent.kind];
}
