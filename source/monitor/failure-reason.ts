import type {Document, RunFailure} from './run-detail.ts';

function member(value: unknown, name: string): string | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const found: unknown = Reflect.get(value, name);
	return typeof found === 'string' ? found : undefined;
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
		document,
	};
}
