import {drawLine, type Piece} from '../components/line.ts';
import type {ActionEntry} from '../monitor/action-log.ts';
import type {Hands} from '../monitor/hands.ts';
import {plural} from '../monitor/phrase.ts';
import type {Probe} from '../monitor/probe.ts';
import {formatClock} from '../terminal/instant.ts';
import {onOneLine} from '../terminal/sanitise.ts';
import type {Tone} from '../terminal/theme.ts';
import {wrap} from '../terminal/wrap.ts';
import {createListPager, type PagerList} from './list-pager.ts';
import {type Overlay, plainRow} from './overlay.ts';
import type {DrawContext} from './screen.ts';

const tones: Readonly<Record<ActionEntry['outcome'], Tone>> = {
	running: 'running',
	done: 'ok',
	failed: 'error',
	unknown: 'warning',
};

/** Ids of one entry that are shown; the record has them all. */
const shownIds = 20;

/** Day and minute for what an earlier session left open, the minute for this one. */
function when({at, earlier}: ActionEntry, utc: boolean): string {
	const day = earlier ? `${new Date(at).toISOString().slice(0, 10)} ` : '';
	return day + formatClock(at, utc);
}

function entryRows(entry: ActionEntry, context: DrawContext): readonly string[] {
	const {width, theme, utc} = context;
	const head: readonly Piece[] = [
		{text: ` ${when(entry, utc)}  `, tone: 'dim'},
		{text: entry.outcome.padEnd(8), tone: tones[entry.outcome]},
		{text: `${entry.kind} `, tone: 'strong'},
		{text: entry.subject, tone: 'plain'},
		{text: `  ${entry.place}`, tone: 'dim'},
	];
	const sentences = entry.sentence === '' ? [] : wrap(onOneLine(entry.sentence), Math.max(1, width - 8), 4);
	const reasons =
		entry.reason === undefined ? [] : wrap(onOneLine(`Reason: ${entry.reason}`), Math.max(1, width - 8), 3);
	const open = entry.outcome === 'unknown' ? entry.open : [];
	const ids = open.slice(0, shownIds);
	const more = open.length - ids.length;
	return [
		drawLine(head, width, theme),
		...sentences.map(text => plainRow(`        ${text}`, context)),
		...reasons.map(text => plainRow(`        ${text}`, context)),
		...ids.map(({queue, taskId}) => plainRow(`        ${taskId}  in queue ${queue}`, context)),
		...(more > 0 ? [plainRow(`        and ${more} more: the record has them all`, context)] : []),
	];
}

/** What an earlier session left without an outcome, for the status line at the start. */
export function openNote(hands: Hands | undefined): string | undefined {
	const count = (hands?.log?.() ?? []).filter(({outcome}) => outcome === 'unknown').length;
	if (count === 0) return undefined;
	return `${plural(count, 'earlier action has', 'earlier actions have')} no recorded outcome: @ shows which.`;
}

const log: PagerList<ActionEntry> = {
	title: 'Actions of this session',
	keys: new Set(['action', 'outcome', 'queue', 'id', 'age']),
	items: ({hands}) => hands?.log?.() ?? [],
	rows: entryRows,
	texts: ({kind, subject, place, outcome, sentence, reason, tasks}) => [
		kind,
		subject,
		place,
		outcome,
		sentence,
		reason ?? '',
		...tasks.map(({taskId}) => taskId),
	],
	values: ({kind, outcome, tasks, queues, at}, {now, snapshot}) => ({
		action: kind,
		outcome,
		queue: queues,
		id: tasks.map(({taskId}) => taskId),
		// Entries are by this machine's clock.
		age: Math.max(0, now + (snapshot.clockSkew ?? 0) - at),
	}),
	head: () => [],
	empty: ({hands}) => (hands === undefined ? 'Nothing can be done here: read-only.' : 'Nothing was done yet.'),
};

/** `@`: what was done in this session, and what an earlier one left without an outcome. Texts are made safe as they are drawn. */
export function createLog(probe: () => Probe | undefined): Overlay {
	return createListPager(log, probe);
}
