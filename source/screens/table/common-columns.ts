import type {Column} from '../../components/column.ts';
import type {State} from '../../monitor/snapshot.ts';
import {stateStyles} from '../run/state-style.ts';

/** The state of a task or workflow, as a word in its colour. */
export function stateColumn<Row extends {readonly state: State}, Context>(
	rest: Partial<Column<Row, Context>> = {},
): Column<Row, Context> {
	return {
		id: 'state',
		title: 'state',
		width: 9,
		align: 'left',
		text: ({state}) => state,
		tone: ({state}) => stateStyles[state].tone,
		sort: ({state}) => state,
		...rest,
	};
}

/** The queue that a row belongs to, between `width` and `max` cells. */
export function queueColumn<Row extends {readonly queue: string}, Context>(
	width: number,
	max: number,
	rest: Partial<Column<Row, Context>> = {},
): Column<Row, Context> {
	return {
		id: 'queue',
		title: 'queue',
		width,
		grow: 1,
		max,
		align: 'left',
		text: ({queue}) => queue,
		sort: ({queue}) => queue,
		...rest,
	};
}

/** The name of a task, for tables in which it has most of the room. */
export function taskColumn<Row extends {readonly taskName: string}, Context>(grow: number): Column<Row, Context> {
	return {
		id: 'task',
		title: 'task',
		width: 14,
		grow,
		max: 40,
		align: 'left',
		text: ({taskName}) => taskName,
		sort: ({taskName}) => taskName,
	};
}
