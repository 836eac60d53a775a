import type {Motion} from '../components/cursor.ts';
import type {ActRequest, CommandContext} from './screen.ts';
import type {AskKind, AskSubject} from './why-not.ts';

/** Commands that move the cursor, on every screen that has one. */
export const motionCommands: Readonly<Record<string, Motion>> = {
	'list.down': 'down',
	'list.up': 'up',
	'list.top': 'top',
	'list.bottom': 'bottom',
	'list.pageDown': 'page-down',
	'list.pageUp': 'page-up',
	'list.halfDown': 'half-down',
	'list.halfUp': 'half-up',
};

/** Commands that ask for an action. */
export const actionCommands: Readonly<Record<string, AskKind>> = {
	'action.retry': 'retry',
	'action.cancel': 'cancel',
	'action.spawn': 'spawn',
	'action.emit': 'emit',
	'action.again': 'again',
};

/** What an action would hit, as far as the screen knows it. */
export interface ActionSubject extends AskSubject {
	/** For the form that spawns. */
	readonly taskName: string | undefined;
	/** For the form that emits. */
	readonly eventName: string | undefined;
}

function requestOf(kind: AskKind, {queue, target, taskName, eventName}: ActionSubject): ActRequest | undefined {
	if (kind === 'spawn') {
		return {kind: 'spawn-form', queue, taskName};
	}

	if (kind === 'emit') {
		return {kind: 'emit-form', queue, eventName};
	}

	if (target === undefined) {
		return undefined;
	}

	const ids = {queue: target.queue, taskId: target.taskId};
	if (kind === 'again') return {kind: 'spawn-form', queue: target.queue, taskName, like: ids};
	return {
		kind: 'dialog',
		intent: kind === 'retry' ? {kind, ...ids, spawnNew: false, extraAttempts: undefined} : {kind, ...ids},
	};
}

/** Opens the dialog or form of an action, or says why not. */
export function requestAction(
	kind: AskKind,
	subject: ActionSubject,
	{reason, context}: {readonly reason: string | undefined; readonly context: CommandContext},
): void {
	const request = requestOf(kind, subject);
	if (reason !== undefined) {
		context.say(`Cannot ${kind === 'again' ? 'spawn again' : kind}: ${reason.replace(/\.$/, '')}.`, 'warning');
	} else if (request !== undefined) {
		context.act(request);
	}
}

/** The same command made for each entry of a table. */
export function commandsOf<Value, Command>(
	table: Readonly<Record<string, Value>>,
	make: (value: Value) => Command,
): Readonly<Record<string, Command>> {
	return Object.fromEntries(Object.entries(table).map(([id, value]) => [id, make(value)]));
}
