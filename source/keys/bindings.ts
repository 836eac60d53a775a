import type {Binding, Scope} from './binding.ts';

type Rest = Partial<Pick<Binding, 'hint' | 'danger'>>;

function bind(
	scope: Scope,
	group: Binding['group'],
	id: string,
	keys: readonly string[],
	title: string,
	rest: Rest = {},
): Binding {
	return {id, keys, scope, title, hint: rest.hint, group, danger: rest.danger ?? false};
}

/**
 * The key map. Lower case looks, upper case may act; every key that acts has `danger` and asks first. The order is that
 * of the help; hints appear in this order as well, as many as fit.
 */
export const bindings: readonly Binding[] = [
	bind('list', 'move', 'list.down', ['j', 'down'], 'next row'),
	bind('list', 'move', 'list.up', ['k', 'up'], 'previous row'),
	bind('list', 'move', 'list.top', ['g', 'home'], 'first row'),
	bind('list', 'move', 'list.bottom', ['G', 'end'], 'last row'),
	bind('list', 'move', 'list.pageDown', ['pagedown', 'ctrl+f'], 'page down'),
	bind('list', 'move', 'list.pageUp', ['pageup'], 'page up'),
	bind('list', 'move', 'list.halfDown', ['ctrl+d'], 'half a page down'),
	bind('list', 'move', 'list.halfUp', ['ctrl+u'], 'half a page up'),
	bind('list', 'move', 'panel.next', ['tab'], 'next panel or section', {hint: 'panel'}),
	bind('list', 'move', 'panel.previous', ['shift+tab'], 'previous panel or section'),
	bind('run', 'move', 'run.fold', ['left', 'h'], 'fold'),
	bind('run', 'move', 'run.unfold', ['right', 'l'], 'unfold'),
	bind('run', 'look', 'run.search', ['/'], 'search in the section, folded parts included', {hint: 'search'}),
	bind('run', 'look', 'run.searchNext', ['n'], 'next place with what was searched'),
	bind('run', 'look', 'run.searchPrevious', ['b'], 'previous place with what was searched'),
	bind('run', 'look', 'run.copyPath', ['P'], 'copy the path of the value: params.user.id'),
	bind('run', 'look', 'run.zoomOut', ['{'], 'show more of the timeline'),
	bind('run', 'look', 'run.zoomIn', ['}'], 'zoom into the timeline at the cursor', {hint: 'zoom'}),
	bind('list', 'look', 'list.open', ['enter'], 'open what is under the cursor', {hint: 'open'}),
	bind('overview', 'look', 'list.filter', ['/'], 'filter the panel: type, Enter keeps, Esc clears', {hint: 'filter'}),
	bind('overview', 'look', 'sort.left', ['<'], 'sort by the column to the left'),
	bind('overview', 'look', 'sort.right', ['>'], 'sort by the column to the right', {hint: 'sort'}),
	bind('overview', 'look', 'sort.invert', ['I'], 'turn the order round'),
	bind('list', 'look', 'mark.toggle', [' '], 'mark the task; R and C then act on what is marked'),
	bind('list', 'look', 'mark.range', ['v'], 'mark a range: press it at both ends'),
	bind('list', 'look', 'mark.all', ['*'], 'mark everything that the list shows'),
	bind('list', 'look', 'mark.none', ['U'], 'unmark everything'),
	bind('list', 'look', 'list.copyId', ['y'], 'copy the full id', {hint: 'copy id'}),
	bind('list', 'look', 'list.copyRow', ['Y'], 'copy the row as JSON'),
	bind('global', 'look', 'view.overview', ['1'], 'overview'),
	bind('global', 'look', 'view.utc', ['T'], 'times in UTC or in the zone of the terminal'),
	bind('global', 'look', 'view.costs', ['D'], 'what each query costs the database'),
	bind('list', 'act', 'action.retry', ['R'], 'retry the task (asks first)', {hint: 'retry', danger: true}),
	bind('list', 'act', 'action.cancel', ['C'], 'cancel the task (asks first)', {hint: 'cancel', danger: true}),
	bind('list', 'act', 'action.spawn', ['N'], 'spawn a new task (form)', {hint: 'spawn', danger: true}),
	bind('list', 'act', 'action.emit', ['E'], 'emit an event (form)', {hint: 'emit', danger: true}),
	bind('global', 'program', 'program.help', ['?'], 'this help', {hint: 'help'}),
	bind('global', 'program', 'program.back', ['q'], 'back; on the overview: quit', {hint: 'quit'}),
	bind('global', 'program', 'program.escape', ['escape'], 'close, clear the filter, or back; never quits'),
	bind('global', 'program', 'program.pause', ['p'], 'pause and go on: no query while paused'),
	bind('global', 'program', 'program.refresh', ['r'], 'refresh now, also while paused'),
	bind('global', 'program', 'program.slower', ['+', '='], 'refresh less often: 0.5 1 2 5 10 30 60 s'),
	bind('global', 'program', 'program.faster', ['-', '_'], 'refresh more often'),
	bind('always', 'program', 'program.redraw', ['ctrl+l'], 'draw the screen anew'),
	bind('always', 'program', 'program.suspend', ['ctrl+z'], 'suspend; fg comes back'),
	bind('always', 'program', 'program.quit', ['ctrl+c'], 'quit from anywhere'),
	bind('help', 'move', 'help.down', ['j', 'down'], 'scroll down'),
	bind('help', 'move', 'help.up', ['k', 'up'], 'scroll up'),
	bind('help', 'move', 'help.pageDown', ['pagedown', 'ctrl+d', 'ctrl+f', ' '], 'page down'),
	bind('help', 'move', 'help.pageUp', ['pageup', 'ctrl+u'], 'page up'),
	bind('help', 'move', 'help.top', ['g', 'home'], 'to the top'),
	bind('help', 'move', 'help.bottom', ['G', 'end'], 'to the end'),
	bind('help', 'program', 'help.close', ['escape', 'q', '?', 'D', 'enter'], 'close', {hint: 'close'}),
	bind('prompt', 'program', 'prompt.keep', ['enter'], 'keep what was typed', {hint: 'keep'}),
	bind('prompt', 'program', 'prompt.clear', ['escape'], 'clear and leave', {hint: 'clear'}),
	bind('dialog', 'act', 'dialog.yes', ['y'], 'do it', {danger: true}),
	bind('dialog', 'program', 'dialog.no', ['n', 'escape'], 'do nothing', {hint: 'close'}),
	bind('form', 'move', 'form.next', ['tab', 'down'], 'next field; completes a name where one is offered'),
	bind('form', 'move', 'form.previous', ['shift+tab', 'up'], 'previous field'),
	bind('form', 'act', 'form.enter', ['enter'], 'on the button: show what would be done'),
	bind('form', 'program', 'form.close', ['escape'], 'close without doing anything', {hint: 'close'}),
];

/** Sets of scopes that are live at the same time; inside one, a key has one meaning. */
export const liveScopes = {
	overview: ['always', 'global', 'list', 'overview'],
	run: ['always', 'global', 'list', 'run'],
	help: ['always', 'help'],
	prompt: ['always', 'prompt'],
	dialog: ['always', 'dialog'],
	form: ['always', 'form'],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;
