import type {RunDetail} from '../../monitor/run-detail.ts';
import type {DrawContext} from '../screen.ts';
import type {RunState} from './state.ts';

/** The detail of the run that is looked at, as far as it was read. */
export interface RunAnswer {
	readonly detail: RunDetail | undefined;
	/** When it was read; undefined when it was not, or is old. */
	readonly readAt: number | undefined;
	/** Why it could not be read, or not again. */
	readonly trouble: string | undefined;
}

const loading: RunAnswer = {detail: undefined, readAt: undefined, trouble: undefined};

const gone = 'This task is no longer there: cleanup has removed it, or its queue was dropped.';

/** Answers that belong to another run, which was looked at before, count as not there yet. */
export function answerOf(state: RunState, {answers}: DrawContext): RunAnswer {
	const answer = answers.run;
	if (answer === undefined || answer.kind === 'loading') {
		return loading;
	}

	if (answer.kind === 'ready' && answer.value === null) {
		return {detail: undefined, readAt: undefined, trouble: gone};
	}

	const detail = answer.value ?? undefined;
	if (detail !== undefined && (detail.taskId !== state.run.taskId || detail.queue !== state.run.queue)) {
		return loading;
	}

	if (answer.kind === 'ready') {
		return {detail, readAt: answer.readAt, trouble: undefined};
	}

	const {sentence, sqlstate} = answer.trouble;
	return {detail, readAt: undefined, trouble: sqlstate === undefined ? sentence : `${sentence} (${sqlstate})`};
}
