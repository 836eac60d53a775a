import type {SessionFacts, Snapshot} from '../monitor/snapshot.ts';
import {formatAge, formatSpan} from '../terminal/duration.ts';
import {clip, measure} from '../terminal/fit.ts';
import {formatClock, formatOffset} from '../terminal/instant.ts';
import type {Theme} from '../terminal/theme.ts';
import {drawEnds, type Piece} from './line.ts';

export interface HeaderFacts {
	readonly snapshot: Snapshot;
	readonly label: string | undefined;
	/** Database time. */
	readonly now: number;
	readonly utc: boolean;
}

const program = 'absurd-top';

interface Part extends Piece {
	/** What stands before it, unless it is the first. */
	readonly gap: string;
}

/** What leaves when the line is too short, one more at each level. */
const levels = ['nothing', 'program', 'server', 'schema', 'wall', 'user', 'host', 'label'] as const;

/** The first line: where we are connected to and as whom, which wall keeps us from writing, how often we ask. */
export function drawHeader(facts: HeaderFacts, width: number, theme: Theme): string {
	const right = rightText(facts, theme);
	const room = Math.max(0, width - measure(right) - 2);
	const fitting = levels.map((_, level) => partsOf(facts, level, theme)).find(parts => cellsOf(parts) <= room);
	const parts = fitting ?? partsOf(facts, levels.length, theme);
	const left = parts.flatMap((part, index): readonly Piece[] => [
		{text: index === 0 ? ' ' : part.gap, tone: 'dim'},
		{text: part.text, tone: part.tone},
	]);
	return drawEnds(left, [{text: right, tone: 'dim'}], width, theme);
}

function partsOf({snapshot, label}: HeaderFacts, level: number, theme: Theme): readonly Part[] {
	const {session} = snapshot;
	const stays = (name: (typeof levels)[number]) => level < levels.indexOf(name);
	const parts: Part[] = [];
	if (stays('program')) parts.push({text: program, tone: 'title', gap: ''});
	if (label !== undefined && stays('label')) parts.push({text: clip(label, 16), tone: 'label', gap: '  '});
	if (session === undefined) return parts;
	const dot = theme.ascii ? ' - ' : ' · ';
	parts.push({text: placeText(session, stays('user'), stays('host')), tone: 'plain', gap: '  '});
	if (stays('server')) {
		parts.push({text: `PG ${clip(session.serverVersion.split('.')[0] ?? '', 6)}`, tone: 'dim', gap: dot});
	}
	if (stays('schema')) parts.push({text: `absurd ${clip(session.schemaVersion, 12)}`, tone: 'dim', gap: dot});
	if (session.readOnly !== undefined) {
		parts.push({text: ` ${walls[session.readOnly][stays('wall') ? 0 : 1]} `, tone: 'badge', gap: '  '});
	}
	if (snapshot.replay !== undefined) parts.push(lagPart(snapshot.replay.lag, stays('wall')));
	return parts;
}

/** From here on the age of what is seen is more than a detail. */
const warnLag = 30_000;

/** How old the data of a standby are: `replay 1m behind`. */
function lagPart(lag: number | undefined, long: boolean): Part {
	const text = lag === undefined ? '?' : formatAge(lag);
	const tone = lag !== undefined && lag >= warnLag ? 'warning' : 'dim';
	return {text: long ? `replay ${text}${lag === undefined ? '' : ' behind'}` : `lag ${text}`, tone, gap: ' '};
}

function placeText({user, host, port, database}: SessionFacts, withUser: boolean, withHost: boolean): string {
	if (!withHost) return clip(database, 30);
	const server = host.startsWith('/') ? '' : `${clip(host, 40, 'middle')}:${port}`;
	const who = withUser ? `${clip(user, 20)}${server === '' ? '' : '@'}` : '';
	return `${who}${server}/${clip(database, 30)}`;
}

/** Which wall holds: the server's session, each of our transactions, or a server that cannot write at all. */
const walls: Readonly<Record<NonNullable<SessionFacts['readOnly']>, readonly [long: string, short: string]>> = {
	session: ['READ ONLY (server)', 'READ ONLY'],
	transaction: ['READ ONLY (transactions)', 'READ ONLY'],
	standby: ['READ ONLY (standby)', 'STANDBY'],
};

function cellsOf(parts: readonly Part[]): number {
	return parts.reduce((sum, {text, gap}, index) => sum + measure(text) + (index === 0 ? 1 : gap.length), 0);
}

function rightText({snapshot, now, utc}: HeaderFacts, {ascii}: Theme): string {
	const dot = ascii ? ' - ' : ' · ';
	const clock = `${formatClock(now, utc)} ${formatOffset(now, utc)}`;
	if (snapshot.paused) return `PAUSED${dot}${clock} `;
	if (snapshot.connection.kind === 'lost') return `STALE${dot}${clock} `;
	if (snapshot.at === undefined) return `${clock} `;
	const tick = snapshot.tickDuration === undefined ? '' : `${dot}${formatTick(snapshot.tickDuration)}`;
	return `every ${formatInterval(snapshot.effectiveInterval)}${tick}${dot}${clock} `;
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
