import type {Scope} from '../keys/binding.ts';
import type {Probe} from '../monitor/probe.ts';
import type {Snapshot} from '../monitor/snapshot.ts';
import type {Markable} from './marks.ts';
import type {CommandContext, DrawContext, Screen, ScreenRequest, Visible} from './screen.ts';

/** A screen that is open, with its state inside: what the shell keeps on its stack. */
export interface View {
	readonly id: ScreenRequest['screen'];
	readonly title: string;
	readonly scopes: readonly Scope[];
	draw(context: DrawContext): readonly string[];
	handle(command: string, context: CommandContext): void;
	reconcile(context: DrawContext): void;
	probe(): Probe | undefined;
	whyNot(command: string, context: DrawContext): string | undefined;
	tasks(context: DrawContext): Markable | undefined;
	typing(): boolean;
	type(key: {readonly name: string; readonly text: string}, context: CommandContext): void;
	/** Applies a filter, where rows can be filtered. */
	filter(filter: string, context: CommandContext): void;
	visible(context: DrawContext): Visible;
}

/** Opens a screen and keeps its state. */
export function createView<State>(screen: Screen<State>, request: ScreenRequest, snapshot: Snapshot): View {
	let state = screen.open(request, snapshot);
	return {
		id: screen.id,
		title: screen.title,
		scopes: screen.scopes,
		draw: context => screen.draw(state, context),
		handle(command, context) {
			state = screen.handle(state, command, context);
		},
		reconcile(context) {
			state = screen.reconcile(state, context);
		},
		probe: () => screen.probe(state),
		whyNot: (command, context) => screen.whyNot(state, command, context),
		tasks: context => screen.tasks?.(state, context),
		typing: () => screen.typing(state),
		type(key, context) {
			state = screen.type(state, key, context);
		},
		filter(filter, context) {
			state = screen.filter?.(state, filter, context) ?? state;
		},
		visible: context => screen.visible(state, context),
	};
}
