import type {PopupKey} from '../popup.ts';
import type {ActRequest} from '../screen.ts';
import {type BulkState, openBulk, pressBulk, receiveBulk} from './bulk-model.ts';
import {type DialogState, openDialog, pressDialog, receiveDialog} from './dialog-model.ts';
import {emitForm} from './emit-form.ts';
import type {FormRoom} from './form-layout.ts';
import {openForm, pasteForm, pressForm, receiveForm} from './form-model.ts';
import {button, type FormState, firstProblem} from './form-state.ts';
import {type Message, type Step, step} from './messages.ts';
import {pasteReason} from './reason.ts';
import {openLike, spawnForm} from './spawn-form.ts';

/** What is open: a dialog, perhaps with the form under it that it came from, or a form. */
export interface PopupState {
	readonly dialog: DialogState | undefined;
	readonly form: FormState | undefined;
	readonly bulk?: BulkState | undefined;
}

/** Opens the dialog or form that a person asked for. `queues` are the names to choose from. */
export function openPopup(request: ActRequest, queues: readonly string[], bulkCap: number): Step<PopupState> {
	if (request.kind === 'bulk') {
		const {state, effects} = openBulk(request.intent, bulkCap);
		return {state: {dialog: undefined, form: undefined, bulk: state}, effects};
	}

	if (request.kind === 'dialog') {
		const {state, effects} = openDialog(request.intent);
		return {state: {dialog: state, form: undefined}, effects};
	}

	const queue = request.queue ?? queues[0];
	if (request.kind === 'spawn-form' && request.like !== undefined) {
		const {state, effects} = openLike(queues, request.like);
		return {state: {dialog: undefined, form: state}, effects};
	}

	const {state, effects} =
		request.kind === 'spawn-form'
			? openForm(spawnForm, queues, {queue, task: request.taskName})
			: openForm(emitForm, queues, {queue, event: request.eventName});
	return {state: {dialog: undefined, form: state}, effects};
}

/** Where keys go: into the fields of a form, into a line that is typed, or to what a dialog prints. */
export function scopeOf({dialog, form, bulk}: PopupState): 'dialog' | 'form' | 'prompt' {
	if ((bulk ?? dialog)?.reason.typing) return 'prompt';
	return form !== undefined && dialog === undefined ? 'form' : 'dialog';
}

/** Whether something is under way that must not be done a second time. */
export function isWorking({dialog, bulk}: PopupState): boolean {
	return dialog?.phase === 'working' || bulk?.phase === 'running';
}

function pressInDialog(popup: PopupState, dialog: DialogState, key: PopupKey): Step<PopupState> {
	const {state, effects} = pressDialog(dialog, key);
	if (state !== undefined) {
		return {state: {...popup, dialog: state}, effects};
	}

	// As long as nothing was done the form comes back with all that was typed.
	const undone = dialog.phase === 'asking' || dialog.outcome?.kind === 'failed';
	const back = popup.form !== undefined && undone;
	return {state: back ? {...popup, dialog: undefined} : undefined, effects};
}

/** The button of a form: opens the summary when everything can be sent, else goes to what cannot. */
function review(popup: PopupState, form: FormState, {alone}: PopupKey): Step<PopupState> {
	const blocked = firstProblem(form);
	if (blocked !== undefined) {
		return step({...popup, form: {...form, focus: blocked.field.id}});
	}

	if (!alone) {
		return step({...popup, form: {...form, notice: 'Several keys came at once: press Enter alone.'}});
	}

	const {state, effects} = openDialog(form.spec.intent(form));
	return {state: {form, dialog: state}, effects};
}

/** A key of what is open; `room` is what it was drawn into. */
export function pressPopup(popup: PopupState, key: PopupKey, room: FormRoom): Step<PopupState> {
	if (popup.bulk !== undefined) {
		const {state, effects} = pressBulk(popup.bulk, key);
		return {state: state === undefined ? undefined : {...popup, bulk: state}, effects};
	}

	if (popup.dialog !== undefined) {
		return pressInDialog(popup, popup.dialog, key);
	}

	if (popup.form === undefined) {
		return step<PopupState>(undefined);
	}

	if (popup.form.focus === button && key.name === 'enter') {
		return review(popup, popup.form, key);
	}

	const {state, effects} = pressForm(popup.form, key, room);
	return {state: state === undefined ? undefined : {...popup, form: state}, effects};
}

export function pastePopup(popup: PopupState, text: string): PopupState {
	const {dialog, form, bulk} = popup;
	if (bulk?.reason.typing) return {...popup, bulk: {...bulk, reason: pasteReason(bulk.reason, text)}};
	if (dialog?.reason.typing) return {...popup, dialog: {...dialog, reason: pasteReason(dialog.reason, text)}};
	return dialog !== undefined || form === undefined ? popup : {...popup, form: pasteForm(form, text)};
}

export function receivePopup({dialog, form, bulk}: PopupState, message: Message): PopupState {
	return {
		dialog: dialog === undefined ? undefined : receiveDialog(dialog, message),
		form: form === undefined ? undefined : receiveForm(form, message),
		bulk: bulk === undefined ? undefined : receiveBulk(bulk, message),
	};
}
