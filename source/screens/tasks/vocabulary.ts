import type {Vocabulary} from '../../monitor/filter/complete.ts';
import {taskKeys} from '../../monitor/filter/keys.ts';
import type {DrawContext} from '../screen.ts';
import {vocabularyOf} from '../vocabulary.ts';
import {answerOf} from './answer.ts';
import type {TasksState} from './state.ts';

function joined(first: readonly string[] | undefined, second: readonly string[]): readonly string[] {
	return [...new Set([...(first ?? []), ...second])].sort();
}

/** What Tab offers: what the overview knows, and what was found. */
export function taskVocabulary(state: TasksState, context: DrawContext): Vocabulary {
	const known = vocabularyOf(context.snapshot);
	const rows = answerOf(state, context).search?.rows ?? [];
	return {
		...known,
		keys: taskKeys,
		name: joined(
			known.name,
			rows.map(({taskName}) => taskName),
		),
		worker: joined(
			known.worker,
			rows.flatMap(({worker}) => worker ?? []),
		),
		error: joined(
			known.error,
			rows.flatMap(({errorName}) => errorName ?? []),
		),
		key: joined(
			undefined,
			rows.flatMap(({key}) => key ?? []),
		),
	};
}
