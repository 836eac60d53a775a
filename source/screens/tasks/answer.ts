import {troubleText} from '../../components/status.ts';
import type {TaskSearch} from '../../monitor/task-search.ts';
import type {DrawContext} from '../screen.ts';
import type {TasksState} from './state.ts';

/** What was found, as far as it was read. */
export interface TasksAnswer {
	readonly search: TaskSearch | undefined;
	/** Why it could not be read, or not again. */
	readonly trouble: string | undefined;
}

/** Answers to another filter, which was asked before, count as not there yet. */
export function answerOf({filter}: TasksState, {answers: {tasks: answer}}: DrawContext): TasksAnswer {
	if (answer === undefined || answer.kind === 'loading') {
		return {search: undefined, trouble: undefined};
	}

	const search = answer.value?.filter === filter ? answer.value : undefined;
	return {search, trouble: answer.kind === 'failed' ? troubleText(answer.trouble) : undefined};
}
