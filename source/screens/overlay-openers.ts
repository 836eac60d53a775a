import type {Scope} from '../keys/binding.ts';
import type {FilterBook} from '../monitor/filter/book.ts';
import {createCosts} from './costs.ts';
import {createFindings} from './findings.ts';
import {createHelp} from './help.ts';
import {createLog} from './log.ts';
import type {Overlay} from './overlay.ts';
import {createPalette} from './palette.ts';
import type {Program} from './program-commands.ts';
import {createSavedFilters, filterChoices} from './saved-filters.ts';
import type {ShellOptions} from './shell-types.ts';
import type {View} from './view.ts';

/** What the openers need of the shell. */
interface Openers extends Pick<ShellOptions, 'hands' | 'monitor'> {
	say(text: string): void;
	top(): View;
	/** The scopes of the screen on top, none while a sentence fills the body. */
	scopes(): readonly Scope[];
	whyNot(id: string): string | undefined;
	put(overlay: Overlay): void;
	readonly filters: FilterBook;
}

/** What opens over the screen: help, palette, costs, the log of this session, the findings. */
export function createOverlayOpeners({
	hands,
	monitor,
	say,
	top,
	scopes,
	whyNot,
	put,
	filters,
}: Openers): Pick<Program, 'help' | 'palette' | 'costs' | 'log' | 'findings' | 'savedFilters'> {
	return {
		help() {
			const view = top();
			put(createHelp({title: view.title, scopes: ['always', 'global', ...view.scopes], whyNot}));
		},
		palette() {
			put(createPalette({scopes: ['always', 'global', ...scopes()], whyNot, probe: () => top().probe()}));
		},
		costs() {
			put(createCosts(() => top().probe()));
		},
		log() {
			put(createLog(() => top().probe()));
			hands()?.logSeen?.();
		},
		savedFilters() {
			const choices = filterChoices(filters);
			if (choices.length > 0) put(createSavedFilters(choices, (filter, context) => top().filter(filter, context)));
			else say('No filter yet: / types one. Filters in the configuration file stand here under their names.');
		},
		findings() {
			if (monitor.snapshot.findings.length > 0) put(createFindings());
			else say('There are no findings in what was read. 8 lists what was looked at.');
		},
	};
}
