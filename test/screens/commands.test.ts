import {expect, test} from 'vitest';
import type {Scope} from '../../source/keys/binding.ts';
import {bindings} from '../../source/keys/bindings.ts';
import {markCommands} from '../../source/screens/marks.ts';
import {commands as overviewCommands} from '../../source/screens/overview/commands.ts';
import {programCommands} from '../../source/screens/program-commands.ts';
import {commands as runCommands} from '../../source/screens/run/commands.ts';
import {commands as tasksCommands} from '../../source/screens/tasks/commands.ts';

function idsOf(...scopes: readonly Scope[]): readonly string[] {
	return bindings.filter(({scope}) => scopes.includes(scope)).map(({id}) => id);
}

test.each([
	['tasks', tasksCommands, idsOf('list', 'table', 'tasks')],
	['overview', overviewCommands, idsOf('list', 'table', 'overview')],
	['run', runCommands, idsOf('list', 'run')],
] as const)(
	'every key of the %s does something, and nothing waits for a key that is not there',
	(_name, commands, ids) => {
		// Marking is the same everywhere, but for keys of another screen alone.
		const elsewhere = (id: string) => bindings.some(binding => binding.id === id && !ids.includes(id));
		const marking = Object.keys(markCommands).filter(id => !elsewhere(id));
		const ofTheProgram = ids.filter(id => programCommands[id] !== undefined);
		expect([...Object.keys(commands), ...marking, ...ofTheProgram].sort()).toEqual([...ids, 'program.escape'].sort());
	},
);
