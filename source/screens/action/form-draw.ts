import {boxMargin, drawBox} from '../../components/box.ts';
import {scrollTo} from '../../components/cursor.ts';
import {drawLine, drawText} from '../../components/line.ts';
import {drawField} from '../../components/text-field.ts';
import {fit, measure} from '../../terminal/fit.ts';
import type {DrawContext} from '../screen.ts';
import {
	button,
	completionOf,
	type Field,
	type FormState,
	firstProblem,
	focusedField,
	problemOf,
	textOf,
	visibleFields,
} from './form-model.ts';

const widest = 90;
const labelWidth = 17;

/** The marker of the field that has the keys, and its label. */
function labelText(field: Field, focused: boolean, {theme}: DrawContext): string {
	return `${focused ? theme.glyph.cursor : ' '} ${fit(field.label, labelWidth - 2)}`;
}

function valueText(state: FormState, field: Field, focused: boolean, width: number, {theme}: DrawContext): string {
	const value = state.values[field.id];
	if (value === undefined) {
		return ' '.repeat(width);
	}

	if (field.kind === 'choice') {
		const shown = focused ? `‹ ${value.field.text} ›` : value.field.text;
		return focused ? theme.paint.strong(fit(shown, width)) : fit(shown, width);
	}

	const completion = focused && value.field.text !== '' ? completionOf(state, field) : undefined;
	const rest = completion?.slice(value.field.text.length) ?? '';
	if (rest === '' || measure(value.field.text) + 1 + rest.length > width) {
		return drawField(value.field, width, theme, focused);
	}

	const cells = measure(fit(value.field.text, measure(value.field.text))) + 1;
	return drawField(value.field, cells, theme, true) + theme.paint.dim(fit(`${rest}  Tab`, width - cells));
}

function fieldLine(state: FormState, field: Field, width: number, context: DrawContext): string {
	const focused = state.focus === field.id;
	const {theme} = context;
	const wrong = !focused && problemOf(state, field) !== undefined && (state.values[field.id]?.touched ?? false);
	const label = labelText(field, focused, context);
	const room = Math.max(1, width - labelWidth - (wrong ? 2 : 0));
	return (
		(focused ? theme.paint.strong(label) : theme.paint.dim(label)) +
		valueText(state, field, focused, room, context) +
		(wrong ? theme.paint.error(` ${theme.glyph.failed}`) : '')
	);
}

/** What is wrong or worth knowing about the field that has the keys; the reason of the button otherwise. */
function hintLine(state: FormState, width: number, {theme}: DrawContext): string {
	if (state.notice !== undefined) {
		return drawText(`  ${state.notice}`, width, 'warning', theme);
	}

	const field = focusedField(state);
	if (field === undefined) {
		const blocked = firstProblem(state);
		return blocked === undefined
			? drawText('  Enter shows what would be done; nothing is done yet.', width, 'dim', theme)
			: drawText(`  ${blocked.field.label.trim()}: ${blocked.problem}`, width, 'warning', theme);
	}

	const problem = problemOf(state, field);
	if (problem !== undefined) {
		return drawText(`  ${theme.glyph.failed} ${problem}`, width, 'error', theme);
	}

	const remark = field.remark?.(textOf(state, field.id), state);
	return remark === undefined
		? drawText(`  ${usage(field)}`, width, 'dim', theme)
		: drawText(`  ${theme.glyph.warning} ${remark}`, width, 'warning', theme);
}

function usage({kind}: Field): string {
	return kind === 'choice' ? '← → chooses' : kind === 'json' ? 'valid JSON' : '';
}

function buttonLine(state: FormState, width: number, {theme}: DrawContext): string {
	const focused = state.focus === button;
	const label = ' Review… ';
	return drawLine(
		[
			{text: focused ? `${theme.glyph.cursor} ` : '  ', tone: 'plain'},
			{text: `[${label}]`, tone: focused ? 'cursor' : firstProblem(state) === undefined ? 'strong' : 'dim'},
			{text: '   ', tone: 'plain'},
			{text: 'Tab', tone: 'key'},
			{text: ' next   ', tone: 'dim'},
			{text: 'Esc', tone: 'key'},
			{text: ' closes', tone: 'dim'},
		],
		width,
		theme,
	);
}

/** The form as a box of at most the width and height of the context; in a low window its fields scroll. */
export function drawForm(state: FormState, context: DrawContext): readonly string[] {
	const width = Math.min(widest, context.width);
	const inner = Math.max(1, width - boxMargin.width);
	const fields = visibleFields(state);
	const room = Math.max(1, context.height - boxMargin.height - 2);
	const focused = fields.findIndex(({id}) => id === state.focus);
	const top = scrollTo(0, focused === -1 ? fields.length - 1 : focused, fields.length, room);
	const lines = fields.slice(top, top + room).map(field => fieldLine(state, field, inner, context));
	const {theme} = context;
	return drawBox(
		state.spec.title,
		[...lines, hintLine(state, inner, context), buttonLine(state, inner, context)],
		width,
		theme,
	).slice(0, context.height);
}
