import type {Evidence, QueueRule, ServerEvidence, ServerRule} from './rule.ts';
import {failureRules} from './rules/failures.ts';
import {liveRules} from './rules/live.ts';
import {serverRules} from './rules/server.ts';
import {storageRules} from './rules/storage.ts';
import {taskRules} from './rules/tasks.ts';
import type {Check, Finding, Severity} from './snapshot.ts';

/** All rules about queues, in the order in which findings of equal severity are shown. */
export const queueRules: readonly QueueRule[] = [...liveRules, ...failureRules, ...taskRules, ...storageRules];

/** All rules about the database. */
export const databaseRules: readonly ServerRule[] = serverRules;

const order: Readonly<Record<Severity, number>> = {critical: 0, warning: 1, ok: 2};

/** Which of two severities is worse: negative when the first one is. */
export function compareSeverity(a: Severity, b: Severity): number {
	return order[a] - order[b];
}

/** What a remedy calls a queue where there is none. */
const unnamed = 'QUEUE';

/** Findings whose remedies are written out in a check. */
const mostRemedies = 200;

/** What the rules say about one queue, by the place of each rule in `queueRules`. */
export interface Judgement {
	readonly findings: readonly {readonly rule: number; readonly finding: Finding}[];
	/** Each reason once, with the rules that cannot say anything for it; `key` is the same where the rules are. */
	readonly unknown: readonly {readonly key: string; readonly rules: readonly number[]; readonly said: Unknown}[];
	readonly severity: Severity;
}

type Unknown = Check['unknown'][number];

/** Asks every rule about one queue. */
export function judge(evidence: Evidence): Judgement {
	const queue = evidence.queue.name;
	const findings: {readonly rule: number; readonly finding: Finding}[] = [];
	const reasons = new Map<string, number[]>();
	for (const [place, rule] of queueRules.entries()) {
		const verdict = rule.find(evidence);
		if (verdict === undefined) continue;
		if ('unknown' in verdict) reasons.set(verdict.unknown, [...(reasons.get(verdict.unknown) ?? []), place]);
		else findings.push({rule: place, finding: {rule: rule.id, queue, ...verdict, remedy: rule.remedy(queue)}});
	}
	const unknown = [...reasons].map(([reason, rules]) => ({key: rules.join(), rules, said: {queue, reason}}));
	const severities = findings.map(({finding}) => finding.severity);
	return {findings, unknown, severity: severities.includes('critical') ? 'critical' : (severities[0] ?? 'ok')};
}

/** What is wrong with one queue, worst first. */
export function diagnose(evidence: Evidence): readonly Finding[] {
	return worstFirst(judge(evidence).findings.map(({finding}) => finding));
}

/** Every rule with what it says about every queue and about the database; what is so for weeks comes last. */
export function checkUp(server: ServerEvidence, queues: readonly Evidence[]): readonly Check[] {
	return checksOf(server, queues[0]?.queue.name, queues.map(judge));
}

/** The same of judgements; `first` is the name of the first queue. */
export function checksOf(
	server: ServerEvidence,
	first: string | undefined,
	judgements: readonly Judgement[],
): readonly Check[] {
	return [...checkDatabase(server, false), ...checkQueues(first, judgements), ...checkDatabase(server, true)];
}

/** The rules about the database, those about what is so for weeks or the others. */
function checkDatabase(evidence: ServerEvidence, lasting: boolean): readonly Check[] {
	return databaseRules
		.filter(rule => (rule.lasting ?? false) === lasting)
		.map(rule => {
			const verdict = rule.find(evidence);
			const queue = undefined;
			if (verdict === undefined) return check(rule, queue, [], []);
			if ('unknown' in verdict) return check(rule, queue, [], [{queue, reason: verdict.unknown}]);
			return check(rule, queue, [{rule: rule.id, queue, ...verdict, remedy: rule.remedy(unnamed)}], []);
		});
}

function checkQueues(first: string | undefined, judgements: readonly Judgement[]): readonly Check[] {
	const findings = queueRules.map((): Finding[] => []);
	for (const judgement of judgements) {
		for (const {rule, finding} of judgement.findings) findings[rule]?.push(finding);
	}
	const unknown = unknownOf(judgements);
	return queueRules.map((rule, place) => check(rule, first, findings[place] ?? [], unknown[place] ?? []));
}

/**
 * What cannot be known, for each rule. What nobody has asked for yet is unknown to the same rules of thousands of queues:
 * they share one list.
 */
function unknownOf(judgements: readonly Judgement[]): readonly (readonly Unknown[])[] {
	const groups = new Map<string, {readonly rules: readonly number[]; readonly said: Unknown[]}>();
	for (const judgement of judgements) {
		for (const {key, rules, said} of judgement.unknown) {
			const group = groups.get(key);
			if (group) group.said.push(said);
			else groups.set(key, {rules, said: [said]});
		}
	}
	const lists: Unknown[][] = queueRules.map(() => []);
	for (const {rules, said} of groups.values()) {
		for (const rule of rules) lists[rule] = lists[rule]?.length ? [...lists[rule], ...said] : said;
	}
	return lists;
}

/** In order of severity; what is equally bad keeps its order. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
	return [...findings].sort((a, b) => compareSeverity(a.severity, b.severity));
}

function check(
	rule: QueueRule | ServerRule,
	first: string | undefined,
	found: readonly Finding[],
	unknown: readonly Unknown[],
): Check {
	const {id, title} = rule;
	const findings = worstFirst(found);
	const remedies = [...new Set(findings.slice(0, mostRemedies).flatMap(({remedy = []}) => remedy))];
	if (remedies.length === 0) remedies.push(rule.remedy(first ?? unnamed));
	if (findings.length > mostRemedies) remedies.push(`-- and so on for ${findings.length - mostRemedies} more`);
	return {rule: id, title, findings, unknown, remedy: remedies.join('\n')};
}
