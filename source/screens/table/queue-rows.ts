import type {Piece} from '../../components/line.ts';
import type {ReadingProgress} from '../../monitor/page-turner.ts';
import type {QueueRows} from '../../monitor/queue-lists.ts';
import {formatSpan} from '../../terminal/duration.ts';
import type {DrawContext} from '../screen.ts';

/** A reading older than this says so, milliseconds. */
const old = 15_000;

/** How much of all queues was read, and what could not be. */
export function readingPieces(rows: QueueRows<unknown>, {now}: DrawContext): readonly Piece[] {
	const pieces: Piece[] = [];
	if (rows.read < rows.queues) pieces.push({text: `  ${rows.read} of ${rows.queues} queues read`, tone: 'warning'});
	const age = rows.oldestAt === undefined ? 0 : now - rows.oldestAt;
	if (age > old) pieces.push({text: `  up to ${formatSpan(age)} old`, tone: 'dim'});
	const [note, ...more] = rows.notes ?? [];
	if (note !== undefined) {
		const others = more.length > 0 ? ` and ${more.length} more` : '';
		pieces.push({text: `  ${note.queue}${others}: ${note.sentence}`, tone: 'dim'});
	}
	return [...pieces, ...unreadPieces(rows.unread)];
}

/** Which queues could not be read, and why. */
export function unreadPieces(unread: QueueRows<unknown>['unread']): readonly Piece[] {
	const [first, ...more] = unread;
	if (first === undefined) return [];
	const others = more.length > 0 ? ` and ${more.length} more` : '';
	return [{text: `  ${first.queue}${others} not read: ${first.sentence}`, tone: 'warning'}];
}

/** Whose rows a screen shows; undefined = those of all queues. */
export interface QueueWish {
	readonly queue: string | undefined;
}

/** ` in queue mail`, behind titles. */
export function queuePieces({queue}: QueueWish): readonly Piece[] {
	return queue === undefined ? [] : [{text: `  queue ${queue}`, tone: 'key'}];
}

/** Why a reading cannot go further; `progress` of its parts, undefined before it has begun. */
export function whyNotFurther(progress: readonly ReadingProgress[] | undefined): string | undefined {
	if (progress === undefined) return 'nothing was read yet';
	if (progress.includes('limit')) return undefined;
	if (progress.includes('reading')) return 'it is still reading';
	return progress.includes('cap') ? 'it looks no further than that' : 'everything was looked at';
}
