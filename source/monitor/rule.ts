import type {Fact, QueueFacts, ServerFacts} from './facts.ts';
import type {Claim, Duration, Failure, Finding, Instant, QueueSnapshot, SessionFacts, Snapshot} from './snapshot.ts';

/** What a rule about a queue looks at: its figures, its claims and newest failures, slow facts, and the time. */
export interface Evidence {
	readonly queue: QueueSnapshot;
	readonly failures: readonly Failure[];
	/** How many of the newest are kept at most: where there are so many there may be more. */
	readonly failuresKept: number;
	readonly claims: readonly Claim[];
	/** undefined = not asked yet. */
	readonly facts: QueueFacts | undefined;
	readonly now: Instant;
}

/** What a rule about the whole database looks at. */
export interface ServerEvidence {
	readonly facts: ServerFacts | undefined;
	readonly clockSkew: Duration | undefined;
	/** As in the Snapshot: undefined where the server is no standby. */
	readonly replay: Snapshot['replay'];
	readonly session: SessionFacts | undefined;
	readonly now: Instant;
}

/** A rule holds: how bad it is, the sentence with the numbers, without the queue's name, and where the rows are. */
export type Hit = Pick<Finding, 'severity' | 'sentence' | 'proof'>;

/** What a rule says: it holds, it does not (undefined), or that cannot be known, with the reason. */
export type Verdict = Hit | {readonly unknown: string} | undefined;

interface RuleText {
	readonly id: string;
	/** For the Doctor: what is looked for, as a phrase. */
	readonly title: string;
	/** What to do, as text to copy: shell, SQL or a sentence. `queue` is undefined for rules about the database. */
	remedy(queue: string): string;
}

/** One thing that can be wrong with a queue. */
export interface QueueRule extends RuleText {
	find(evidence: Evidence): Verdict;
}

/** One thing that can be wrong with the database or between it and us. */
export interface ServerRule extends RuleText {
	/** What it finds is so for weeks: of equal severity it is told after what happens now. */
	readonly lasting?: boolean;
	find(evidence: ServerEvidence): Verdict;
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Why a fact is not known that nobody has asked for so far. */
export const notAsked = 'not asked yet';

/** Judges a fact; says why where it is not known. */
export function given<Facts, Value>(
	facts: Facts | undefined,
	pick: (facts: Facts) => Fact<Value>,
	judge: (value: Value) => Verdict,
): Verdict {
	if (facts === undefined) return {unknown: notAsked};
	const fact = pick(facts);
	return fact.kind === 'known' ? judge(fact.value) : {unknown: fact.reason};
}

/** A text as SQL literal, for remedies: names of queues are arbitrary. */
export function literal(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

/** A table of a queue as SQL identifier, for remedies. */
export function relation(prefix: string, queue: string): string {
	return `absurd."${`${prefix}_${queue}`.replaceAll('"', '""')}"`;
}

/** A task in a sentence: `send …f24ab5`. */
export function named({taskName, taskId}: {readonly taskName: string; readonly taskId: string}): string {
	return `${taskName} …${taskId.slice(-6)}`;
}

/** Groups by a key, in the order in which keys appear. */
export function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, Item[]> {
	const groups = new Map<string, Item[]>();
	for (const item of items) {
		const group = groups.get(key(item));
		if (group) group.push(item);
		else groups.set(key(item), [item]);
	}
	return groups;
}

/** The largest group; undefined without any. */
export function largest<Item>(groups: ReadonlyMap<string, Item[]>): readonly [key: string, items: Item[]] | undefined {
	return [...groups].sort((a, b) => b[1].length - a[1].length)[0];
}

/** A term of the filter language that finds these rows; undefined where the value cannot be quoted. */
export function term(key: 'error' | 'name' | 'worker' | 'id' | 'state' | 'queue', value: string): string | undefined {
	return /["\\\p{Cc}]/u.test(value) || value === '' ? undefined : `${key}:"${value}"`;
}

/** Several terms as one filter; those that could not be written are left out. */
export function terms(...each: readonly (string | undefined)[]): string {
	return each.filter(one => one !== undefined).join(' ');
}
