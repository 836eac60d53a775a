import {boxMargin, drawBox} from '../../components/box.ts';
import {scrollTo} from '../../components/cursor.ts';
import {drawLine, drawText} from '../../components/line.ts';
import {drawArea} from '../../components/text-area.ts';
import {drawField, type TextField} from '../../components/text-field.ts';
import {clip, fit, measure} from '../../terminal/fit.ts';
import type {Theme} from '../../terminal/theme.ts';
import type {DrawContext} from '../screen.ts';
import {isLong, summaryOf} from './form-document.ts';
import {areaIndent, areaOf, type FormRoom, insideOf} from './form-layout.ts';
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
} from './form-state.ts';

const labelWidth = 18;

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

	if (field.kind === 'json' && isLong(value.field.text)) {
		// Without the keys it takes a line, unfolded or not.
		const text = fit(summaryOf(focused ? value : {...value, folded: true}), width);
		if (!focused) return text;
		return value.folded ? theme.paint.strong(text) : theme.paint.dim(text);
	}

	return (
		(focused ? offeredText(state, field, value.field, {width, theme}) : undefined) ??
		drawField(value.field, width, theme, focused)
	);
}

/** What was typed, and behind it what Tab would make of it; undefined where nothing is offered or nothing fits. */
function offeredText(
	state: FormState,
	field: Field,
	{text, caret}: TextField,
	{width, theme}: {readonly width: number; readonly theme: Theme},
): string | undefined {
	const rest = text === '' || caret < text.length ? '' : (completionOf(state, field)?.slice(text.length) ?? '');
	const typed = clip(text, width);
	const room = width - measure(typed) - rest.length;
	// The caret stands on the first character that is offered, so that must be one plain cell.
	return /^[\x20-\x7e]+$/.test(rest) && room >= 0
		? typed + theme.paint.cursor(rest.slice(0, 1)) + theme.paint.dim(rest.slice(1) + fit('  Tab', room))
		: undefined;
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
		const way = state.values[field.id]?.folded ? ' · Ctrl-O goes there' : '';
		return drawText(`  ${theme.glyph.failed} ${problem}${way}`, width, 'error', theme);
	}

	const remark = field.remark?.(textOf(state, field.id), state);
	return remark === undefined
		? drawText(`  ${usage(field, textOf(state, field.id), state.values[field.id]?.folded)}`, width, 'dim', theme)
		: drawText(`  ${theme.glyph.warning} ${remark}`, width, 'warning', theme);
}

function usage({kind}: Field, text: string, folded = false): string {
	if (kind === 'choice') {
		return '← → chooses';
	}

	if (kind === 'json') {
		const what = text.trim() === '' ? 'may stay empty' : 'valid JSON';
		const fold = isLong(text) ? ` · Ctrl-O ${folded ? 'unfolds' : 'folds'} it` : '';
		return `${what}${fold} · Ctrl-E opens it in $EDITOR`;
	}

	return text.trim() === '' ? 'may stay empty' : '';
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

/** The lines of a field: one, and below it the document that is unfolded in it. */
function fieldLines(
	state: FormState,
	field: Field,
	area: FormRoom | undefined,
	context: DrawContext,
): readonly string[] {
	const {width} = insideOf(context);
	const value = state.values[field.id]?.field;
	const first = fieldLine(state, field, width, context);
	if (area === undefined || field.id !== state.focus || value === undefined) return [first];
	const {theme} = context;
	const lines = drawArea(value, {...area, theme});
	return [first, ...lines.map(text => fit('', areaIndent) + text)];
}

/** The form as a box of at most the width and height of the context; in a low window its fields scroll. */
export function drawForm(state: FormState, context: DrawContext, label: string | undefined): readonly string[] {
	const inside = insideOf(context);
	const fields = visibleFields(state);
	const area = areaOf(state, context);
	const room = Math.max(1, inside.height - (area?.height ?? 0));
	const focused = fields.findIndex(({id}) => id === state.focus);
	const top = scrollTo(0, focused === -1 ? fields.length - 1 : focused, fields.length, room);
	const lines = fields.slice(top, top + room).flatMap(field => fieldLines(state, field, area, context));
	const {theme} = context;
	return drawBox(
		state.spec.title,
		[...lines, hintLine(state, inside.width, context), buttonLine(state, inside.width, context)],
		inside.width + boxMargin.width,
		theme,
		label,
	).slice(0, context.height);
}
