import {formatInterval} from '../components/header.ts';
import type {Monitor} from '../monitor/monitor.ts';
import type {ScreenRequest} from './screen.ts';

/** What the commands of the program (not of a screen) set in motion. */
export interface Program {
	readonly monitor: Monitor;
	say(text: string): void;
	help(): void;
	costs(): void;
	palette(): void;
	/** One of the screens that have a number: the overview, or another on top of it. */
	show(request: ScreenRequest): void;
	log(): void;
	findings(): void;
	savedFilters(): void;
	back(): boolean;
	switchUtc(): boolean;
	suspend(): void;
	redraw(): void;
	/** Ends the program with this exit code. */
	quit(code: number): void;
}

/** Intervals between two ticks that `+` and `-` go through, milliseconds. */
const intervals = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000];

/** 128 + SIGINT: what a shell reports for a program that Ctrl-C ended. */
const interrupted = 130;

/** What each command of the scopes `always` and `global` does. */
export const programCommands: Readonly<Record<string, (program: Program) => void>> = {
	'program.help': program => program.help(),
	'program.palette': program => program.palette(),
	'program.back': program => {
		if (!program.back()) program.quit(0);
	},
	'program.pause': ({monitor}) => monitor.pause(!monitor.snapshot.paused),
	'program.refresh': ({monitor}) => monitor.refresh(),
	'program.slower': program => changeInterval(program, 1),
	'program.faster': program => changeInterval(program, -1),
	'program.redraw': program => program.redraw(),
	'program.suspend': program => program.suspend(),
	'program.quit': program => program.quit(interrupted),
	'view.overview': program => program.show({screen: 'overview'}),
	'view.workers': program => program.show({screen: 'workers', queue: undefined}),
	'view.events': program => program.show({screen: 'events', queue: undefined}),
	'view.schedule': program => program.show({screen: 'schedule', queue: undefined}),
	'view.workflows': program => program.show({screen: 'workflows'}),
	'view.failures': program => program.show({screen: 'failures'}),
	'view.tasks': program => program.show({screen: 'tasks', filter: ''}),
	'view.utc': program => program.say(program.switchUtc() ? 'Times in UTC' : 'Times in the zone of this terminal'),
	'view.costs': program => program.costs(),
	'view.log': program => program.log(),
	'view.findings': program => program.findings(),
	'filter.saved': program => program.savedFilters(),
	'view.doctor': program => program.show({screen: 'doctor'}),
};

function changeInterval({monitor, say}: Program, step: 1 | -1): void {
	const {interval} = monitor.snapshot;
	const next =
		step > 0
			? intervals.find(candidate => candidate > interval)
			: intervals.filter(candidate => candidate < interval).at(-1);
	if (next === undefined) {
		say(`Every ${formatInterval(interval)} is the ${step > 0 ? 'slowest' : 'fastest'}`);
		return;
	}
	monitor.setInterval(next);
	say(`Refreshing every ${formatInterval(next)}`);
}
