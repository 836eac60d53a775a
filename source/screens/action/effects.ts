import {type BulkIntent, type BulkReport, type BulkResult, taskKey} from '../../monitor/bulk.ts';
import type {Hands, Intent, Outcome} from '../../monitor/hands.ts';
import type {TaskRef} from '../../monitor/snapshot.ts';
import type {PopupEnvironment} from '../popup.ts';
import {doingWords, doneWords, wordsOf} from './dialog-words.ts';
import type {BulkJob, Effect, Message} from './messages.ts';

const noHands = 'Nothing can be written now: read-only, or not connected.';

function sentenceOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

async function preview(hands: Hands, intent: Intent): Promise<Message> {
	const refusal = hands.refusal(intent.kind, intent.queue);
	if (refusal !== undefined) {
		return {kind: 'previewed', intent, preview: {task: undefined, consequences: [], refusal}};
	}

	return {kind: 'previewed', intent, preview: await hands.preview(intent)};
}

const tones: Readonly<Record<Outcome['kind'], 'ok' | 'warning' | 'error'>> = {
	done: 'ok',
	failed: 'error',
	unknown: 'warning',
};

/** What the row of the task says after the answer; a retry as a new task has changed another one. */
function readBack(intent: Intent, outcome: Outcome): string | undefined {
	if (outcome.kind === 'unknown') return 'unknown';
	const same = intent.kind === 'cancel' || (intent.kind === 'retry' && !intent.spawnNew);
	return outcome.kind === 'done' && same && outcome.state !== undefined ? `now ${outcome.state}` : undefined;
}

/** The one place that acts: an intent goes out, its outcome is said and shown, and the screen below is read again. */
async function perform(
	{intent, reason}: Extract<Effect, {kind: 'perform'}>,
	environment: PopupEnvironment,
): Promise<Message> {
	const hands = environment.hands();
	const task = intent.kind === 'retry' || intent.kind === 'cancel' ? [intent] : [];
	if (intent.kind === 'retry' || intent.kind === 'cancel') environment.begin(task, doingWords[intent.kind]);
	const outcome: Outcome =
		hands === undefined
			? {kind: 'failed', sentence: noHands, sqlstate: undefined}
			: await hands.perform(intent, reason).catch(
					(error: unknown): Outcome => ({
						kind: 'unknown',
						sentence: `${wordsOf(intent).title}: ${sentenceOf(error)} It may or may not have happened.`,
					}),
				);
	environment.end(task, readBack(intent, outcome));
	environment.say(outcome.sentence, tones[outcome.kind]);
	environment.refresh();
	return {kind: 'performed', outcome};
}

/** Names and usual values help to type; without them the form works as well. */
async function ask(effect: Extract<Effect, {kind: 'suggest' | 'usual'}>, hands: Hands): Promise<Message | undefined> {
	if (effect.kind === 'suggest') {
		return {kind: 'suggested', queue: effect.queue, suggestions: await hands.suggest(effect.queue)};
	}

	const {queue, taskName} = effect;
	return {kind: 'usual', queue, taskName, maxAttempts: await hands.usualMaxAttempts(queue, taskName)};
}

/** Jobs that somebody wants to end early. */
const stopped = new WeakSet<BulkJob>();

/** The other place that acts: on many, told bit by bit through `send`. */
async function performAll(
	job: BulkJob,
	environment: PopupEnvironment,
	send: (message: Message) => void,
): Promise<Message> {
	const {kind, tasks, rate, reason, manner} = job;
	const unsent = tasks.map((task): BulkResult => ({task, fate: {kind: 'unsent'}}));
	const report = await environment
		.hands()
		?.performBulk(
			kind,
			tasks,
			{
				rate: () => rate,
				stopped: () => stopped.has(job),
				sending: some => environment.begin(some, doingWords[kind]),
				progress(results) {
					const done = doneTasks(results);
					environment.end(
						results.map(({task}) => task),
						undefined,
					);
					environment.end(done, doneWords[kind]);
					environment.unmark(done);
					send({kind: 'progress', job, results, at: performance.now()});
				},
				lookingUp: count => send({kind: 'looking-up', job, count}),
			},
			reason,
			manner,
		)
		.catch((error: unknown): BulkReport => ({results: unsent, trouble: sentenceOf(error)}));
	// What was sent and not answered says nothing any more.
	const told = new Set(doneTasks(report?.results ?? []).map(taskKey));
	environment.end(
		tasks.filter(task => !told.has(taskKey(task))),
		undefined,
	);
	environment.refresh();
	return {
		kind: 'performed-all',
		job,
		report: report ?? {results: unsent, trouble: noHands},
		at: performance.now(),
	};
}

function doneTasks(results: readonly BulkResult[]): readonly TaskRef[] {
	return results.filter(({fate}) => fate.kind === 'done').map(({task}) => task);
}

async function count(intent: BulkIntent, hands: Hands | undefined): Promise<Message> {
	if (hands === undefined) return {kind: 'counted', intent, preview: noHands};
	const preview = await hands.previewBulk(intent).catch(sentenceOf);
	return {kind: 'counted', intent, preview};
}

/**
 * Carries out an effect; what comes back goes to the popup that asked, what comes in between through `send`. Never
 * rejects.
 */
export async function runEffect(
	effect: Effect,
	environment: PopupEnvironment,
	send: (message: Message) => void,
): Promise<Message | undefined> {
	const hands = environment.hands();
	switch (effect.kind) {
		case 'show':
			environment.open({screen: 'run', run: effect.run});
			return undefined;
		case 'reopen':
			// The host opens it.
			return undefined;
		case 'template': {
			const {task} = effect;
			const template = hands === undefined ? noHands : await hands.template(task).catch(sentenceOf);
			return {kind: 'template', task, template};
		}
		case 'edit': {
			const {id} = effect;
			const edited =
				environment.edit?.(effect.text) ?? Promise.reject(new Error('There is no terminal for an editor.'));
			return edited.then(
				(text): Message => ({kind: 'edited', id, text}),
				(error: unknown): Message => ({kind: 'edited', id, text: {failure: sentenceOf(error)}}),
			);
		}
		case 'perform':
			return perform(effect, environment);
		case 'count':
			return count(effect.intent, hands);
		case 'perform-all':
			return performAll(effect.job, environment, send);
		case 'stop':
			stopped.add(effect.job);
			return undefined;
		case 'preview': {
			const {intent} = effect;
			if (hands === undefined) {
				return {kind: 'preview-failed', intent, sentence: noHands};
			}

			return preview(hands, intent).catch(
				(error: unknown): Message => ({kind: 'preview-failed', intent, sentence: sentenceOf(error)}),
			);
		}
		default:
			return hands === undefined ? undefined : ask(effect, hands).catch(() => undefined);
	}
}
