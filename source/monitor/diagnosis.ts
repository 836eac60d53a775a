import type {Evidence, QueueRule, ServerEvidence, ServerRule, Verdict} from './rule.ts';
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

function findingOf(
	{id, remedy}: QueueRule | ServerRule,
	queue: string | undefined,
	verdict: Verdict,
): Finding | undefined {
	if (verdict === undefined || 'unknown' in verdict) return undefined;
	return {rule: id, queue, ...verdict, remedy: remedy(queue ?? unnamed)};
}

/** What is wrong with one queue, worst first. */
export function diagnose(evidence: Evidence): readonly Finding[] {
	return queueRules
		.map(rule => findingOf(rule, evidence.queue.name, rule.find(evidence)))
		.filter(finding => finding !== undefined)
		.sort((a, b) => compareSeverity(a.severity, b.severity));
}

/** Every rule with what it says about every queue and about the database; what is so for weeks comes last. */
export function checkUp(server: ServerEvidence, queues: readonly Evidence[]): readonly Check[] {
	const ofDatabase = (lasting: boolean) =>
		databaseRules
			.filter(rule => (rule.lasting ?? false) === lasting)
			.map(rule => check(rule, [[undefined, rule.find(server)]]));
	const ofQueues = queueRules.map(rule =>
		check(
			rule,
			queues.map(evidence => [evidence.queue.name, rule.find(evidence)] as const),
		),
	);
	return [...ofDatabase(false), ...ofQueues, ...ofDatabase(true)];
}

function check(
	rule: QueueRule | ServerRule,
	verdicts: ReadonlyArray<readonly [queue: string | undefined, verdict: Verdict]>,
): Check {
	const findings = verdicts
		.map(([queue, verdict]) => findingOf(rule, queue, verdict))
		.filter(finding => finding !== undefined)
		.sort((a, b) => compareSeverity(a.severity, b.severity));
	const unknown = verdicts.flatMap(([queue, verdict]) =>
		verdict !== undefined && 'unknown' in verdict ? [{queue, reason: verdict.unknown}] : [],
	);
	const {id, title} = rule;
	const remedies = [...new Set(findings.flatMap(({remedy = []}) => remedy))];
	if (remedies.length === 0) remedies.push(rule.remedy(verdicts[0]?.[0] ?? unnamed));
	return {rule: id, title, findings, unknown, remedy: remedies.join('\n')};
}
