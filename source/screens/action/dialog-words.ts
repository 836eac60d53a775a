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

export function wordsOf(intent: Intent): Words {
	return intent.kind === 'retry' && intent.spawnNew
		? {...words.retry, title: 'Retry task as a new one'}
		: words[intent.kind];
}
