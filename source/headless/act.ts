import type {ActionKind, Hands} from '../monitor/hands.ts';
import {Interrupted} from '../terminal/ask-password.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {UsageError} from '../usage-error.ts';
import {askLine} from './ask.ts';
import type {CommandTools} from './command.ts';
import {accountShape, codeOf, type Deed, deedSummary} from './deed.ts';
import {renderShape} from './json.ts';
import {writeAll} from './write.ts';

/** How an action without a screen goes about it. */
export interface Manner {
	/** Only say what would happen. */
	readonly dryRun: boolean;
	/** Do not ask. */
	readonly yes: boolean;
	/** One JSON document on stdout, everything else on stderr. */
	readonly json: boolean;
	/** For the record. */
	readonly reason: string | undefined;
}

/** What was seen before anything is done. */
export interface Look {
	/** What would be done and what would not. */
	readonly deeds: readonly Deed[];
	/** The preview, as text. */
	readonly text: string;
}

/** What was done. */
export interface Done {
	readonly deeds: readonly Deed[];
	/** Why it ended early. */
	readonly trouble: string | undefined;
	/** The exit code where the deeds do not tell it: a signal ended it. */
	readonly code?: number | undefined;
}

/** An action on one thing or on many: looked at first, then done. */
export interface Plan {
	readonly action: ActionKind;
	look(hands: Hands, manner: Manner): Promise<Look>;
	/** `tell` shows what became of something as soon as it is known. */
	do(hands: Hands, reason: string | undefined, tell: (deeds: readonly Deed[]) => void): Promise<Done>;
	/** How a deed is told, as text that ends with a line break. */
	line(deed: Deed): string;
}

/** From so many on, the number itself has to be typed. */
const manyIntents = 10;

async function confirmed(count: number, place: string, {stdin, stderr}: CommandTools): Promise<boolean> {
	const question =
		count <= manyIntents ? `Do this on ${place}? [y/N] ` : `Do this to ${count} tasks on ${place}? Type the number: `;
	const answer = await askLine(question, stdin, stderr);
	if (answer === undefined) throw new Interrupted();
	return count <= manyIntents ? /^y(es)?$/i.test(answer) : answer === String(count);
}

function placeOf({connection, options: {label}}: CommandTools): string {
	const facts = connection.facts();
	const place = facts === undefined ? 'this database' : `${facts.user}@${facts.host}:${facts.port}/${facts.database}`;
	return label === undefined ? place : `${label} (${place})`;
}

/** Throws a UsageError when nobody could be asked. */
export function checkManner({dryRun, yes}: Pick<Manner, 'dryRun' | 'yes'>, stdin: NodeJS.ReadStream): void {
	if (dryRun || yes || stdin.isTTY) return;
	throw new UsageError(
		'Without a terminal nobody can be asked: add --yes to do it, or --dry-run to see what it would do.',
	);
}

const declined = 'Nothing was done.';

/** What was done goes to stdout, what was not to stderr. */
async function tell(deeds: readonly Deed[], plan: Plan, {stdout, stderr}: CommandTools): Promise<void> {
	const lines = (wanted: boolean) =>
		deeds
			.filter(({fate}) => (fate === 'done') === wanted)
			.map(plan.line)
			.join('');
	await writeAll(stdout, lines(true));
	await writeAll(stderr, lines(false));
}

async function carryOut(plan: Plan, look: Look, hands: Hands, manner: Manner, tools: CommandTools): Promise<Done> {
	const will = look.deeds.filter(({fate}) => fate === 'would').length;
	if (manner.dryRun || will === 0) return {deeds: look.deeds, trouble: undefined};
	if (!manner.yes && !(await confirmed(will, placeOf(tools), tools))) {
		await writeAll(tools.stderr, `${declined}\n`);
		const deeds = look.deeds.map(deed => (deed.fate === 'would' ? {...deed, fate: 'unsent' as const} : deed));
		return {deeds, trouble: declined};
	}
	let told = Promise.resolve();
	const done = await plan.do(hands, manner.reason, deeds => {
		if (!manner.json) told = told.then(() => tell(deeds, plan, tools));
	});
	await told;
	return {...done, deeds: [...done.deeds, ...look.deeds.filter(({fate}) => fate === 'skipped')]};
}

/**
 * The one place where actions without a screen are done: shows what will happen, asks, does what is not refused, and
 * says what came of it. Answers the exit code: 0 when everything was done (or would be), 1 when something was refused,
 * failed, is not known, or was declined, 128 + n when signal n ended it.
 */
export async function act(plan: Plan, manner: Manner, tools: CommandTools): Promise<number> {
	const {connection, stdout, stderr} = tools;
	const {hands} = connection;
	if (hands === undefined)
		throw new Error('Nothing can be written: ABSURD_TOP_READ_ONLY or the profile says read-only.');
	const look = await plan.look(hands, manner);
	await writeAll(manner.json ? stderr : stdout, look.text);
	const {deeds, trouble, code} = await carryOut(plan, look, hands, manner, tools);
	if (manner.json) {
		const {action} = plan;
		const account = {action, database: connection.facts()?.database, dryRun: manner.dryRun, deeds, trouble};
		await writeAll(stdout, renderShape(accountShape(account)));
	} else if (trouble !== declined && deeds.length > 1) {
		await writeAll(stdout, `${deedSummary(deeds)}\n`);
		if (trouble !== undefined) await writeAll(stderr, `${sanitise(trouble)}\n`);
	}
	return code ?? codeOf(deeds);
}
