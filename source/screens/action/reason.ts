import {editField, insertText, type TextField, textField} from '../../components/text-field.ts';
import type {PopupKey} from '../popup.ts';
import {type Line, line} from './lines.ts';

/** Why somebody acts, in words of their own: it goes into the record. Nobody has to say. */
export interface Reason {
	readonly field: TextField;
	/** Keys go into it. */
	readonly typing: boolean;
}

/** More is a letter, not a reason. */
const longest = 300;

export const noReason: Reason = {field: textField(''), typing: false};

export function openReason({field}: Reason): Reason {
	return {field, typing: true};
}

/** A key while it is typed: Enter keeps it, Esc clears it, everything else is text or edits. None of them confirms. */
export function pressReason(reason: Reason, key: PopupKey): Reason {
	if (key.name === 'enter') return {...reason, typing: false};
	if (key.name === 'escape') return noReason;
	const edited = editField(reason.field, key);
	return edited === undefined || edited.text.length > longest ? reason : {...reason, field: edited};
}

/** A paste while it is typed, on one line. */
export function pasteReason(reason: Reason, text: string): Reason {
	const added = text.replaceAll(/\s+/g, ' ').slice(0, Math.max(0, longest - reason.field.text.length));
	return {...reason, field: insertText(reason.field, added)};
}

/** What the record gets; undefined = nothing was given. */
export function reasonText({field}: Reason): string | undefined {
	return field.text.trim() === '' ? undefined : field.text.trim();
}

/** The line of a dialog; none while there is nothing to show. */
export function reasonLines({field: {text, caret}, typing}: Reason): readonly Line[] {
	if (typing) return [line('reason', `${text.slice(0, caret)}▏${text.slice(caret)}`, 'key', 2)];
	return text.trim() === '' ? [] : [line('reason', text, 'plain', 2)];
}
