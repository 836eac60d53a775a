import type {RunFailure} from './run-detail.ts';
import type {Instant} from './snapshot.ts';

/**
 * What a stretch of a task's life was.
 *
 * - `queued`: due, and no worker had it claimed
 * - `back-off`: waiting for its retry; `dead`: failed for good until somebody retried it
 * - `step`: ends in a checkpoint; `work`: ran without saving anything
 * - `sleep`, `wait`: a timer, an event
 * - `unclear`: in between lies a claim that is not recorded, so that work and waiting cannot be told apart
 * - `expired`: the lease had run out and nobody had taken the run away yet
 * - `lease`: what is left of the lease, in the future
 */
export type SegmentKind =
	| 'queued'
	| 'back-off'
	| 'dead'
	| 'step'
	| 'work'
	| 'sleep'
	| 'wait'
	| 'unclear'
	| 'expired'
	| 'lease';

export interface Segment {
	readonly kind: SegmentKind;
	readonly from: Instant;
	readonly to: Instant;
	/** The checkpoint that ends a step, the timer, the event; undefined where nothing has a name. */
	readonly name: string | undefined;
}

/** One line of the chart: the wait for an attempt, or an attempt. */
export interface Lane {
	readonly id: string;
	readonly kind: 'waiting' | 'attempt';
	readonly runId: string;
	readonly attempt: number;
	readonly segments: readonly Segment[];
	/** How it ended; undefined while it lives. */
	readonly end:
		| {
				readonly state: 'completed' | 'failed' | 'cancelled';
				readonly at: Instant;
				readonly failure: RunFailure | undefined;
		  }
		| undefined;
}

/** Segments one behind the other. Time never runs backwards in it: clocks that disagree give empty segments. */
export class Track {
	readonly segments: Segment[] = [];
	at: Instant;

	constructor(from: Instant) {
		this.at = from;
	}

	/** The stretch from here to an instant; an empty one is kept only where it has a name. */
	push(kind: SegmentKind, to: Instant, name?: string): void {
		const end = Math.max(this.at, to);
		if (end > this.at || name !== undefined) this.segments.push({kind, from: this.at, to: end, name});
		this.at = end;
	}
}
