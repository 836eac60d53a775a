import type {Snapshot} from '../monitor/snapshot.ts';
import {formatSpan} from '../terminal/duration.ts';
import {clip, measure} from '../terminal/fit.ts';
import {formatClock, formatOffset} from '../terminal/instant.ts';
import type {Theme, Tone} from '../terminal/theme.ts';
import {drawEnds, type Piece} from './line.ts';

export interface HeaderFacts {
	readonly snapshot: Snapshot;
	readonly label: string | undefined;
	/** Database time. */
	readonly now: number;
	readonly utc: boolean;
}

interface Part {
	readonly text: string;
	readonly tone: Tone;
	/** Parts with the highest number leave first when the line is too short. */
	readonly leaves: number;
	/** What stands before it, unless it is the first. */
	readonly gap: string;
}

const program = 'absurd-top';

/** The first line: where we are connected to and as whom, which wall keeps us from writing, how often we ask. */
export function drawHeader(facts: HeaderFacts, width: number, theme: Theme): string {
	const right = rightText(facts);
	const rightCells = measure(right);
	const room = Math.max(0, width - rightCells - 2);
	const left = chooseParts(partsOf(facts, theme), room).flatMap((part, index): readonly Piece[] => [
		{text: index === 0 ? '' : part.gap, tone: 'dim'},
		{text: part.text, tone: part.tone},
	]);
	return drawEnds([{text: ' ', tone: 'plain'}, ...left], [{text: right, tone: 'dim'}], width, theme);
}

function partsOf({snapshot, label}: HeaderFacts, theme: Theme): readonly Part[] {
	const {session} = snapshot;
	const parts: Part[] = [{text: program, tone: 'title', leaves: 7, gap: ''}];
	if (label !== undefined) parts.push({text: clip(label, 16), tone: 'strong', leaves: 1, gap: '  '});
	if (session === undefined) return parts;
	const {user, host, port, database} = session;
	const place = host.startsWith('/') ? '' : `@${clip(host, 40, 'middle')}:${port}`;
	const dot = theme.ascii ? ' - ' : ' · ';
	parts.push(
		{text: clip(user, 20), tone: 'plain', leaves: 3, gap: '  '},
		{text: place, tone: 'plain', leaves: 2, gap: ''},
		{text: clip(`/${database}`, 30), tone: 'plain', leaves: 0, gap: ''},
		{text: `PG ${clip(session.serverVersion.split('.')[0] ?? '', 6)}`, tone: 'dim', leaves: 6, gap: dot},
		{text: `absurd ${clip(session.schemaVersion, 12)}`, tone: 'dim', leaves: 5, gap: dot},
	);
	if (session.readOnly !== undefined) {
		parts.push({text: wallText(session.readOnly), tone: 'badge', leaves: 0, gap: '  '});
	}
	return parts.filter(part => part.text !== '');
}

/** Which wall holds: the server's session, each of our transactions, or a server that cannot write at all. */
function wallText(wall: 'session' | 'transaction' | 'standby'): string {
	return {session: ' READ ONLY ', transaction: ' READ ONLY (by transaction) ', standby: ' STANDBY READ ONLY '}[wall];
}

function chooseParts(parts: readonly Part[], room: number): readonly Part[] {
	let chosen = parts;
	const cells = () =>
		chosen.reduce((sum, {text, gap}, index) => sum + measure(text) + (index === 0 ? 0 : gap.length), 1);
	while (cells() > room) {
		const worst = Math.max(...chosen.map(({leaves}) => leaves));
		if (worst <= 0) break;
		chosen = chosen.filter(({leaves}) => leaves !== worst);
	}
	return chosen;
}

function rightText({snapshot, now, utc}: HeaderFacts): string {
	const clock = `${formatClock(now, utc)} ${formatOffset(now, utc)}`;
	if (snapshot.paused) return `PAUSED · ${clock} `;
	if (snapshot.connection.kind === 'lost') return `STALE · ${clock} `;
	if (snapshot.at === undefined) return `${clock} `;
	const tick = snapshot.tickDuration === undefined ? '' : ` · ${formatTick(snapshot.tickDuration)}`;
	return `every ${formatInterval(snapshot.effectiveInterval)}${tick} · ${clock} `;
}

/** An interval: `0.5s`, `2s`, `1m00s`. */
export function formatInterval(interval: number): string {
	return interval < 1000 || (interval < 60_000 && interval % 1000 !== 0)
		? `${(interval / 1000).toFixed(1)}s`
		: formatSpan(interval);
}

/** Time of a tick in steps, so that the line stands still while nothing is wrong: `<5 ms`, `20 ms`, `120 ms`, `1.4 s`. */
export function formatTick(duration: number): string {
	if (duration < 5) return '<5 ms';
	if (duration < 1000) {
		const step = duration < 100 ? 10 : 50;
		return `${Math.max(step, Math.round(duration / step) * step)} ms`;
	}
	return `${(duration / 1000).toFixed(1)} s`;
}
