import type {Stage} from './stage.ts';

/** Keys that a person presses, and what the screen says then. */
export interface Step {
	readonly keys: readonly string[];
	/** Why, for the page: `the rows that prove it`. */
	readonly why: string;
	readonly shows: RegExp;
}

/** An incident: how it comes about, what the first screen says about it, and the keys from there to the fix. */
export interface Drill {
	readonly id: string;
	readonly title: string;
	/** What happened, for the page. */
	readonly story: string;
	readonly partitioned?: boolean;
	/** The steps need what several refreshes tell; else all happens within the first. */
	readonly live?: boolean;
	stage(stage: Stage): Promise<void>;
	/** What the findings line of the first screen says. */
	readonly says: RegExp;
	readonly steps: readonly Step[];
	/** What a person does then, for the page. */
	readonly fix: string;
}
