import {commandFlags} from '../flags.ts';
import {checkManner} from './act.ts';
import {mannerOf} from './action-flags.ts';
import {askLine} from './ask.ts';
import type {Command} from './command.ts';
import {askDeadline} from './find-task.ts';
import {writeAll} from './write.ts';

const {connection, help} = commandFlags;

/** `absurd-top init`: installs Absurd in a database that has no schema absurd. */
export const initCommand: Command = {
	name: 'init',
	usage: '[DATABASE]',
	summary: 'install Absurd in a database that has no schema absurd',
	notes: [
		'Everything is created in one transaction: all of it or nothing. Where there is a schema absurd already, nothing is touched: bring an older release up to date with its own migrations.',
	],
	takesDatabase: true,
	groups: [
		{
			title: 'Doing it',
			flags: [{key: 'dryRun', help: 'only say what would happen'}, {key: 'yes', help: 'do it without asking'}, help],
		},
		{title: 'Connection', flags: connection},
	],
	prepare(parsed) {
		const manner = mannerOf(parsed);
		return async ({connection: database, stdin, stdout, stderr}) => {
			checkManner(manner, stdin);
			await database.first();
			const source = await database.watch();
			const {facts} = source;
			const catalogue = await source.catalogue(askDeadline);
			await source.close();
			const place = `${facts.database} at ${facts.host}:${facts.port}`;
			if (catalogue.kind === 'failed') throw new Error(catalogue.trouble.sentence);
			if (catalogue.kind !== 'no-schema')
				throw new Error(`The database ${place} has a schema absurd already; nothing was changed.`);
			if (database.install === undefined || facts.readOnly !== undefined)
				throw new Error(`Nothing can be written to ${place}: the connection is read-only.`);
			const will = `Installs Absurd 0.5.0 in the database ${place} as ${facts.user}.`;
			if (manner.dryRun) {
				await writeAll(stdout, `${will}\n`);
				return 0;
			}
			if (!manner.yes && !/^y(es)?$/i.test((await askLine(`${will} Do it? [y/N] `, stdin, stderr)) ?? '')) {
				await writeAll(stderr, 'Nothing was done.\n');
				return 1;
			}
			await database.install();
			await writeAll(
				stdout,
				`Absurd 0.5.0 is installed in ${place}. Make a queue: select absurd.create_queue('NAME')\n`,
			);
			return 0;
		};
	},
};
