import type {FlagGroup} from '../flags.ts';
import type {BulkKind} from '../monitor/bulk.ts';
import type {Intent, RetryManner} from '../monitor/hands.ts';
import type {RunRef} from '../monitor/snapshot.ts';
import type {ParsedArguments} from '../parse-arguments.ts';
import {UsageError} from '../usage-error.ts';
import {act, checkManner} from './act.ts';
import {planMany} from './act-on-many.ts';
import {planOne} from './act-on-one.ts';
import {
	actionGroups,
	bulkGroup,
	jsonText,
	mannerOf,
	onlyArgument,
	queueOf,
	rateOf,
	readJson,
	wholeNumber,
} from './action-flags.ts';
import {readAll} from './ask.ts';
import type {Command, CommandTools, Job} from './command.ts';
import {findTasks, readCatalogue, readId, requireQueue} from './find-task.ts';

const idNotes = [
	'ID is the whole id of a task or of a run; its queue is found. With - the ids are read from standard input, one in a line; then nobody can be asked, so --yes or --dry-run is needed.',
	'All ids are looked up before anything is done. Exit code 1 when something was refused, declined or failed.',
];

async function readIds(input: readonly string[], most: number, stdin: NodeJS.ReadStream): Promise<readonly string[]> {
	const texts = input[0] === '-' ? (await readAll(stdin)).split(/\s+/).filter(each => each !== '') : input;
	const ids = [...new Set(texts.map(readId))];
	if (ids.length > most)
		throw new UsageError(`These are ${ids.length} ids; at most ${most} are done at once (--bulk-cap).`);
	return ids;
}

/** All tasks are looked up before any is touched: an id that does not exist stops the whole. */
async function findAll(ids: readonly string[], {connection}: CommandTools): Promise<readonly RunRef[]> {
	await connection.first();
	const source = await connection.watch();
	try {
		await readCatalogue(source);
		return await findTasks(source, ids);
	} finally {
		await source.close();
	}
}

/** `retry` = how, for a retry. */
function onTasks(parsed: ParsedArguments, name: BulkKind, retry?: RetryManner): Job {
	const {input} = parsed;
	if (input.length === 0) throw new UsageError(`${name} needs the ids of tasks, or - to read them.`);
	if (input.includes('-') && input.length > 1) throw new UsageError('Either - or ids, not both.');
	if (input[0] !== '-') input.forEach(readId);
	const manner = mannerOf(parsed);
	const rate = rateOf(parsed);
	return async tools => {
		checkManner(manner, tools.stdin);
		const ids = await readIds(input, tools.options.bulkCap, tools.stdin);
		const tasks = ids.length === 0 ? [] : await findAll(ids, tools);
		const [first] = tasks;
		if (first === undefined) throw new UsageError('There is no id on standard input.');
		const {settle} = tools.connection;
		const plan =
			tasks.length === 1
				? planOne(intentOf(name, first, retry))
				: planMany({intent: {kind: name, tasks, hidden: 0}, manner: retry, rate, settle});
		return act(plan, manner, tools);
	};
}

function intentOf(kind: BulkKind, {queue, taskId}: RunRef, retry: RetryManner | undefined): Intent {
	if (kind === 'cancel') return {kind, queue, taskId};
	return {kind, queue, taskId, ...(retry ?? {spawnNew: false, extraAttempts: undefined})};
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
		bulkGroup,
		...actionGroups,
	],
	prepare(parsed) {
		const spawnNew = parsed.switches.has('new');
		const extraAttempts = wholeNumber(parsed.values.get('extraAttempts'), '--extra-attempts');
		if (spawnNew && extraAttempts !== undefined) throw new UsageError('--new and --extra-attempts exclude each other.');
		return onTasks(parsed, 'retry', {spawnNew, extraAttempts});
	},
};

export const cancelCommand: Command = {
	name: 'cancel',
	usage: 'ID... | -',
	summary: 'cancel tasks, for good',
	notes: idNotes,
	takesDatabase: false,
	acts: true,
	groups: [bulkGroup, ...actionGroups],
	prepare: parsed => onTasks(parsed, 'cancel'),
};

const defaultAttempts = 5;

/** undefined = what the task name usually has. */
function maxAttemptsOf({values}: ParsedArguments): number | null | undefined {
	const text = values.get('maxAttempts');
	return text === 'unlimited' ? null : wholeNumber(text, '--max-attempts');
}

const spawnFlags: FlagGroup = {
	title: 'Task',
	flags: [
		{key: 'params', value: 'JSON', help: 'parameters; {} when left out, - reads them from standard input'},
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
			const params = await readJson(intent.params, '--params', tools.stdin);
			await requireQueue(queue, tools);
			const usual = asked === undefined ? await tools.connection.hands?.usualMaxAttempts(queue, taskName) : asked;
			const maxAttempts = usual === undefined ? defaultAttempts : usual;
			return act(planOne({...intent, params, maxAttempts}), manner, tools);
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
		{
			title: 'Event',
			flags: [{key: 'payload', value: 'JSON', help: 'what those who wait get; null when left out, - reads it'}],
		},
		...actionGroups,
	],
	prepare(parsed) {
		const eventName = onlyArgument(parsed, 'emit', 'the name of an event');
		const queue = queueOf(parsed, 'emit');
		const manner = mannerOf(parsed);
		const payload = jsonText(parsed, 'payload', '--payload') ?? 'null';
		return async tools => {
			checkManner(manner, tools.stdin);
			const text = await readJson(payload, '--payload', tools.stdin);
			await requireQueue(queue, tools);
			return act(planOne({kind: 'emit', queue, eventName, payload: text}), manner, tools);
		};
	},
};
