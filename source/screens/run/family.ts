import {type DocumentRow, row, textRow} from '../../components/document.ts';
import {shortId} from '../../components/short-id.ts';
import {awaitedTask, keyFamily, type RelatedTask} from '../../monitor/relations.ts';
import type {RunDetail} from '../../monitor/run-detail.ts';
import {wrap} from '../../terminal/wrap.ts';
import {distanceText, momentText} from './moment.ts';
import type {SectionContext} from './sections.ts';
import {stateStyles} from './state-style.ts';

/** The row that asks for the tasks that await this one. */
export const parentsRow = 'parents';

function heading(id: string, text: string): DocumentRow {
	return row(id, [{text, tone: 'title'}]);
}

function taskRow(id: string, task: RelatedTask, label: string, {draw}: SectionContext): DocumentRow {
	const {glyph, tone} = stateStyles[task.state];
	return {
		...row(
			id,
			[
				{text: `  ${label === '' ? '' : `${label.slice(0, 60)}  `}`, tone: 'key'},
				{text: task.taskName.slice(0, 60), tone: 'strong'},
				{text: ` ${shortId(task.taskId)}  ${task.queue.slice(0, 40)}  `, tone: 'dim'},
				{text: `${draw.theme.glyph[glyph]} ${task.state}`, tone},
				{text: `  ${momentText(task.enqueuedAt, draw)}, ${distanceText(task.enqueuedAt, draw.now)}`, tone: 'dim'},
			],
			task.taskId,
		),
		subject: {text: task.taskId, what: 'task id'},
		opens: task,
	};
}

function parentRows(context: SectionContext): readonly DocumentRow[] {
	const parents = context.detail.relations?.parents;
	const asks = 'Enter looks for it: in each queue, at the 5,000 checkpoints of the tasks spawned before this one.';
	if (parents === undefined) {
		return wrap(asks, Math.max(8, context.width - 2)).map((line, index) =>
			textRow(index === 0 ? parentsRow : `${parentsRow}${index}`, `  ${line}`, 'dim'),
		);
	}

	return parents.length === 0
		? [textRow(parentsRow, '  None among the 5,000 checkpoints before it in each queue.', 'dim')]
		: parents.map((task, index) => taskRow(`p${index}`, task, '', context));
}

function childRows(context: SectionContext): readonly DocumentRow[] {
	const {checkpoints, relations} = context.detail;
	const children = [...new Set(checkpoints.flatMap(step => awaitedTask(step) ?? []))];
	if (children.length === 0) {
		return [textRow('none', '  It has awaited no other task.', 'dim')];
	}

	return children.map(id => {
		const task = relations?.children.get(id);
		if (task) {
			return taskRow(`c${id}`, task, '', context);
		}

		const why =
			relations === undefined ? 'is being looked up' : task === null ? 'is in no queue any more' : 'was not looked up';
		return {...textRow(`c${id}`, `  ${id} ${why}`, 'dim'), copy: id, subject: {text: id, what: 'task id'}};
	});
}

function keyRows(context: SectionContext): readonly DocumentRow[] {
	const {idempotencyKey, relations, enqueuedAt} = context.detail;
	const family = idempotencyKey === undefined ? undefined : keyFamily(idempotencyKey);
	if (idempotencyKey === undefined || family === undefined) {
		return [];
	}

	const tasks = relations?.family ?? [];
	const none = relations === undefined ? '  Looking…' : '  None among the ten keys before and after this one.';
	return [
		row('gap2', []),
		heading('h3', `Other tasks with a key like ${family}…`),
		...(tasks.length === 0 ? [textRow('nokey', none, 'dim')] : []),
		...tasks.map(task =>
			taskRow(
				`k${task.taskId}`,
				task,
				`${task.enqueuedAt < enqueuedAt ? 'earlier' : 'later  '} ${task.key ?? ''}`,
				context,
			),
		),
	];
}

/** The tasks around this one: who awaits it, whom it has awaited, and those with a key of the same family. */
export function familyRows(context: SectionContext): readonly DocumentRow[] {
	return [
		heading('h1', 'Parent'),
		...parentRows(context),
		row('gap1', []),
		heading('h2', 'Children'),
		...childRows(context),
		...keyRows(context),
	];
}

/** Tasks that it has awaited, as its checkpoints tell. */
export function childCount({checkpoints}: RunDetail): number {
	return new Set(checkpoints.flatMap(step => awaitedTask(step) ?? [])).size;
}
