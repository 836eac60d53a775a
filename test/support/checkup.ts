import type {Fact, QueueFacts, ServerFacts} from '../../source/monitor/facts.ts';
import type {Source} from '../../source/monitor/source.ts';

/** Asks for the slow facts about one queue. */
export async function queueFacts(source: Source, queue: string): Promise<QueueFacts> {
	const answer = await source.probe({kind: 'checkup', question: {part: 'queue', queue}}, 5000);
	if (answer.part !== 'queue') throw new Error('Another part was answered.');
	return answer.facts;
}

/** Asks for the slow facts about the database. */
export async function serverFacts(source: Source): Promise<ServerFacts> {
	const answer = await source.probe({kind: 'checkup', question: {part: 'server'}}, 5000);
	if (answer.part !== 'server') throw new Error('Another part was answered.');
	return answer.facts;
}

/** The value of a fact that must be known. */
export function known<T>(fact: Fact<T>): T {
	if (fact.kind === 'unknown') throw new Error(`Not known: ${fact.reason}`);
	return fact.value;
}
