import {boxMargin} from '../../components/box.ts';
import {layoutArea} from '../../components/text-area.ts';
import {isLong} from './form-document.ts';
import {type FormState, focusedField, visibleFields} from './form-state.ts';

/** Cells and lines that a form may take. */
export interface FormRoom {
	readonly width: number;
	readonly height: number;
}

const widest = 90;

/** Lines that an unfolded document takes at most, and at least where it has as many. */
const areaLines = {most: 12, least: 4};

/** Cells before each line of an unfolded document. */
export const areaIndent = 4;

/** Cells between the borders of a form's box, and lines for its fields: all but the hint and the button. */
export function insideOf({width, height}: FormRoom): FormRoom {
	return {
		width: Math.max(1, Math.min(widest, width) - boxMargin.width),
		height: Math.max(1, height - boxMargin.height - 2),
	};
}

/** The window of the unfolded document that has the keys; undefined where there is none. */
export function areaOf(state: FormState, room: FormRoom): FormRoom | undefined {
	const field = focusedField(state);
	const value = field?.kind === 'json' ? state.values[field.id] : undefined;
	if (value === undefined || value.folded || !isLong(value.field.text)) return undefined;
	const inside = insideOf(room);
	const width = Math.max(2, inside.width - areaIndent);
	const spare = inside.height - visibleFields(state).length;
	const wanted = Math.min(areaLines.most, layoutArea(value.field.text, width).length);
	const height = Math.min(wanted, Math.max(areaLines.least, spare), inside.height - 1);
	return height < 1 ? undefined : {width, height};
}
