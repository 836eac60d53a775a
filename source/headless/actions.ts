import type {FlagGroup} from '../flags.ts';
import type {Intent} from '../monitor/hands.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import type {ParsedArguments} from '../parse-arguments.ts';
import {UsageError} from '../usage-error.ts';
import {act, checkManner} from './act.ts';
import {actionGroups, jsonText, mannerOf, onlyArgument, queueOf} from './action-flags.ts';
import {readAll} from './ask.ts';
import type {Command, CommandTools, Job} from './command.ts';
import {findTask, readCatalogue, readId} from './find-task.ts';

const idNotes = [
	'ID is the whole id of a task or of a run; its queue is found. With - the ids are read from standard input, one in a line; then nobody can be asked, so --yes or --dry-run is needed.',
	'All ids are looked up before anything is done. Exit code 1 when something was refused, declined or failed.',
];

/** Ids at most: more than that is no typing error any more. */
const mostIds = 1000;

async function readIds(input: readonly string[], stdin: NodeJS.ReadStream): Promise<readonly string[]> {
	const texts = input[0] === '-' ? (await readAll(stdin)).split(/\s+/).filter(each => each !== '') : input;
	const ids = [...new Set(texts.map(readId))];
	if (ids.length > mostIds) throw new UsageError(`These are ${ids.length} ids; at most ${mostIds} are done at once.`);
	return ids;
}

/** All tasks are looked up before any is touched: an id that does not exist stops the whole. */
async function findAll(ids: readonly string[], {connection}: CommandTools): Promise<readonly RunRef[]> {
	await connection.first();
	const source = await connection.watch();
	try {
		await readCatalogue(source);
		const found = new Map<string, RunRef>();
		for (const id of ids) {
			const run = await findTask(source, id);
			found.set(`${run.queue} ${run.taskId}`, run);
		}
		return [...found.values()];
	} finally {
		await source.close();
	}
}

function onTasks(parsed: ParsedArguments, name: string, intentOf: (run: RunRef) => Intent): Job {
	const {input} = parsed;
	if (input.length === 0) throw new UsageError(`${name} needs the ids of tasks, or - to read them.`);
	if (input.includes('-') && input.length > 1) throw new UsageError('Either - or ids, not both.');
	if (input[0] !== '-') input.forEach(readId);
	const manner = mannerOf(parsed);
	return async tools => {
		checkManner(manner, tools.stdin);
		const ids = await readIds(input, tools.stdin);
		if (ids.length === 0) throw new UsageError('There is no id on standard input.');
		const runs = await findAll(ids, tools);
		return act(runs.map(intentOf), manner, tools);
	};
}

function attempts(text: string | undefined, flag: string): number | undefined {
	if (text === undefined) return undefined;
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw new UsageError(`${flag} is "${text}"; it is a whole number from 1.`);
}

export const retryCommand: Command = {
	name: 'retry',
	usage: 'ID... | -',
	summary: 'retry failed tasks',
	notes: idNotes,
	takesDatabase: false,
	acts: true,
	groups: [
		{
			title: 'Retry',
			flags: [
				{key: 'new', help: 'as new tasks with the same parameters, without checkpoints'},
				{key: 'extraAttempts', value: 'N', help: 'so many further attempts instead of one'},
			],
		},
		...actionGroups,
	],
	prepare(parsed) {
		const spawnNew = parsed.switches.has('new');
		const extraAttempts = attempts(parsed.values.get('extraAttempts'), '--extra-attempts');
		if (spawnNew && extraAttempts !== undefined) throw new UsageError('--new and --extra-attempts exclude each other.');
		return onTasks(parsed, 'retry', ({queue, taskId}) => ({kind: 'retry', queue, taskId, spawnNew, extraAttempts}));
	},
};

export const cancelCommand: Command = {
	name: 'cancel',
	usage: 'ID... | -',
	summary: 'cancel tasks, for good',
	notes: idNotes,
	takesDatabase: false,
	acts: true,
	groups: actionGroups,
	prepare: parsed => onTasks(parsed, 'cancel', ({queue, taskId}) => ({kind: 'cancel', queue, taskId})),
};

const defaultAttempts = 5;

/** undefined = what the task name usually has. */
function maxAttemptsOf({values}: ParsedArguments): number | null | undefined {
	const text = values.get('maxAttempts');
	return text === 'unlimited' ? null : attempts(text, '--max-attempts');
}

const spawnFlags: FlagGroup = {
	title: 'Task',
	flags: [
		{key: 'params', value: 'JSON', help: 'parameters; {} when left out'},
		{key: 'headers', value: 'JSON', help: 'headers'},
		{key: 'maxAttempts', value: 'N', help: 'or unlimited; else what tasks of this name have, else 5'},
		{key: 'retryStrategy', value: 'JSON', help: 'such as {"kind": "fixed", "base_seconds": 30}'},
		{key: 'cancellation', value: 'JSON', help: 'such as {"max_duration": 3600}'},
		{key: 'idempotencyKey', value: 'KEY', help: 'nothing new is made while a task has it'},
	],
};

export const spawnCommand: Command = {
	name: 'spawn',
	usage: 'TASK -q QUEUE',
	summary: 'spawn a task',
	notes: ['TASK is the name of the task as its workers know it.'],
	takesDatabase: false,
	acts: true,
	groups: [spawnFlags, ...actionGroups],
	prepare(parsed) {
		const taskName = onlyArgument(parsed, 'spawn', 'the name of a task');
		const queue = queueOf(parsed, 'spawn');
		const manner = mannerOf(parsed);
		const asked = maxAttemptsOf(parsed);
		const intent = {
			kind: 'spawn' as const,
			queue,
			taskName,
			params: jsonText(parsed, 'params', '--params') ?? '{}',
			headers: jsonText(parsed, 'headers', '--headers'),
			retryStrategy: jsonText(parsed, 'retryStrategy', '--retry-strategy'),
			cancellation: jsonText(parsed, 'cancellation', '--cancellation'),
			idempotencyKey: parsed.values.get('idempotencyKey'),
		};
		return async tools => {
			checkManner(manner, tools.stdin);
			await tools.connection.first();
			const usual = asked === undefined ? await tools.connection.hands?.usualMaxAttempts(queue, taskName) : asked;
			return act([{...intent, maxAttempts: usual === undefined ? defaultAttempts : usual}], manner, tools);
		};
	},
};

export const emitCommand: Command = {
	name: 'emit',
	usage: 'EVENT -q QUEUE',
	summary: 'emit an event, for good: the first payload stays',
	notes: ['EVENT is the name of the event that tasks of the queue await.'],
	takesDatabase: false,
	acts: true,
	groups: [
		{title: 'Event', flags: [{key: 'payload', value: 'JSON', help: 'what those who wait get; null when left out'}]},
		...actionGroups,
	],
	prepare(parsed) {
		const eventName = onlyArgument(parsed, 'emit', 'the name of an event');
		const queue = queueOf(parsed, 'emit');
		const manner = mannerOf(parsed);
		const payload = jsonText(parsed, 'payload', '--payload') ?? 'null';
		return async tools => {
			checkManner(manner, tools.stdin);
			await tools.connection.first();
			return act([{kind: 'emit', queue, eventName, payload}], manner, tools);
		};
	},
};
