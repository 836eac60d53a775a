import {cancelCommand, emitCommand, retryCommand, spawnCommand} from './actions.ts';
import {checkCommand} from './check.ts';
import type {Command} from './command.ts';
import {doctorCommand} from './doctor.ts';
import {initCommand} from './init.ts';
import {showCommand} from './show.ts';

/** All subcommands, in the order of the help. */
export const commands: readonly Command[] = [
	showCommand,
	checkCommand,
	doctorCommand,
	retryCommand,
	cancelCommand,
	spawnCommand,
	emitCommand,
	initCommand,
];
