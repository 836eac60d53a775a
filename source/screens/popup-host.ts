import {drawBulk} from './action/bulk-draw.ts';
import {drawDialog} from './action/dialog-draw.ts';
import {runEffect} from './action/effects.ts';
import {drawForm} from './action/form-draw.ts';
import type {Message, Step} from './action/messages.ts';
import {
	isWorking,
	openPopup,
	type PopupState,
	pastePopup,
	pressPopup,
	receivePopup,
	scopeOf,
} from './action/popup-model.ts';
import type {PopupEnvironment, PopupHost} from './popup.ts';
import type {ActRequest} from './screen.ts';

/** Makes the host of dialogs and forms: it keeps the one that is open, carries out its effects, brings answers back. */
export function createPopupHost(environment: PopupEnvironment): PopupHost {
	let current: PopupState | undefined;
	// Answers to a popup that was closed or replaced belong to nobody.
	let generation = 0;
	/** What it was drawn into: how far a key moves in a text of several lines depends on it. */
	let room = {width: 80, height: 24};
	const listeners = new Set<() => void>();

	function change(next: PopupState | undefined): void {
		current = next;
		for (const listener of listeners) {
			listener();
		}
	}

	function receive(message: Message, from: number): void {
		if (from === generation && current !== undefined) {
			change(receivePopup(current, message));
		}
	}

	function apply({state, effects}: Step<PopupState>): void {
		if (state === undefined) {
			generation++;
		}

		change(state);
		const from = generation;
		for (const effect of effects) {
			if (effect.kind === 'reopen') {
				open(effect.request);
				continue;
			}

			void runEffect(effect, environment, message => receive(message, from)).then(message => {
				if (message !== undefined) {
					receive(message, from);
				}
			});
		}
	}

	function open(request: ActRequest): void {
		if (current !== undefined && isWorking(current)) {
			return;
		}

		generation++;
		const queues = environment.snapshot().queues.map(({name}) => name);
		apply(openPopup(request, [...queues].sort(), environment.bulkCap));
	}

	return {
		get scope() {
			return current && scopeOf(current);
		},
		open,
		press(key) {
			if (current !== undefined) {
				apply(pressPopup(current, key, room));
			}
		},
		paste(text) {
			if (current !== undefined) {
				change(pastePopup(current, text));
			}
		},
		draw(context) {
			room = {width: context.width, height: context.height};
			if (current?.bulk !== undefined) {
				return drawBulk(current.bulk, context, environment.label);
			}

			if (current?.dialog !== undefined) {
				return drawDialog(current.dialog, context, environment.label);
			}

			return current?.form === undefined ? [] : drawForm(current.form, context, environment.label);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
