import {commandFlags} from '../flags.ts';
import {UsageError} from '../usage-error.ts';
import type {Command} from './command.ts';
import {askDeadline, findTask, readCatalogue, readId} from './find-task.ts';
import {renderShape} from './json.ts';
import {detailShape} from './show-json.ts';
import {renderDetail} from './show-text.ts';
import {writeAll} from './write.ts';

const {connection, queue, help, ascii} = commandFlags;

/** `absurd-top show ID`: one task, as the run detail screen shows it. */
export const showCommand: Command = {
	name: 'show',
	usage: 'ID',
	summary: 'one task: why it is in its state, attempts, checkpoints',
	notes: ['ID is the whole id of a task or of a run; its queue is found.'],
	takesDatabase: false,
	groups: [
		{title: 'Output', flags: [{key: 'json', help: 'print it as JSON'}, ascii, help]},
		{title: 'Connection and rest', flags: [...connection, queue]},
	],
	prepare({input, switches}) {
		const [first, second] = input;
		if (first === undefined) throw new UsageError('show needs the id of a task or a run.');
		if (second !== undefined) throw new UsageError(`show takes one id, and "${second}" is a second one.`);
		const id = readId(first);
		return async ({connection: database, options, stdout}) => {
			await database.first();
			const source = await database.watch();
			try {
				await readCatalogue(source);
				const run = await findTask(source, id);
				const detail = await source.probe({kind: 'run', run}, askDeadline);
				if (detail === null) throw new Error(`Task ${run.taskId} is not there any more.`);
				const text = switches.has('json') ? renderShape(detailShape(detail)) : renderDetail(detail, options.ascii);
				await writeAll(stdout, text);
				return 0;
			} finally {
				await source.close();
			}
		};
	},
};
