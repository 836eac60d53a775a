import type {Duration, Instant, ProbeCost} from './snapshot.ts';
import type {AskAnswer} from './source.ts';

/** What each kind of statement cost in the last tick that ran it. */
export class CostLedger {
	readonly #costs = new Map<string, ProbeCost>();

	/** Takes in the answers of one tick. */
	absorb(answers: readonly AskAnswer[], at: Instant, troubleOf: (queue: string) => string | undefined): void {
		const tick = new Map<string, ProbeCost>();
		for (const answer of answers) {
			const probe = `queue-${answer.ask.kind}`;
			const before = tick.get(probe);
			tick.set(probe, {
				probe,
				kind: 'tick',
				statements: (before?.statements ?? 0) + 1,
				rows: (before?.rows ?? 0) + rowsOf(answer),
				duration: (before?.duration ?? 0) + (answer.duration ?? 0),
				at,
				trouble: before?.trouble ?? (answer.result.kind === 'error' ? troubleOf(answer.ask.queue) : undefined),
			});
		}
		for (const [probe, cost] of tick) this.#costs.set(probe, cost);
	}

	/** Notes one question of a screen. */
	note(probe: string, duration: Duration, at: Instant, trouble: string | undefined): void {
		this.#costs.set(probe, {probe, kind: 'screen', statements: 1, rows: 1, duration, at, trouble});
	}

	/** The dearest first. */
	list(): readonly ProbeCost[] {
		return [...this.#costs.values()].sort((a, b) => b.duration - a.duration);
	}
}

function rowsOf({result}: AskAnswer): number {
	if (result.kind !== 'found') return 0;
	const {found} = result;
	if (found.kind === 'finished') return found.value.groups.length;
	return Array.isArray(found.value) ? found.value.length : 1;
}
