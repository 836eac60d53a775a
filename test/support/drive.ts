import {createFilterBook} from '../../source/monitor/filter/book.ts';
import type {Probe} from '../../source/monitor/probe.ts';
import type {ActRequest, CommandContext, DrawContext, Screen, ScreenRequest} from '../../source/screens/screen.ts';
import {drawContext, plainText} from './draw.ts';
import {snapshot as fixture} from './fixture.ts';

/** A screen that is driven by command ids, without a shell; it writes down what it set in motion. */
export interface Driver {
	run(...commands: readonly string[]): void;
	type(...keys: readonly string[]): void;
	/** New data, window or answers. */
	given(change: Partial<DrawContext>): void;
	text(): string;
	rows(): readonly string[];
	whyNot(command: string): string | undefined;
	/** What the screen wants polled. */
	probe(): Probe | undefined;
	readonly opened: readonly ScreenRequest[];
	readonly acted: readonly ActRequest[];
	readonly copied: readonly string[];
	readonly said: readonly string[];
	readonly backs: () => number;
}

/** Opens a screen as the shell does: every command is followed by what a new frame needs. */
export function drive<State>(
	screen: Screen<State>,
	request: ScreenRequest,
	options: Partial<DrawContext> = {},
): Driver {
	let context = drawContext(options.width ?? 80, options.height ?? 20, options);
	let state = screen.open(request, options.snapshot ?? fixture);
	state = screen.reconcile(state, context);
	let backs = 0;
	const opened: ScreenRequest[] = [];
	const acted: ActRequest[] = [];
	const copied: string[] = [];
	const said: string[] = [];
	const filters = createFilterBook();
	const commandContext = (): CommandContext => ({
		...context,
		open: asked => opened.push(asked),
		back: () => {
			backs++;
		},
		say: text => said.push(text),
		copy: text => copied.push(text),
		act: asked => acted.push(asked),
		filters,
	});

	return {
		run(...commands) {
			for (const command of commands) {
				state = screen.handle(state, command, commandContext());
			}
		},
		type(...keys) {
			for (const key of keys) {
				const text = key.length === 1 ? key : '';
				state = screen.type(state, {name: key, text}, commandContext());
			}
		},
		given(change) {
			context = {...context, ...change};
			state = screen.reconcile(state, context);
		},
		text: () => plainText(screen.draw(state, context)),
		rows: () => screen.draw(state, context),
		probe: () => screen.probe(state),
		whyNot: command => screen.whyNot(state, command, context),
		opened,
		acted,
		copied,
		said,
		backs: () => backs,
	};
}

/** The line under the cursor. */
export function cursorLine(text: string): string | undefined {
	return text.split('\n').find(line => line.startsWith('▸'));
}
