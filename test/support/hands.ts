import type {Hands, Intent, Outcome, Preview} from '../../source/monitor/hands.ts';

/** Hands that write nowhere: they note what was asked and answer when the test says so. */
export interface RecordedHands extends Hands {
	readonly previewed: readonly Intent[];
	readonly performed: readonly Intent[];
	/** For the record, one for each that was performed. */
	readonly reasons: readonly (string | undefined)[];
	/** Answers the oldest preview or action that is still open. */
	answerPreview(preview: Preview | Error): Promise<void>;
	answerPerform(outcome: Outcome): Promise<void>;
}

interface Open<T> {
	resolve(value: T): void;
	reject(error: Error): void;
}

function queue<T>() {
	const open: Open<T>[] = [];
	return {
		ask: () => new Promise<T>((resolve, reject) => open.push({resolve, reject})),
		async answer(value: T | Error) {
			const first = open.shift();
			if (first === undefined) {
				throw new Error('Nothing was asked.');
			}

			if (value instanceof Error) {
				first.reject(value);
			} else {
				first.resolve(value);
			}

			// What follows from the answer runs in microtasks.
			await new Promise(resolve => setImmediate(resolve));
		},
	};
}

/** Hands for tests of dialogs and forms. */
export function recordedHands(rest: Partial<Hands> = {}): RecordedHands {
	const previewed: Intent[] = [];
	const performed: Intent[] = [];
	const reasons: (string | undefined)[] = [];
	const previews = queue<Preview>();
	const outcomes = queue<Outcome>();
	return {
		previewed,
		performed,
		reasons,
		refusal: () => undefined,
		preview(intent) {
			previewed.push(intent);
			return previews.ask();
		},
		perform(intent, reason) {
			performed.push(intent);
			reasons.push(reason);
			return outcomes.ask();
		},
		previewBulk: async () => {
			throw new Error('Nothing is done in bulk here.');
		},
		performBulk: async () => ({results: [], trouble: undefined}),
		suggest: async () => ({
			taskNames: ['run-agent', 'send-invoice', 'send-newsletter', 'summarize'],
			eventNames: ['order.paid:42'],
		}),
		usualMaxAttempts: async () => 7,
		template: async () => {
			throw new Error('There is no such task.');
		},
		close: async () => {},
		answerPreview: previews.answer,
		answerPerform: outcomes.answer,
		...rest,
	};
}
