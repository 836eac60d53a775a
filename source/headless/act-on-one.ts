import {troubleText} from '../components/status.ts';
import type {Hands, Intent, Outcome, Preview} from '../monitor/hands.ts';
import {span} from '../monitor/phrase.ts';
import {sanitise} from '../terminal/sanitise.ts';
import type {Plan} from './act.ts';
import {type Deed, madeBy} from './deed.ts';

/** What the database says that an intent would do; an error is a refusal. Asks nothing when it is hopeless anyway. */
async function previewOf(hands: Hands, intent: Intent): Promise<Preview> {
	const refusal = hands.refusal(intent.kind, intent.queue);
	if (refusal !== undefined) return {task: undefined, consequences: [], refusal};
	return hands.preview(intent);
}

function subject(intent: Intent, {task}: Preview): string {
	if (intent.kind === 'spawn') return `spawn ${intent.taskName} in queue ${intent.queue}`;
	if (intent.kind === 'emit') return `emit ${intent.eventName} in queue ${intent.queue}`;
	const facts =
		task === undefined
			? ''
			: ` ${task.name} (${task.state}, attempt ${task.attempts} of ${task.maxAttempts ?? 'unlimited'}, ${span(task.ageMs)} old)`;
	return `${intent.kind} ${intent.taskId} in queue ${intent.queue}${facts}`;
}

function previewText(intent: Intent, preview: Preview): string {
	const said = preview.refusal === undefined ? preview.consequences : [`Not done: ${preview.refusal}`];
	return `${[subject(intent, preview), ...said.map(each => `  ${each}`)].map(sanitise).join('\n')}\n`;
}

function nameOf(intent: Intent): string {
	if (intent.kind === 'spawn') return intent.taskName;
	return intent.kind === 'emit' ? intent.eventName : '';
}

function previewDeed(intent: Intent, {task, consequences, refusal}: Preview): Deed {
	return {
		queue: intent.queue,
		name: task?.name ?? nameOf(intent),
		taskId: 'taskId' in intent ? intent.taskId : undefined,
		state: task?.state,
		attempts: task?.attempts,
		fate: refusal === undefined ? 'would' : 'skipped',
		consequences,
		sentence: refusal,
	};
}

function outcomeDeed(deed: Deed, {kind}: Intent, outcome: Outcome): Deed {
	const {kind: fate, sentence} = outcome;
	if (outcome.kind !== 'done')
		return {...deed, fate, sentence, sqlstate: outcome.kind === 'failed' ? outcome.sqlstate : undefined};
	// A cancel answers the run that it ended.
	const made = kind === 'cancel' ? undefined : outcome.task;
	const taskId = deed.taskId ?? made?.taskId;
	return {...deed, fate, sentence, taskId, ...madeBy(taskId, made)};
}

/** An action on one task or event, as the dialog of the screen does it: with all that it will bring about. */
export function planOne(intent: Intent): Plan {
	let found = previewDeed(intent, {task: undefined, consequences: [], refusal: undefined});
	return {
		action: intent.kind,
		async look(hands) {
			const preview = await previewOf(hands, intent);
			found = previewDeed(intent, preview);
			return {deeds: [found], text: previewText(intent, preview)};
		},
		async do(hands, reason, tell) {
			const outcome = await hands.perform(intent, reason);
			const deed = outcomeDeed(found, intent, outcome);
			tell([deed]);
			return {deeds: [deed], trouble: undefined};
		},
		line: ({sentence = '', sqlstate}) => `${sanitise(troubleText({sentence, sqlstate}))}\n`,
	};
}
