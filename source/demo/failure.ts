import type {FailureSpec} from './tasks.ts';

/** An error as the worker of a real system would throw it. */
export function makeError({name, message, at}: FailureSpec): Error {
	const error = new Error(message);
	error.name = name;
	error.stack = `${name}: ${message}\n    at ${at}\n    at async runStep (/srv/shared/src/step.ts:19:18)\n    at async execute (/srv/shared/src/worker.ts:104:16)`;
	return error;
}

/** The reason that the engine stores for such an error. */
export function failureReason(spec: FailureSpec): {name: string; message: string; stack: string} {
	const {name, message, stack = ''} = makeError(spec);
	return {name, message, stack};
}

/** What a step saves: the answer of a model, as short as it may be for a demo. */
export function stepResult(step: string, took: number): {[key: string]: string | number} {
	return {step, tokens: 180 + Math.round(took / 4), cost_cents: Math.round(took / 90) / 10, finish_reason: 'stop'};
}
