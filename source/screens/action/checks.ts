import {parseJson} from '../../components/json/parse.ts';
import type {FormState} from './form-state.ts';

type Check = (value: string, state: FormState) => string | undefined;

/** Characters of the text shown before the place of an error. */
const before = 12;

/** A place in a text as a person counts: `line 3, character 7`. */
function placeOf(text: string, at: number): string {
	const lines = text.slice(0, at).split('\n');
	const character = `character ${(lines.at(-1)?.length ?? 0) + 1}`;
	return text.includes('\n') ? `line ${lines.length}, ${character}` : character;
}

export const required: Check = value => (value.trim() === '' ? 'needed' : undefined);

/** JSON as typed, with the place of the first error; empty text is allowed where `optional`. */
export function jsonCheck(optional: boolean, kind?: 'object'): Check {
	return value => {
		if (value.trim() === '') {
			return optional ? undefined : 'JSON is needed; null is JSON as well';
		}

		const {root, error} = parseJson(value);
		if (error !== undefined) {
			const near = value
				.slice(Math.max(0, error.at - before), error.at)
				.replaceAll(/\s+/g, ' ')
				.trim();
			return `${error.expected} expected at ${placeOf(value, error.at)}${near === '' ? '' : `, after ${near}`}`;
		}

		return kind === 'object' && root.kind !== 'object' ? 'a JSON object is needed: {…}' : undefined;
	};
}

/** A number of seconds or a factor: no sign, decimals allowed; empty = left out. */
export const optionalNumber: Check = value =>
	value.trim() === '' || /^\d+(\.\d+)?$/.test(value.trim()) ? undefined : 'a number is needed, or nothing';

export const unlimited = 'unlimited';

/** Whole attempts from 1, or the word that has to be written out. */
export const attemptsCheck: Check = value =>
	value.trim() === unlimited || /^[1-9]\d{0,8}$/.test(value.trim())
		? undefined
		: `a whole number from 1 is needed, or the word ${unlimited}`;
