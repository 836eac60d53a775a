import type {Snapshot} from '../monitor/snapshot.ts';
import {formatSpan} from '../terminal/duration.ts';
import type {Theme, Tone} from '../terminal/theme.ts';
import {formatInterval} from './header.ts';
import {drawLine, type Piece} from './line.ts';

/** A note for some seconds: what an action or a key did. */
export interface Toast {
	readonly text: string;
	readonly tone: Tone;
}

/** The last line: the note of the moment, else what is out of the ordinary, else the `note`. */
export function drawStatus(
	snapshot: Snapshot,
	toast: Toast | undefined,
	now: number,
	width: number,
	theme: Theme,
	note?: string,
): string {
	const state = stateOf(snapshot, now);
	const quiet: readonly Piece[] = note === undefined || state.length > 0 ? state : [{text: note, tone: 'key'}];
	const pieces = toast === undefined ? quiet : [{text: toast.text, tone: toast.tone}];
	return drawLine(pieces.length === 0 ? [] : [{text: ' ', tone: 'plain'}, ...pieces], width, theme);
}

/** `now` is this machine's clock: the database's cannot be asked. */
function stateOf(snapshot: Snapshot, now: number): readonly Piece[] {
	const {connection, interval, effectiveInterval} = snapshot;
	if (connection.kind === 'lost') {
		if (snapshot.at === undefined) return [];
		const stale = Math.max(0, now - (snapshot.receivedAt ?? connection.since));
		return [
			{text: `STALE ${formatSpan(stale)}`, tone: 'error'},
			{text: ` · ${retryText(connection.retryAt - now)} · `, tone: 'plain'},
			{text: troubleText(connection.trouble), tone: 'plain'},
		];
	}
	if (snapshot.paused)
		return [
			{text: 'PAUSED', tone: 'warning'},
			{text: ' · p goes on, r refreshes once', tone: 'plain'},
		];
	if (effectiveInterval > interval) {
		const asked = formatInterval(interval);
		return [
			{
				text: `every ${formatInterval(effectiveInterval)} instead of ${asked}, to spare the database · D shows why`,
				tone: 'dim',
			},
		];
	}
	return [];
}

/** `retry in 4s`, `retrying…`. */
export function retryText(left: number): string {
	return left < 500 ? 'retrying…' : `retry in ${formatSpan(left + 999)}`;
}

/** A sentence with its SQLSTATE, or the code of the system where the server never answered. */
export function troubleText({
	sentence,
	sqlstate,
}: {
	readonly sentence: string;
	readonly sqlstate: string | undefined;
}): string {
	if (sqlstate === undefined || sentence.includes(sqlstate)) return sentence;
	return `${sentence} (${/^[\dA-Z]{5}$/.test(sqlstate) ? 'SQLSTATE ' : ''}${sqlstate})`;
}
