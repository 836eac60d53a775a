import {expect, test} from 'vitest';
import {attemptText} from '../../source/screens/overview/claims.ts';
import {createTheme} from '../../source/terminal/theme.ts';

const theme = createTheme({ascii: false, colour: false});

test.each([
	[2, 5, 4, '2/5'],
	[12, 15, 5, '12/15'],
	[9, 1000, 4, '9/…'],
	[25, 1000, 4, '25/…'],
	[25, 1000, 7, '25/1000'],
	[412, 1000, 4, '412'],
	[412, null, 5, '412/∞'],
	[12_345, null, 4, '12k'],
])('attempt %i of %s in %i cells: %s', (attempt, most, width, said) => {
	// `412/…` has five cells.
	expect(attemptText(attempt, most, theme, width)).toBe(said);
});
