import {expect, test} from 'vitest';
import {commands} from '../../source/headless/commands.ts';
import {commandHelpText, helpText} from '../../source/help.ts';

test('no line of any help is wider than 100 columns', () => {
	const texts = [helpText(commands), ...commands.map(commandHelpText)];
	expect(texts.flatMap(text => text.split('\n')).filter(line => line.length > 100)).toEqual([]);
});
