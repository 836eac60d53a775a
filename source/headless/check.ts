import {commandFlags, flagName} from '../flags.ts';
import {createMonitor} from '../monitor/create-monitor.ts';
import {onceBudget} from '../monitor/tick-budget.ts';
import type {Command} from './command.ts';
import {measures} from './measures.ts';
import {readCompletely} from './once.ts';
import {levelCodes, readThreshold} from './thresholds.ts';
import {verdictLine, verdictOf} from './verdict.ts';
import {writeAll} from './write.ts';

const {connection, queue, help} = commandFlags;

/** `absurd-top check`: one line and an exit code for a monitoring system. */
export const checkCommand: Command = {
	name: 'check',
	usage: '[DATABASE]',
	summary: 'one line and an exit code for a monitoring system',
	notes: [
		'A value above the first number of a threshold is a warning, above the second one critical. It holds for every queue by itself. Without a threshold the findings of the monitor decide.',
		'Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (not readable, wrong usage).',
	],
	takesDatabase: true,
	groups: [
		{
			title: 'Thresholds, warning[,critical]',
			flags: [
				{key: 'maxReadyAge', value: '60s[,300s]', help: 'age of the oldest ready run: ms, s, m, h, d'},
				{key: 'maxFailRate', value: '5%[,20%]', help: 'failed of all attempts of 5 minutes; judged from 20 on'},
				{key: 'maxExpiredLeases', value: 'N[,N]', help: 'claims whose lease has run out'},
				{key: 'maxDead', value: 'N[,N]', help: 'tasks that died within the last hour; counted up to 200'},
			],
		},
		{title: 'Connection and rest', flags: [...connection, queue, help]},
	],
	prepare({values}) {
		const thresholds = new Map(
			measures.flatMap(({key, unit}) => {
				const text = values.get(key);
				return text === undefined ? [] : [[key, readThreshold(text, flagName(key), unit)] as const];
			}),
		);
		return async ({connection: database, options, stdout}) => {
			await database.first();
			const monitor = createMonitor(database.watch, {...options, tickBudget: onceBudget});
			try {
				const {snapshot, problem} = await readCompletely(monitor);
				const {level, line} =
					problem === undefined
						? verdictOf(snapshot, thresholds)
						: {level: 'UNKNOWN' as const, line: verdictLine('UNKNOWN', problem)};
				await writeAll(stdout, line);
				return levelCodes[level];
			} finally {
				await monitor.close();
			}
		};
	},
	report: sentence => ({stdout: verdictLine('UNKNOWN', sentence), code: levelCodes.UNKNOWN}),
};
