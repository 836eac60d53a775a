import {shortId, shortIds} from '../../components/short-id.ts';
import type {TaskRow} from '../../monitor/task-search.ts';
import type {Theme} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';
import {answerOf} from './answer.ts';
import type {TasksState} from './state.ts';

/** What the cells of the table of tasks know besides their row. */
export interface TaskCells {
	/** Database time now. */
	readonly now: number;
	readonly theme: Theme;
	/** The short form of a task's id, longer where two collide. */
	short(taskId: string): string;
}

/** Made once for each answer: finding the ids that collide costs more than drawing. */
const known = new WeakMap<readonly TaskRow[], ReadonlyMap<string, string>>();

export function taskCells(state: TasksState, context: DrawContext): TaskCells {
	const rows = answerOf(state, context).search?.rows ?? [];
	const ids = known.get(rows) ?? shortIds(rows.map(({taskId}) => taskId));
	known.set(rows, ids);
	return {now: context.now, theme: context.theme, short: id => ids.get(id) ?? shortId(id)};
}
