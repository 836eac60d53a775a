import {commandFlags} from '../flags.ts';
import {createMonitor} from '../monitor/create-monitor.ts';
import {missingQueues, noSuchQueue} from '../monitor/missing-queues.ts';
import {plural} from '../monitor/phrase.ts';
import type {Source} from '../monitor/source.ts';
import {toAscii} from '../terminal/ascii.ts';
import {detectCapabilities} from '../terminal/capabilities.ts';
import type {Command, CommandTools} from './command.ts';
import {type Checked, checkConnection, checkLatency, checkRights, checkRule, checkTerminal} from './doctor-checks.ts';
import {askDeadline, catalogueProblem} from './find-task.ts';
import {renderShape} from './json.ts';
import {readCompletely} from './once.ts';
import {plainTable} from './plain-table.ts';
import {writeAll} from './write.ts';

const {connection, queue, help, ascii} = commandFlags;

/** Round trips that are measured. */
const trips = 5;

async function latency(source: Source): Promise<Checked> {
	const durations: number[] = [];
	for (let trip = 0; trip < trips; trip++) {
		const {duration} = await source.tick([], askDeadline, false);
		durations.push(duration);
	}
	return checkLatency(durations);
}

function failed(check: string, error: unknown): Checked {
	return {check, level: 'critical', sentence: error instanceof Error ? error.message : String(error)};
}

async function checkSource(source: Source, asked: readonly string[]): Promise<readonly Checked[]> {
	const {facts} = source;
	const checked = [...checkConnection(facts)];
	const catalogue = await source.catalogue(askDeadline);
	checked.push(await latency(source));
	const problem = catalogueProblem(catalogue, facts.database);
	if (catalogue.kind !== 'queues') return [...checked, {check: 'schema', level: 'critical', sentence: problem ?? ''}];
	const {user, schemaVersion} = facts;
	const sentence = `Absurd ${schemaVersion}, ${plural(catalogue.queues.length, 'queue')}`;
	checked.push({check: 'schema', level: 'ok', sentence});
	const missing = missingQueues(asked, catalogue.queues);
	if (missing.length > 0)
		checked.push({check: 'queues', level: 'critical', sentence: noSuchQueue(missing, facts.database)});
	try {
		return [...checked, checkRights(await source.probe({kind: 'refusals', user, schemaVersion}, askDeadline))];
	} catch (error) {
		return [...checked, failed('rights to act', error)];
	}
}

/** Looks at the database, from the connection to every rule of the monitor; what fails ends the list, it is not thrown. */
async function checkDatabase({connection: database, options}: CommandTools): Promise<readonly Checked[]> {
	const checked: Checked[] = [];
	try {
		await database.first();
		const source = await database.watch();
		let given: Source | undefined = source;
		checked.push(...(await checkSource(source, options.queues)));
		const monitor = createMonitor(() => {
			const first = given;
			given = undefined;
			return first === undefined ? database.watch() : Promise.resolve(first);
		}, options);
		const {snapshot} = await readCompletely(monitor, true).finally(() => monitor.close());
		// Why there is no schema, or none that may be read, was told already.
		return snapshot.connection.kind === 'live' ? [...checked, ...snapshot.checks.flatMap(checkRule)] : checked;
	} catch (error) {
		return [...checked, failed(checked.length === 0 ? 'connection' : 'reading', error)];
	}
}

type Row = Pick<Checked, 'check' | 'sentence'> & {readonly level: string};

const columns = [
	{title: 'level', max: 8, text: ({level}: Row) => level},
	{title: 'check', max: 24, text: ({check}: Row) => check},
	{title: 'result', max: 400, text: ({sentence}: Row) => sentence},
];

function withRemedy(checked: Checked): readonly Row[] {
	const {remedy} = checked;
	return remedy === undefined ? [checked] : [checked, {level: '', check: '', sentence: `remedy: ${remedy}`}];
}

/** `absurd-top doctor`: everything between this terminal and the queues, looked at once. */
export const doctorCommand: Command = {
	name: 'doctor',
	usage: '[DATABASE]',
	summary: 'connection, rights, schema, terminal, and every check of the monitor',
	notes: ['It only looks, and prints no password. Exit code 1 when something is critical.'],
	takesDatabase: true,
	groups: [
		{title: 'Output', flags: [{key: 'json', help: 'print it as JSON'}, ascii, help]},
		{title: 'Connection and rest', flags: [...connection, queue]},
	],
	prepare:
		({switches}) =>
		async tools => {
			const {stdout, options} = tools;
			const terminal = checkTerminal(stdout, process.env, detectCapabilities(process.env));
			const checked = [...(await checkDatabase(tools)), terminal];
			const lines = plainTable(columns, checked.flatMap(withRemedy)).map(line =>
				options.ascii ? toAscii(line) : line,
			);
			const shape = {checks: checked.map(({remedy = null, ...rest}) => ({...rest, remedy}))};
			await writeAll(stdout, switches.has('json') ? renderShape(shape) : `${lines.join('\n')}\n`);
			return checked.some(({level}) => level === 'critical') ? 1 : 0;
		},
};
