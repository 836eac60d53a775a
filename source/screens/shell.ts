import {drawState, tooSmall} from '../components/states.ts';
import type {Binding, Scope} from '../keys/binding.ts';
import {createInput, type Press} from '../keys/input.ts';
import {findBinding} from '../keys/lookup.ts';
import {defaultBulkCap} from '../monitor/bulk.ts';
import {createFilterBook} from '../monitor/filter/book.ts';
import {createCopy} from './copying.ts';
import {createDeeds} from './deeds.ts';
import {calmPace, createDisplayTick, secondsPace} from './display-tick.ts';
import {bodyHeight, drawFrame, type Frame, sameFrame} from './frame.ts';
import {createGuard} from './guard.ts';
import {openNote} from './log.ts';
import {createMarking} from './marking.ts';
import {createDatabaseClock} from './now.ts';
import {createOpenId, oneLine, readUuid} from './open-id.ts';
import type {Overlay} from './overlay.ts';
import {createOverlayOpeners} from './overlay-openers.ts';
import {type Program, programCommands} from './program-commands.ts';
import type {CommandContext, DrawContext, ScreenRequest} from './screen.ts';
import type {Shell, ShellOptions} from './shell-types.ts';
import {createShow} from './show.ts';
import {createToasts} from './toasts.ts';
import type {View} from './view.ts';

export type {Shell, ShellOptions} from './shell-types.ts';

export function createShell(options: ShellOptions): Shell {
	const {monitor, clock, theme} = options;
	const guarded = createGuard(options.quit);
	const databaseNow = createDatabaseClock();
	const filters = createFilterBook(options.savedFilters);
	const listeners = new Set<() => void>();
	let {utc, columns, rows} = options;
	let stack: readonly View[] = [options.openView({screen: 'overview'}, monitor.snapshot)];
	let overlay: Overlay | undefined;
	let scheduled = false;
	let closed = false;
	const show = createShow(monitor);
	const deeds = createDeeds();
	const {say, ...toasts} = createToasts(clock, guarded(invalidate));
	const copy = createCopy(options.copy, say);
	const displayTick = createDisplayTick(clock, guarded(draw));
	const marking = createMarking(() => (screenShown() ? top().tasks(withoutMarks()) : undefined));
	const popups = options.createPopups({
		hands: options.hands,
		snapshot: () => monitor.snapshot,
		label: options.label,
		say,
		open,
		refresh: () => monitor.refresh(),
		copy,
		...(options.edit === undefined ? {} : {edit: options.edit}),
		begin(tasks, word) {
			deeds.begin(tasks, word);
			invalidate();
		},
		end: (tasks, word) => deeds.end(tasks, word, context().now),
		unmark(tasks) {
			marking.unmark(tasks);
			invalidate();
		},
		bulkCap: options.bulkCap ?? defaultBulkCap,
	});

	const overlayOpeners = createOverlayOpeners({
		...options,
		filters,
		say,
		top,
		scopes: () => (screenShown() ? top().scopes : []),
		whyNot,
		put(next) {
			overlay = next;
		},
	});

	const program: Program = {
		monitor,
		say,
		...overlayOpeners,
		show: request => {
			if (request.screen === 'tasks' && top().id === 'tasks') return;
			stack = stack.slice(0, 1);
			open(request);
		},
		back,
		switchUtc: () => {
			utc = !utc;
			return utc;
		},
		suspend: options.suspend,
		redraw: options.redraw,
		quit: options.quit,
	};

	let frame = compose();

	function top(): View {
		const view = stack.at(-1);
		if (view === undefined) throw new Error('No screen is open.');
		return view;
	}

	function whyNot(id: string, drawn = context()): string | undefined {
		const marked = marking.whyNot(id, drawn);
		return marked === undefined ? top().whyNot(id, drawn) : marked.reason;
	}

	function context(): DrawContext {
		return {...withoutMarks(), marks: marking.drawn(), doing: deeds.doing};
	}

	function withoutMarks(): DrawContext {
		const {snapshot, answers} = monitor;
		const now = databaseNow(snapshot, clock.wall());
		const height = bodyHeight(snapshot, columns, rows, theme);
		return {snapshot, answers, width: columns, height, theme, now, utc, hands: options.hands()};
	}

	function commandContext(): CommandContext {
		return {...context(), open, back: () => void back(), say, copy, act: popups.open, filters};
	}

	function open(request: ScreenRequest): void {
		const home = request.screen === 'overview';
		const known = home && request.focus === undefined ? stack[0] : undefined;
		const view = known ?? options.openView(request, monitor.snapshot);
		// A screen that is open already is brought back, not opened twice.
		stack = home ? [view] : [...stack.filter(({id}) => id !== 'doctor' || request.screen !== 'doctor'), view];
		invalidate();
	}

	function back(): boolean {
		if (stack.length === 1) return false;
		stack = stack.slice(0, -1);
		return true;
	}

	/** False while a sentence fills the body, or the window is too small: then no screen takes keys. */
	function screenShown(): boolean {
		return (
			tooSmall(columns, rows) === undefined && drawState(monitor.snapshot, clock.wall(), columns, theme) === undefined
		);
	}

	function scopes(): readonly Scope[] {
		if (popups.scope !== undefined) return ['always', popups.scope];
		if (overlay !== undefined) return ['always', overlay.scope, ...(typing() ? [] : (overlay.more ?? []))];
		if (!screenShown()) return ['always', 'global'];
		return top().typing() ? ['always', 'prompt'] : ['always', 'global', ...top().scopes];
	}

	function typing(): boolean {
		if (popups.scope !== undefined) return popups.scope !== 'dialog';
		return overlay === undefined ? screenShown() && top().typing() : overlay.type !== undefined;
	}

	function press(key: Press): void {
		const binding = findBinding(key.name, scopes());
		if (binding?.scope === 'always') command(key, binding);
		else if (popups.scope !== undefined) pressPopup(key);
		else if (overlay !== undefined) pressOverlay(overlay, key, binding?.id);
		else if (typing()) top().type(key, commandContext());
		else if (binding !== undefined) command(key, binding);
		update();
	}

	function command(key: Press, binding: Binding): void {
		if (binding.danger && !key.alone) {
			say(`${key.name} came together with other keys and was not taken: press it again.`, 'warning');
		} else if (programCommands[binding.id] !== undefined) programCommands[binding.id]?.(program);
		else if (screenShown()) screenCommand(binding.id);
	}

	/** Marks are kept beside the screens; what acts means what is marked where something is. */
	function screenCommand(id: string): void {
		if (id === 'program.escape' && marking.escape()) return;
		const intent = marking.bulk(id);
		const reason = intent === undefined && !marking.knows(id) ? undefined : whyNot(id);
		if (reason !== undefined) say(`Cannot ${intent?.kind ?? 'mark'}: ${reason.replace(/\.$/, '')}.`, 'warning');
		else if (intent !== undefined) popups.open({kind: 'bulk', intent});
		else if (!marking.handle(id)) top().handle(id, commandContext());
		else if (id === 'mark.toggle') top().handle('list.down', commandContext());
	}

	/** What cannot be seen cannot be confirmed. */
	function pressPopup(key: Press): void {
		if (tooSmall(columns, rows) === undefined) popups.press(key);
	}

	function pressOverlay(open_: Overlay, key: Press, id: string | undefined): void {
		const step = open_.type?.(key, commandContext());
		const stays = step === undefined ? id === undefined || open_.handle(id, commandContext()) : step === 'stay';
		if (!stays && overlay === open_) overlay = undefined;
		if (typeof step === 'object') command(key, step);
	}

	function paste(text: string): void {
		const id = readUuid(text);
		if (tooSmall(columns, rows) !== undefined) return;
		if (popups.scope !== undefined) popups.paste(text);
		else if (typing()) {
			(overlay?.type ?? top().type)({name: 'paste', text: oneLine(text)}, commandContext());
		} else if (id !== undefined && screenShown()) overlay = createOpenId(id);
		else say('A paste is never taken for keys. The id of a task or run would be opened.', 'warning');
		update();
	}

	/** Brings the screen in line with new data, tells the monitor what is looked at, and draws. */
	function update(): void {
		if (closed) return;
		if (screenShown()) top().reconcile(context());
		monitor.look(overlay?.scope === 'prompt' ? overlay.probe() : top().probe());
		show(top().visible(context()));
		draw();
	}

	function compose(): Frame {
		const drawn = context();
		return drawFrame({
			context: drawn,
			columns,
			rows,
			label: options.label,
			clock: clock.wall(),
			toast: toasts.current(),
			note: popups.scope === undefined && overlay === undefined ? marking.note() : undefined,
			body: asked => (overlay ?? top()).draw(asked),
			popup: asked => popups.draw(asked),
			hints: {
				// What asks one thing prints its own keys, and so do dialogs: which ones live changes with them.
				scopes: overlay?.scope === 'prompt' || popups.scope === 'dialog' ? ['always'] : scopes(),
				whyNot: id => (overlay === undefined && popups.scope === undefined ? whyNot(id, drawn) : undefined),
				back: stack.length > 1 ? 'back' : 'quit',
			},
		});
	}

	function draw(): void {
		const next = compose();
		const changed = !sameFrame(next, frame);
		if (changed) {
			frame = next;
			for (const listener of listeners) listener();
		}
		const {paused, connection} = monitor.snapshot;
		const pace = connection.kind === 'lost' ? secondsPace : paused ? undefined : calmPace;
		displayTick.drawn(changed, closed ? undefined : pace);
	}

	/** Several events of one turn make one frame. */
	function invalidate(): void {
		if (scheduled || closed) return;
		scheduled = true;
		queueMicrotask(
			guarded(() => {
				scheduled = false;
				update();
			}),
		);
	}

	function onMonitor(): void {
		deeds.seen(monitor.snapshot.at);
		const asking = overlay;
		if (asking !== undefined && !asking.answered(monitor.answers, commandContext()) && overlay === asking) {
			overlay = undefined;
		}
		invalidate();
	}

	const endings = [monitor.subscribe(guarded(onMonitor)), popups.subscribe(guarded(invalidate))];
	const target = {typing, press: guarded(press), paste: guarded(paste)};
	const left = openNote(options.hands());
	if (left !== undefined) say(left, 'warning');
	invalidate();

	return {
		input: createInput(target, clock),
		frame: () => frame,
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		resize(newColumns, newRows) {
			columns = newColumns;
			rows = newRows;
			update();
		},
		close() {
			closed = true;
			displayTick.close();
			toasts.close();
			for (const end of endings) end();
		},
	};
}
