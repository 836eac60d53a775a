import type {Document, RunFailure} from './run-detail.ts';

function member(value: unknown, name: string): string | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const found: unknown = Reflect.get(value, name);
	return typeof found === 'string' ? found : undefined;
}

/** Causes that are told; an error may name itself as its cause. */
const mostCauses = 5;

/** The chain of causes below an error: each a text, or an object with name and message. */
function causesOf(value: unknown): readonly string[] {
	const causes: string[] = [];
	let error = value;
	while (causes.length < mostCauses && typeof error === 'object' && error !== null) {
		const cause: unknown = Reflect.get(error, 'cause');
		const [name, message] = [member(cause, 'name'), member(cause, 'message')];
		const text = typeof cause === 'string' ? cause : [name, message].filter(part => part !== undefined).join(': ');
		if (text !== '') causes.push(text);
		error = cause;
	}
	return causes;
}

function parse(document: Document): unknown {
	if (!document.complete) return undefined;
	try {
		return JSON.parse(document.text);
	} catch {
		// Only what the server sent whole is JSON for certain; anything else is shown as the text it is.
		return undefined;
	}
}

/**
 * Takes a failure reason apart: title = name or `Error`, text = message, trace = stack or traceback, else the raw text.
 * `known` is what the database took out of one that is too large to be read whole.
 */
export function readFailure(
	document: Document,
	known: {readonly name: string | undefined; readonly message: string | undefined},
): RunFailure {
	const value = parse(document);
	const message = member(value, 'message') ?? known.message;
	return {
		name: member(value, 'name') ?? known.name ?? 'Error',
		message: message ?? document.text.slice(0, 300),
		trace: member(value, 'stack') ?? member(value, 'traceback'),
		causes: causesOf(value),
		document,
	};
}
