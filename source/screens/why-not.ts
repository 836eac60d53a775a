import type {ActionKind} from '../monitor/hands.ts';
import type {State, TaskRef} from '../monitor/snapshot.ts';
import type {DrawContext} from './screen.ts';

/** The task under the cursor, with its state as far as it is known. */
export interface ActionTarget extends TaskRef {
	readonly state: State;
}

const retryReasons: Readonly<Record<State, string | undefined>> = {
	failed: undefined,
	pending: 'it is already being retried: pending',
	sleeping: 'it is already being retried, or asleep: only failed tasks can be retried',
	running: 'it is running: only failed tasks can be retried',
	completed: 'it has completed: only failed tasks can be retried',
	cancelled: 'it was cancelled, and Absurd retries only failed tasks',
};

const cancelReasons: Readonly<Record<State, string | undefined>> = {
	pending: undefined,
	sleeping: undefined,
	running: undefined,
	failed: 'it has failed for good: there is nothing left to cancel',
	completed: 'it has completed: there is nothing left to cancel',
	cancelled: 'it is cancelled already',
};

const walls: Readonly<Record<'session' | 'transaction' | 'standby', string>> = {
	session: 'read-only: started with --read-only',
	transaction: 'read-only: started with --read-only',
	standby: 'this server is a standby: nothing can be written here',
};

/** What keys that act ask for: the four actions, and to spawn another task like this one. */
export type AskKind = ActionKind | 'again';

/** What an action would hit, as far as a screen knows it. */
export interface AskSubject {
	readonly queue: string | undefined;
	readonly target: ActionTarget | undefined;
}

/** Why nothing at all can be written now; undefined when it can. */
export function whyNoWriting({snapshot, hands}: Pick<DrawContext, 'snapshot' | 'hands'>): string | undefined {
	const {connection, session} = snapshot;
	if (session?.readOnly !== undefined) {
		return walls[session.readOnly];
	}

	if (connection.kind !== 'live') {
		return connection.kind === 'lost' ? 'the connection is lost' : 'not connected yet';
	}

	return hands === undefined ? 'read-only: started with --read-only' : undefined;
}

/** Why a task cannot be retried or cancelled now, in words that follow its name; undefined = it can. */
export function whyNotTask(
	kind: 'retry' | 'cancel',
	target: ActionTarget | undefined,
	context: Pick<DrawContext, 'snapshot' | 'hands'>,
): string | undefined {
	if (target === undefined) {
		return 'no task is under the cursor';
	}

	return (
		whyNoWriting(context) ??
		(kind === 'retry' ? retryReasons : cancelReasons)[target.state] ??
		context.hands?.refusal(kind, target.queue)
	);
}

/** Why nothing can be spawned or emitted in a queue; undefined queue = it is chosen in the form. */
export function whyNotQueue(
	kind: Exclude<ActionKind, 'retry' | 'cancel'>,
	queue: string | undefined,
	context: Pick<DrawContext, 'snapshot' | 'hands'>,
): string | undefined {
	if (context.snapshot.queues.length === 0) {
		return 'there is no queue';
	}

	return whyNoWriting(context) ?? (queue === undefined ? undefined : context.hands?.refusal(kind, queue));
}

/** Why what a key asks for cannot be done now; undefined = it can. */
export function whyNotAsked(
	kind: AskKind,
	{queue, target}: AskSubject,
	context: Pick<DrawContext, 'snapshot' | 'hands'>,
): string | undefined {
	if (kind === 'retry' || kind === 'cancel') return whyNotTask(kind, target, context);
	if (kind === 'again' && target === undefined) return 'no task is under the cursor';
	return whyNotQueue(kind === 'again' ? 'spawn' : kind, queue, context);
}
