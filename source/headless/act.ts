import type {Hands, Intent, Outcome, Preview} from '../monitor/hands.ts';
import {span} from '../monitor/phrase.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {UsageError} from '../usage-error.ts';
import {askLine} from './ask.ts';
import type {CommandTools} from './command.ts';
import {writeAll} from './write.ts';

/** How an action without a screen goes about it. */
export interface Manner {
	/** Only say what would happen. */
	readonly dryRun: boolean;
	/** Do not ask. */
	readonly yes: boolean;
}

/** From so many on, the number itself has to be typed. */
const manyIntents = 10;

/** What the database says that an intent would do; an error is a refusal. Asks nothing when it is hopeless anyway. */
async function previewOf(hands: Hands, intent: Intent): Promise<Preview> {
	const refusal = hands.refusal(intent.kind, intent.queue);
	if (refusal !== undefined) return {task: undefined, consequences: [], refusal};
	return hands.preview(intent);
}

function subject(intent: Intent, preview: Preview): string {
	if (intent.kind === 'spawn') return `spawn ${intent.taskName} in queue ${intent.queue}`;
	if (intent.kind === 'emit') return `emit ${intent.eventName} in queue ${intent.queue}`;
	const {task} = preview;
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

function outcomeText(outcome: Outcome): string {
	const code = outcome.kind === 'failed' && outcome.sqlstate !== undefined ? ` (SQLSTATE ${outcome.sqlstate})` : '';
	return `${sanitise(`${outcome.sentence}${code}`)}\n`;
}

async function confirmed(count: number, place: string, {stdin, stderr}: CommandTools): Promise<boolean> {
	if (count <= manyIntents) return /^y(es)?$/i.test(await askLine(`Do this on ${place}? [y/N] `, stdin, stderr));
	const answer = await askLine(`Do this to ${count} tasks on ${place}? Type the number: `, stdin, stderr);
	return answer === String(count);
}

function placeOf({connection, options: {label}}: CommandTools): string {
	const facts = connection.facts();
	const place = facts === undefined ? 'this database' : `${facts.user}@${facts.host}:${facts.port}/${facts.database}`;
	return label === undefined ? place : `${label} (${place})`;
}

/** Throws a UsageError when nobody could be asked. */
export function checkManner({dryRun, yes}: Manner, stdin: NodeJS.ReadStream): void {
	if (dryRun || yes || stdin.isTTY) return;
	throw new UsageError(
		'Without a terminal nobody can be asked: add --yes to do it, or --dry-run to see what it would do.',
	);
}

/**
 * The one place where actions without a screen are done: shows for each intent what will happen, asks, does what is not
 * refused, one after the other, and says what came of it. Answers the exit code: 0 when everything was done (or would
 * be), 1 when something was refused, failed, is not known, or was declined.
 */
export async function act(intents: readonly Intent[], manner: Manner, tools: CommandTools): Promise<number> {
	const {connection, stdout, stderr} = tools;
	const {hands} = connection;
	if (hands === undefined)
		throw new Error('Nothing can be written: ABSURD_TOP_READ_ONLY or the profile says read-only.');
	const willing: Intent[] = [];
	for (const intent of intents) {
		const preview = await previewOf(hands, intent);
		await writeAll(stdout, previewText(intent, preview));
		if (preview.refusal === undefined) willing.push(intent);
	}
	let failed = intents.length - willing.length;
	if (manner.dryRun || willing.length === 0) return failed === 0 ? 0 : 1;
	if (!manner.yes && !(await confirmed(willing.length, placeOf(tools), tools))) {
		await writeAll(stderr, 'Nothing was done.\n');
		return 1;
	}
	for (const intent of willing) {
		const outcome = await hands.perform(intent);
		if (outcome.kind !== 'done') failed++;
		await writeAll(outcome.kind === 'done' ? stdout : stderr, outcomeText(outcome));
	}
	return failed === 0 ? 0 : 1;
}
