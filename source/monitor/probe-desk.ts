import type {Clock} from './clock.ts';
import {askedOnce, continued, type Probe, type ProbeAnswers} from './probe.ts';
import type {Answer, Duration, Instant} from './snapshot.ts';
import {type Source, troubleOf} from './source.ts';

/** The question of the screen on top: asked when it is put, again after each tick, and no more when it is taken back. */
export class ProbeDesk {
	answers: ProbeAnswers = {};
	#probe: Probe | undefined;
	#key = '';
	#fresh = false;

	/** What kind of question there is. */
	get kind(): Probe['kind'] | undefined {
		return this.#probe?.kind;
	}

	/** Puts a question; the same again changes nothing. Answers true when it is a new one. */
	put(probe: Probe | undefined): boolean {
		const key = JSON.stringify(probe ?? null);
		if (key === this.#key) return false;
		this.#key = key;
		this.#probe = probe;
		this.#fresh = probe !== undefined;
		if (!probe) this.answers = {};
		else if (!continued.has(probe.kind) || !this.answers[probe.kind]) this.answers = {[probe.kind]: {kind: 'loading'}};
		return true;
	}

	/** Whether there is something to ask: a new question always, an answered one only with a tick. */
	wants(withTick: boolean): boolean {
		return this.#probe !== undefined && (this.#fresh || (withTick && !askedOnce.has(this.#probe.kind)));
	}

	/**
	 * Asks, with what `complete` adds to the question. The answer is dropped when the question was taken back meanwhile.
	 * Answers how long it took.
	 */
	async ask(
		source: Source,
		deadline: Duration,
		{now, complete, clock}: {now: () => Instant; complete: (probe: Probe) => Probe; clock: Clock},
	): Promise<Duration> {
		const probe = this.#probe;
		const key = this.#key;
		const started = clock.monotonic();
		this.#fresh = false;
		if (!probe) return 0;
		const given = await answer(this.answers[probe.kind], () => source.probe(complete(probe), deadline), now);
		if (key === this.#key) this.answers = {[probe.kind]: given};
		return clock.monotonic() - started;
	}
}

/** A failed question keeps the last good answer. */
async function answer<T>(before: Answer<T> | undefined, ask: () => Promise<T>, now: () => Instant): Promise<Answer<T>> {
	try {
		return {kind: 'ready', value: await ask(), readAt: now()};
	} catch (error) {
		const value = before?.kind === 'ready' || before?.kind === 'failed' ? before.value : undefined;
		return {kind: 'failed', trouble: troubleOf(error), value};
	}
}
