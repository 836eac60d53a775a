import type {BulkIntent, BulkPreview} from '../monitor/bulk.ts';
import {
	cancelConsequences,
	cancelRefusal,
	emitConsequences,
	retryConsequences,
	retryRefusal,
	spawnConsequences,
	type TaskFacts,
} from '../monitor/consequences.ts';
import type {ActionKind, EmitIntent, Hands, Intent, Outcome, Preview, SpawnIntent} from '../monitor/hands.ts';
import type {SessionFacts} from '../monitor/snapshot.ts';
import {readEvent, readState, readTask} from './action-facts.ts';
import {doneOutcome, failedOutcome, failedTo, unknownOutcome} from './action-outcome.ts';
import {actionStatement, ask, retryStatement} from './action-statements.ts';
import {performBulk} from './bulk-perform.ts';
import {previewBulk} from './bulk-preview.ts';
import {searchBulk} from './bulk-search.ts';
import {SessionError} from './errors.ts';
import {askAll, createHandsSession} from './hands-session.ts';
import {readNames, usualMaxAttempts} from './recent-names.ts';
import {missingFunction, missingRights, type QueueRights, type Rights, readRights} from './rights.ts';
import {isString} from './row.ts';
import {readTemplate} from './spawn-template.ts';
import {compareReleases} from './sql.ts';
import type {DatabaseError, WritingSession} from './statement.ts';

/** Milliseconds that an action waits for a row that somebody else holds. */
const lockTimeout = 1000;

/** Since 0.1.0 a second emit changes nothing. */
function firstWins(facts: SessionFacts): boolean {
	return !/^\d/.test(facts.schemaVersion) || compareReleases(facts.schemaVersion, '0.1.0') >= 0;
}

function previewOf(
	intent: {readonly queue: string},
	task: TaskFacts,
	refusal: string | undefined,
	consequences: readonly string[],
): Preview {
	const {name, state, attempts, maxAttempts, taskId} = task;
	const ageMs = task.now - task.enqueuedAt;
	const facts = {queue: intent.queue, taskId, name, state, attempts, maxAttempts, ageMs};
	return {task: facts, consequences: refusal === undefined ? consequences : [], refusal};
}

const refused = (refusal: string): Preview => ({task: undefined, consequences: [], refusal});

/** `kind` of a retry strategy as typed; undefined for none or for JSON that cannot be read (the database will say so). */
function retryKind(text: string | undefined): string | undefined {
	try {
		const value: unknown = JSON.parse(text ?? 'null');
		return typeof value === 'object' && value !== null && 'kind' in value && isString(value.kind)
			? value.kind
			: undefined;
	} catch {
		return undefined;
	}
}

/**
 * The hands on a connection of their own, opened by `open` when first needed. `facts` answers what is known of the
 * server by now, from whichever session; `lately` what is known of rights, another object whenever it was looked up again.
 * Not to be called in read-only mode.
 */
export function createHands(
	open: () => Promise<WritingSession>,
	facts: () => SessionFacts | undefined,
	lately: () => Rights | undefined = () => undefined,
): Hands {
	const connection = createHandsSession(open);
	const inDialog = new Map<string, QueueRights>();
	let before: Rights | undefined;

	/** What a dialog learned holds until all rights are looked up again: they are granted and revoked meanwhile. */
	function rightsIn(queue: string): QueueRights | undefined {
		const latest = lately();
		if (latest !== before) inDialog.clear();
		before = latest;
		return inDialog.get(queue) ?? latest?.get(queue);
	}

	/** The watcher looks again and again who answers; this session asked once. They may be on different servers. */
	function known({facts: own}: WritingSession): SessionFacts {
		const seen = facts();
		const same = seen !== undefined && seen.host === own.host && seen.port === own.port;
		return same ? {...own, schemaVersion: seen.schemaVersion, standby: seen.standby, readOnly: seen.readOnly} : own;
	}

	function refusal(kind: ActionKind, queue: string): string | undefined {
		const seen = facts();
		const have = rightsIn(queue);
		return (
			(seen && serverRefusal(kind, seen)) ??
			(have === undefined || seen === undefined ? undefined : missingRights(kind, queue, seen.user, have))
		);
	}

	async function previewTask(
		session: WritingSession,
		intent: Extract<Intent, {kind: 'retry' | 'cancel'}>,
	): Promise<Preview> {
		const [found] = await askAll(session, [ask.task(intent.queue, intent.taskId)]);
		const task = readTask(found?.rows[0]);
		if (task === undefined) return refused(`There is no task ${intent.taskId} in queue ${intent.queue} (any more).`);
		return intent.kind === 'retry'
			? previewOf(intent, task, retryRefusal(task), retryConsequences(task, intent))
			: previewOf(intent, task, cancelRefusal(task), cancelConsequences(task));
	}

	async function previewSpawn(session: WritingSession, intent: SpawnIntent, partitioned: boolean): Promise<Preview> {
		const key = intent.idempotencyKey;
		const questions = [
			ask.names(intent.queue),
			...(key === undefined ? [] : [ask.byKey(intent.queue, key, partitioned)]),
		];
		const [names, byKey] = await askAll(session, questions);
		const {task_id, state} = byKey?.rows[0] ?? {};
		const known = readState(state);
		const consequences = spawnConsequences({
			maxAttempts: intent.maxAttempts,
			retryKind: retryKind(intent.retryStrategy),
			nameSeen: readNames(names?.rows ?? []).some(each => each.taskName === intent.taskName && each.started),
			existing: isString(task_id) && known !== undefined ? {taskId: task_id, state: known} : undefined,
		});
		return {task: undefined, consequences, refusal: undefined};
	}

	async function eventOf(session: WritingSession, intent: EmitIntent) {
		const [found] = await askAll(session, [ask.event(intent.queue, intent.eventName)]);
		return readEvent(found?.rows[0], firstWins(known(session)));
	}

	function preview(intent: Intent): Promise<Preview> {
		return connection.use(async session => {
			const {kind, queue} = intent;
			const cannot = serverRefusal(kind, known(session));
			if (cannot !== undefined) return refused(cannot);
			const [answer] = await askAll(session, [ask.rights(queue)]);
			const have = readRights(answer?.rows ?? []);
			inDialog.set(queue, have);
			const lacking = missingRights(kind, queue, session.facts.user, have);
			if (lacking !== undefined) return refused(lacking);
			if (intent.kind === 'spawn') return previewSpawn(session, intent, have.get('i')?.present === true);
			if (intent.kind !== 'emit') return previewTask(session, intent);
			return {task: undefined, consequences: emitConsequences(await eventOf(session, intent)), refusal: undefined};
		});
	}

	/** Reads a task for what is said afterwards; that it cannot be read does not undo what was done. */
	async function readBack(session: WritingSession, queue: string, taskId: unknown): Promise<TaskFacts | undefined> {
		if (!isString(taskId)) return undefined;
		try {
			const [found] = await askAll(session, [ask.task(queue, taskId)]);
			return readTask(found?.rows[0]);
		} catch {
			return undefined;
		}
	}

	/** P0001 is what retry_task raises for a task that has not failed (any more): then it is told what it is now. */
	async function refusedOutcome(session: WritingSession, intent: Intent, error: DatabaseError): Promise<Outcome> {
		const retried = intent.kind === 'retry' && error.sqlstate === 'P0001';
		const task = retried ? await readBack(session, intent.queue, intent.taskId) : undefined;
		return failedOutcome(intent, error, task);
	}

	async function act(session: WritingSession, intent: Intent): Promise<Outcome> {
		const attempts = intent.kind === 'retry' ? await attemptsOf(session, intent) : 0;
		const event = intent.kind === 'emit' ? await eventOf(session, intent) : undefined;
		const statement = intent.kind === 'retry' ? retryStatement(intent, attempts) : actionStatement(intent);
		const outcome = await session.write(statement, lockTimeout).catch((error: unknown) => {
			if (error instanceof SessionError) return unknownOutcome(intent, error.error);
			throw error;
		});
		if (outcome.kind === 'unknown' || outcome.kind === 'done' || outcome.kind === 'failed') return outcome;
		if (outcome.kind === 'error') return refusedOutcome(session, intent, outcome.error);
		const row = outcome.kind === 'rows' ? outcome.rows[0] : undefined;
		const taskId = intent.kind === 'cancel' ? intent.taskId : row?.['task_id'];
		return doneOutcome({intent, row, event, task: await readBack(session, intent.queue, taskId)});
	}

	async function attemptsOf(session: WritingSession, intent: Extract<Intent, {kind: 'retry'}>): Promise<number> {
		if (intent.spawnNew || intent.extraAttempts === undefined) return 0;
		const [found] = await askAll(session, [ask.task(intent.queue, intent.taskId)]);
		return readTask(found?.rows[0])?.attempts ?? 0;
	}

	/** Rights of queues that no dialog has asked for yet come first, so that their reason can be told. */
	async function bulkPreview(session: WritingSession, asked: BulkIntent): Promise<BulkPreview> {
		const searched = asked.search && (await searchBulk(session, asked.kind, asked.search));
		const intent = searched === undefined ? asked : {...asked, tasks: searched.tasks};
		const queues = [...new Set(intent.tasks.map(({queue}) => queue))];
		const answers = await askAll(session, queues.map(ask.rights));
		for (const [index, queue] of queues.entries()) inDialog.set(queue, readRights(answers[index]?.rows ?? []));
		const refusedFor = (kind: ActionKind, queue: string) => serverRefusal(kind, known(session)) ?? refusal(kind, queue);
		return {...(await previewBulk(session, intent, refusedFor)), found: searched?.found};
	}

	return {
		refusal,
		preview,
		previewBulk: intent => connection.use(session => bulkPreview(session, intent)),
		performBulk: (kind, tasks, control, _reason, manner) => performBulk(connection, {kind, tasks, manner}, control),
		// What comes before the write, such as opening the connection, has changed nothing.
		perform: intent =>
			connection.use(session => act(session, intent)).catch((error: unknown) => notDone(intent, error)),
		suggest: queue =>
			connection.use(async session => {
				const [names, events] = await askAll(session, [ask.names(queue), ask.events(queue)]);
				return {
					taskNames: [...new Set(readNames(names?.rows ?? []).map(({taskName}) => taskName))],
					eventNames: (events?.rows ?? []).map(row => row['event_name']).filter(isString),
				};
			}),
		usualMaxAttempts: (queue, taskName) =>
			connection.use(async session => {
				const [names] = await askAll(session, [ask.names(queue)]);
				return usualMaxAttempts(readNames(names?.rows ?? []), taskName);
			}),
		template: task => connection.use(session => readTemplate(session, task)),
		close: connection.close,
	};
}

function serverRefusal(kind: ActionKind, facts: SessionFacts): string | undefined {
	if (facts.standby) return `This server is a standby and takes no writes; connect to the primary to ${kind}.`;
	if (facts.readOnly !== undefined)
		return `This connection is read-only (default_transaction_read_only); connect as a role that may write to ${kind}.`;
	return missingFunction(kind, facts.schemaVersion);
}

function notDone(intent: Intent, error: unknown): Outcome {
	const message = error instanceof Error ? error.message : String(error);
	const sqlstate = error instanceof SessionError ? error.error.sqlstate : undefined;
	return {kind: 'failed', sentence: `${failedTo(intent)}: ${message} Nothing was changed.`, sqlstate};
}
