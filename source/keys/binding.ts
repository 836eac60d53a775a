/**
 * Where a key lives. `always` is live everywhere, also where text is typed; `global` everywhere except where text is
 * typed and in popups; `list` on every screen that has a cursor, `table` where rows can be filtered and sorted; the
 * others only in their place (`help` is every popup that only shows, `pager` those of them that list). No key has two meanings in scopes that can be
 * live at once.
 */
export type Scope =
	| 'always'
	| 'global'
	| 'list'
	| 'table'
	| 'tasks'
	| 'overview'
	| 'queue'
	| 'failures'
	| 'run'
	| 'findings'
	| 'filters'
	| 'help'
	| 'pager'
	| 'dialog'
	| 'form'
	| 'prompt';

/** What a key means, as data: help, hints and the README's table are made from these (style.md, rule 8). */
export interface Binding {
	/** For example `list.down`; what screens and tests refer to. */
	readonly id: string;
	/** Names of keys as `keys/keypress.ts` gives them: `j`, `G`, `down`, `pageup`, `tab`, `shift+tab`, `ctrl+l`, `enter`, `escape`. */
	readonly keys: readonly string[];
	readonly scope: Scope;
	/** For `?`: a whole phrase. */
	readonly title: string;
	/** For the hint line: one or two words; undefined = not hinted. */
	readonly hint: string | undefined;
	readonly group: 'move' | 'look' | 'act' | 'program';
	/** Writes to the database (after a dialog). */
	readonly danger: boolean;
}
