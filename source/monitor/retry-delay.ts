import type {Duration} from './snapshot.ts';

/** Members of a JSON object that are numbers, and its `kind`; empty when the text is no object or not whole. */
export function numbersOf(text: string | undefined): ReadonlyMap<string, number | string> {
	const members = new Map<string, number | string>();
	if (text === undefined) return members;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// The head of a document that is too large to be read whole: nothing can be told from it.
		return members;
	}
	if (typeof value !== 'object' || value === null) return members;
	for (const [name, member] of Object.entries(value)) {
		if (typeof member === 'number' || typeof member === 'string') members.set(name, member);
	}
	return members;
}

const longestDelay = 86_400;

/** How long a retry waits after the given attempt failed, by the task's retry strategy (as JSON text). */
export function retryDelay(strategy: string | undefined, attempt: number): Duration {
	const members = numbersOf(strategy);
	const number = (name: string, otherwise: number) => {
		const value = Number(members.get(name) ?? otherwise);
		return Number.isFinite(value) ? value : otherwise;
	};
	const kind = members.get('kind');
	const cap = number('max_seconds', longestDelay);
	if (kind === 'fixed') return Math.min(number('base_seconds', 60), cap) * 1000;
	if (kind === 'exponential') {
		return Math.min(number('base_seconds', 30) * number('factor', 2) ** (attempt - 1), cap) * 1000;
	}
	return 0;
}
