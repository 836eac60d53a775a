import type {Clock} from './clock.ts';
import type {Probe, ProbeAnswers} from './monitor.ts';
import type {Answer, Duration, Instant} from './snapshot.ts';
import {type Source, troubleOf} from './source.ts';

const nothing: ProbeAnswers = {run: undefined, found: undefined};

/** The question of the screen on top: asked when it is put, again after each tick, and no more when it is taken back. */
export class ProbeDesk {
	answers: ProbeAnswers = nothing;
	#probe: Probe | undefined;
	#key = '';
	#fresh = false;

	/** Puts a question; the same again changes nothing. Answers true when it is a new one. */
	put(probe: Probe | undefined): boolean {
		const key = JSON.stringify(probe ?? null);
		if (key === this.#key) return false;
		this.#key = key;
		this.#probe = probe;
		this.#fresh = probe !== undefined;
		const loading = {kind: 'loading'} as const;
		this.answers = {
			run: probe?.kind === 'run' ? loading : undefined,
			found: probe?.kind === 'find' ? loading : undefined,
		};
		return true;
	}

	/** Whether there is something to ask: a new question always, an answered one only with a tick. */
	wants(withTick: boolean): boolean {
		return this.#probe !== undefined && (this.#fresh || (withTick && this.#probe.kind === 'run'));
	}

	/** Asks. The answer is dropped when the question was taken back meanwhile. Answers what it asked and how long it took. */
	async ask(source: Source, deadline: Duration, now: () => Instant, clock: Clock): Promise<Duration> {
		const probe = this.#probe;
		const key = this.#key;
		const started = clock.monotonic();
		this.#fresh = false;
		if (!probe) return 0;
		const answers =
			probe.kind === 'run'
				? {run: await answer(this.answers.run, () => source.detail(probe.run, deadline), now), found: undefined}
				: {run: undefined, found: await answer(this.answers.found, () => source.find(probe.id, deadline), now)};
		if (key === this.#key) this.answers = answers.run ? withoutGone(answers.run) : answers;
		return clock.monotonic() - started;
	}
}

async function answer<T>(before: Answer<T> | undefined, ask: () => Promise<T>, now: () => Instant): Promise<Answer<T>> {
	try {
		return {kind: 'ready', value: await ask(), readAt: now()};
	} catch (error) {
		const value = before?.kind === 'ready' || before?.kind === 'failed' ? before.value : undefined;
		return {kind: 'failed', trouble: troubleOf(error), value};
	}
}

type Nullable = Answer<import('./run-detail.ts').RunDetail | null>;

// A task that is gone is a failure to show it: its last detail stays on the screen.
function withoutGone(run: Nullable): ProbeAnswers {
	if (run.kind === 'loading') return {run, found: undefined};
	if (run.kind === 'failed') return {run: {...run, value: run.value ?? undefined}, found: undefined};
	if (run.value !== null) return {run: {...run, value: run.value}, found: undefined};
	const sentence = 'This task is no longer there: cleanup has removed it, or its queue was dropped.';
	return {run: {kind: 'failed', trouble: {sentence, sqlstate: undefined}, value: undefined}, found: undefined};
}
