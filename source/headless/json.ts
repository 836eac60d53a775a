import type {Snapshot} from '../monitor/snapshot.ts';
import {type Json, toShape} from './json-shape.ts';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const jsonVersion = 1;

// JSON.stringify leaves these alone: C1 controls, bidi and other format characters, odd line separators, private use.
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * The Snapshot as one JSON document, as `docs/json.md` describes it: keys in a stable order, every text as it is in the
 * database (what could steer a terminal is escaped). Ends with a line break.
 */
export function renderJson(snapshot: Snapshot): string {
	return renderShape(toShape(snapshot));
}

/** Any JSON of ours as one document, with the version in front. */
export function renderShape(shape: {readonly [key: string]: Json}): string {
	const text = JSON.stringify({version: jsonVersion, ...shape}, undefined, '\t');
	return `${text.split('\n').map(escapeLine).join('\n')}\n`;
}

/** The tabs that indent stand outside of strings, where no escape is allowed. */
function escapeLine(line: string): string {
	const indent = /^\t*/.exec(line)?.[0] ?? '';
	return indent + line.slice(indent.length).replace(hidden, escapeCharacter);
}

function escapeCharacter(character: string): string {
	return Array.from({length: character.length}, (_, index) => {
		return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
	}).join('');
}
