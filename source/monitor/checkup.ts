import type {Clock} from './clock.ts';
import type {CheckupQuestion, Fact, QueueFacts, ServerFacts} from './facts.ts';
import type {Duration} from './snapshot.ts';
import {type Source, troubleOf} from './source.ts';

/** A round of questions begins this often: in the background, and while a person looks at the Doctor. */
const calmRound = 60_000;
const watchedRound = 10_000;

/** What the questions of one turn may take together: at the start, with a tick, and while a person waits for them. */
const firstBudget = 250;
const calmBudget = 15;
const watchedBudget = 150;

/** However long they take, so many are asked in the first turn: the first screen knows the server and one queue whole. */
const firstQuestions = 2;

const deadline = 1000;

/** A question that takes longer than this sits out rounds, twice as many each time. */
const dear = 150;
const mostSatOut = 16;

/** The queues that can be asked now. */
export interface Askable {
	names(): readonly string[];
	has(queue: string): boolean;
}

interface Rest {
	readonly rounds: number;
	readonly left: number;
}

/**
 * The slow questions of the rules, asked one after the other beside the tick: all at the start, then a round a minute,
 * or every ten seconds while somebody looks. What they answered stays until they answer again.
 */
export class Checkup {
	/** The Doctor is on screen. */
	watched = false;
	server: ServerFacts | undefined;
	readonly queues = new Map<string, QueueFacts>();
	#left: CheckupQuestion[] = [];
	#roundAt: number | undefined;
	#askedBefore = false;
	readonly #resting = new Map<string, Rest>();

	/** Asks the server's part first in the next turn: a lock was met. */
	hurry(): void {
		this.#left = [{part: 'server'}, ...this.#left.filter(({part}) => part !== 'server')];
	}

	/** Another connection: everything is asked again. */
	reconnected(): void {
		this.#roundAt = undefined;
		this.#left = [];
		this.#resting.clear();
	}

	/** Asks what is due within the budget; answers what that took, undefined when nothing was asked. */
	async turn(source: Source, queues: Askable, clock: Clock): Promise<Duration | undefined> {
		const started = clock.monotonic();
		this.#begin(queues, started);
		let question = this.#take(queues);
		if (question === undefined) return undefined;
		const budget = this.#askedBefore ? (this.watched ? watchedBudget : calmBudget) : firstBudget;
		let promised = this.#askedBefore ? 0 : firstQuestions;
		this.#askedBefore = true;
		while (question !== undefined) {
			await this.#ask(source, question, clock);
			promised--;
			if (promised <= 0 && clock.monotonic() - started >= budget) break;
			question = this.#take(queues);
		}
		return clock.monotonic() - started;
	}

	/** The next question; those about queues that cannot be asked now are left out. */
	#take(queues: Askable): CheckupQuestion | undefined {
		let question = this.#left.shift();
		while (question?.part === 'queue' && !queues.has(question.queue)) question = this.#left.shift();
		return question;
	}

	#begin(queues: Askable, now: number): void {
		const round = this.watched ? watchedRound : calmRound;
		if (this.#left.length > 0 || (this.#roundAt !== undefined && now - this.#roundAt < round)) return;
		this.#roundAt = now;
		const all: CheckupQuestion[] = [
			{part: 'server'},
			...queues.names().map(queue => ({part: 'queue', queue}) as const),
		];
		this.#left = all.filter(question => this.#isRested(keyOf(question)));
	}

	#isRested(key: string): boolean {
		const rest = this.#resting.get(key);
		if (rest === undefined || rest.left === 0) return true;
		this.#resting.set(key, {...rest, left: rest.left - 1});
		return false;
	}

	async #ask(source: Source, question: CheckupQuestion, clock: Clock): Promise<void> {
		const started = clock.monotonic();
		try {
			const answer = await source.probe({kind: 'checkup', question}, deadline);
			if (answer.part === 'server') this.server = answer.facts;
			else if (question.part === 'queue') this.queues.set(question.queue, answer.facts);
		} catch (error) {
			// A connection that is lost says so by itself; the tick deals with it.
			const fact: Fact<never> = {kind: 'unknown', reason: troubleOf(error).sentence};
			if (question.part === 'server') this.server = unknownServer(fact);
			else this.queues.set(question.queue, unknownQueue(fact));
		}
		const took = clock.monotonic() - started;
		const key = keyOf(question);
		const rounds = took < dear ? 0 : Math.min(mostSatOut, Math.max(1, (this.#resting.get(key)?.rounds ?? 0) * 2));
		if (rounds === 0) this.#resting.delete(key);
		else this.#resting.set(key, {rounds, left: rounds});
	}

	/** Drops what is known about queues that are gone. */
	keep(names: ReadonlySet<string>): void {
		for (const name of this.queues.keys()) if (!names.has(name)) this.queues.delete(name);
	}
}

function keyOf(question: CheckupQuestion): string {
	return question.part === 'server' ? 'server' : `queue ${question.queue}`;
}

function unknownServer(fact: Fact<never>): ServerFacts {
	return {locks: fact, horizon: fact, cron: fact};
}

function unknownQueue(fact: Fact<never>): QueueFacts {
	return {
		storage: fact,
		indexes: fact,
		partitions: fact,
		deferred: fact,
		awaited: fact,
		cancellations: fact,
		oldestFinished: fact,
		oldestEvent: fact,
		steps: fact,
		running: fact,
	};
}
