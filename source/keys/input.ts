import type {Key} from 'ink';
import type {Clock} from '../monitor/clock.ts';
import {characterKey, isText, isTornRemnant, type Keypress, readRemnant, toKeypresses} from './keypress.ts';

/** A key, and whether it arrived by itself: after a moment of quiet, with nothing beside it. Only such a key may act. */
export interface Press extends Keypress {
	readonly alone: boolean;
}

export interface InputTarget {
	/** True while characters go into a field or a prompt. */
	typing(): boolean;
	press(press: Press): void;
	/** Text that was pasted: by bracketed paste, or without brackets but too much at once for fingers. */
	paste(text: string): void;
}

export interface Input {
	/** One event of Ink's `useInput`. */
	event(input: string, key: Key): void;
	/** One event of Ink's `usePaste`. */
	paste(text: string): void;
}

/** How long the rest of an escape sequence may lag behind its Escape, milliseconds. */
const tornSequenceWait = 60;

/** How long after a rest without an end the end may still come; a letter is not alone so long. */
const lateRemnant = 1000;

/** Quiet before a key that acts, milliseconds: fingers keep it, pastes do not. */
const quiet = 30;

/** This many characters at once, this many different ones among them, were pasted and not typed. */
const pastedLength = 8;
const pastedDistinct = 5;

interface Event {
	readonly input: string;
	readonly key: Key;
}

/**
 * Turns what arrives from the terminal into keys, and keeps apart what a bad link mixes up: a burst is several keys,
 * none of them alone; an escape sequence torn in two is still one key; a paste is never commands. Ink splits one chunk
 * into several events, all told in the same turn, so a burst ends with the turn.
 */
export function createInput(target: InputTarget, clock: Clock): Input {
	let burst: Event[] = [];
	let lastArrival = Number.NEGATIVE_INFINITY;
	let restlessUntil = Number.NEGATIVE_INFINITY;
	/** An Escape, or the beginning of its rest, that waits for what may follow. */
	let held: {readonly escape: boolean; readonly text: string} | undefined;
	let cancelWait: (() => void) | undefined;

	function flush(): void {
		if (burst.length === 0) return;
		const events = burst;
		burst = [];
		const arrival = clock.monotonic();
		const rested = arrival - lastArrival >= quiet && arrival >= restlessUntil;
		lastArrival = arrival;
		cancelWait?.();
		const text = pastedText(events);
		if (text !== undefined && !target.typing()) {
			held = undefined;
			target.paste(text);
			return;
		}
		const late: Keypress[] = [];
		const keys: Keypress[] = [];
		for (const event of events) keys.push(...read(event, late));
		deliver(late, false);
		deliver(keys, rested && events.length === 1);
		if (held !== undefined) cancelWait = clock.after(tornSequenceWait, () => deliver(release(), rested));
	}

	/** The keys of one event; a held Escape that it shows to have been one goes to `late`, before them. */
	function read({input, key}: Event, late: Keypress[]): readonly Keypress[] {
		if (isText(input, key)) return readText(input, late);
		late.push(...release());
		if (!key.escape) return expand(toKeypresses(input, key));
		held = {escape: true, text: ''};
		return [];
	}

	/** Text, perhaps with the rest of an escape sequence in front. */
	function readText(input: string, late: Keypress[]): readonly Keypress[] {
		const mayBeTorn = held !== undefined || !target.typing();
		const text = (held?.text ?? '') + input;
		const remnant = mayBeTorn ? readRemnant(text) : undefined;
		if (remnant !== undefined) {
			held = undefined;
			const rest = Array.from(text.slice(remnant.length), characterKey);
			return remnant.keypress === undefined ? rest : [remnant.keypress, ...rest];
		}
		if (mayBeTorn && isTornRemnant(text)) {
			held = {escape: held?.escape ?? false, text};
			return [];
		}
		late.push(...release());
		return Array.from(input, characterKey);
	}

	/** Nothing followed: the Escape was one; what looked like a beginning is text, where text is typed. */
	function release(): readonly Keypress[] {
		if (held === undefined) return [];
		const {text} = held;
		const keys: Keypress[] = held.escape ? [{name: 'escape', text: ''}] : [];
		held = undefined;
		if (text !== '') restlessUntil = clock.monotonic() + lateRemnant;
		return target.typing() ? [...keys, ...Array.from(text, characterKey)] : keys;
	}

	/** Escape and a letter in one chunk look like Alt: where no text is typed, Alt means nothing. */
	function expand(keys: readonly Keypress[]): readonly Keypress[] {
		const [first] = keys;
		if (target.typing() || first === undefined || !/^meta\+.$/u.test(first.name)) return keys;
		return [{name: 'escape', text: ''}, characterKey(first.name.slice(5))];
	}

	function deliver(keys: readonly Keypress[], mayBeAlone: boolean): void {
		const typedAtFirst = target.typing();
		for (const key of keys) {
			// What follows the end of a typed text in one burst was text with a line break in it.
			if (typedAtFirst && !target.typing()) return;
			target.press({...key, alone: mayBeAlone && keys.length === 1});
		}
	}

	return {
		event(input, key) {
			burst.push({input, key});
			if (burst.length === 1) queueMicrotask(flush);
		},
		paste(text) {
			// What came before it in the same chunk was typed before it.
			flush();
			lastArrival = clock.monotonic();
			target.paste(text);
		},
	};
}

/** The text of a burst that no fingers typed; undefined for keys. */
function pastedText(events: readonly Event[]): string | undefined {
	const text = events.map(({input, key}) => (isText(input, key) ? input : key.return ? '\r' : '')).join('');
	return text.length >= pastedLength && new Set(text).size >= pastedDistinct ? text : undefined;
}
