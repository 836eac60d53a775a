import type {DocumentRow, Folds} from '../../components/document.ts';
import {documentWidth} from '../../components/document-view.ts';
import {drawEnds, drawLine, drawText, type Piece} from '../../components/line.ts';
import {shortId} from '../../components/short-id.ts';
import type {RunDetail} from '../../monitor/run-detail.ts';
import type {Tone} from '../../terminal/theme.ts';
import {wrap} from '../../terminal/wrap.ts';
import {doingOf} from '../deeds.ts';
import type {DrawContext} from '../screen.ts';
import {answerOf, type RunAnswer} from './answer.ts';
import {factLines} from './facts.ts';
import {progressSentence, resumedSentence} from './progress.ts';
import {sections} from './sections.ts';
import {documentOf, type RunState, type SectionId, sectionIds} from './state.ts';
import {stateStyles} from './state-style.ts';
import {traceIdOf} from './trace.ts';

/** The parts of the screen: what stands above the section, and the section's rows with the room they have. */
export interface RunFrame {
	readonly head: readonly string[];
	readonly rows: readonly DocumentRow[];
	readonly height: number;
	readonly dimmed: boolean;
}

/** Lines that the section keeps when the facts are many and the window is small. */
const leastSection = 13;
const mostWhy = 3;

function titleLine(detail: RunDetail, context: DrawContext): string {
	const {theme, width} = context;
	const doing = doingOf(context, detail);
	const {glyph, tone} = stateStyles[detail.state];
	const most = detail.maxAttempts === null ? '' : ` of ${detail.maxAttempts}`;
	const right: Piece[] = [];
	if (detail.tenant !== undefined) {
		right.push({text: `tenant ${detail.tenant.slice(0, 40)}`, tone: 'dim'});
	}

	if (detail.idempotencyKey !== undefined) {
		right.push({text: `${right.length > 0 ? ' · ' : ''}key ${detail.idempotencyKey.slice(0, 40)}`, tone: 'dim'});
	}

	const trace = traceIdOf(detail);
	if (trace !== undefined) {
		right.push({text: `${right.length > 0 ? ' · ' : ''}trace ${trace.slice(0, 8)}…`, tone: 'dim'});
	}

	const left: readonly Piece[] = [
		{text: ` ${detail.taskName.slice(0, 60)}`, tone: 'title'},
		{text: ` ${shortId(detail.taskId)}`, tone: 'dim'},
		{text: `  ${detail.queue.slice(0, 40)}  `, tone: 'plain'},
		{text: ` ${theme.glyph[glyph]} ${detail.state}`, tone},
		...(doing === undefined ? [] : [{text: `, ${doing}`, tone: 'warning' as const}]),
		{text: `, attempt ${detail.attempts}${most}`, tone: 'plain'},
	];
	// In a narrow window the state is worth more than the tenant, which stands among the facts as well.
	return drawEnds(left, width >= 100 ? right : [], width, theme);
}

/** Titles of the sections with their counts; the narrower the window, the less of it. */
const tabTexts: readonly ((id: SectionId, detail: RunDetail) => string)[] = [
	(id, detail) => `${sections[id].title}${countText(id, detail)}`,
	(id, detail) => `${sections[id].short ?? sections[id].title}${countText(id, detail)}`,
	id => sections[id].short ?? sections[id].title,
];

function countText(id: SectionId, detail: RunDetail): string {
	const count = sections[id].count(detail);
	return count === undefined ? '' : ` ${count}`;
}

function tabsLine(state: RunState, detail: RunDetail, {width, theme}: DrawContext): string {
	const texts = tabTexts.map(text => sectionIds.map(id => text(id, detail)));
	// A cell before each for the cursor.
	const cells = (line: readonly string[], space: number) =>
		line.reduce((sum, text) => sum + text.length + 1 + space, 0);
	const line = texts.find(each => cells(each, 0) <= width) ?? texts[texts.length - 1] ?? [];
	const space = cells(line, 2) <= width ? '  ' : cells(line, 1) <= width ? ' ' : '';
	// Where even the bare titles are too long, the line begins so that the current one is on it.
	const first = cells(line, space.length) <= width ? 0 : Math.max(0, sectionIds.indexOf(state.section) - 2);
	return drawLine(
		sectionIds.slice(first).flatMap((id, index): readonly Piece[] => [
			{
				text: `${id === state.section ? theme.glyph.cursor : ' '}${line[first + index] ?? ''}`,
				tone: id === state.section ? 'title' : 'dim',
			},
			{text: space, tone: 'plain'},
		]),
		width,
		theme,
	);
}

function troubleLines({trouble}: RunAnswer, {width, theme}: DrawContext): readonly string[] {
	return trouble === undefined
		? []
		: wrap(`${trouble} What you see is the last reading.`, width - 3, 2).map((line, index) =>
				drawText(` ${index === 0 ? theme.glyph.critical : ' '} ${line}`, width, 'error', theme),
			);
}

interface Head {
	readonly lines: readonly string[];
	/** Facts that found no room. */
	readonly rest: readonly (readonly Piece[])[];
}

function headLines(state: RunState, detail: RunDetail, answer: RunAnswer, context: DrawContext): Head {
	const {width, height, theme, now} = context;
	const trouble = troubleLines(answer, context);
	const sentence = (text: string | undefined, tone: Tone, most: number) =>
		wrap(text ?? '', width - 3, text === undefined ? 0 : most).map(line => drawText(`   ${line}`, width, tone, theme));
	const said = [
		...sentence(detail.why, trouble.length > 0 ? 'dim' : 'strong', mostWhy),
		...sentence(progressSentence(detail, now), 'plain', 2),
		...sentence(resumedSentence(detail), 'plain', 2),
	];
	const facts = factLines(detail, context, width - 3);
	const room = Math.max(0, height - 2 - trouble.length - said.length - leastSection);
	const shown = facts.slice(0, room).map(pieces => drawLine([{text: '   ', tone: 'plain'}, ...pieces], width, theme));
	return {
		lines: [titleLine(detail, context), ...trouble, ...said, ...shown, tabsLine(state, detail, context)],
		rest: facts.slice(room),
	};
}

/** Lays the screen out; undefined while there is nothing to show. `folds` other than the state's own: what a search sees. */
export function layOutRun(
	state: RunState,
	context: DrawContext,
	folds: Folds = documentOf(state).toggled,
): RunFrame | undefined {
	const answer = answerOf(state, context);
	const {detail} = answer;
	if (detail === undefined) {
		return undefined;
	}

	const {lines, rest} = headLines(state, detail, answer, context);
	const head = lines.slice(0, context.height);
	const rows = sections[state.section].rows({
		detail,
		draw: context,
		toggled: folds,
		width: documentWidth(context.width),
		zoom: state.zoom,
		center: state.center,
		facts: rest,
	});
	const prompt = state.search === undefined ? 0 : 1;
	return {
		head,
		rows,
		height: Math.max(0, context.height - head.length - prompt),
		dimmed: answer.trouble !== undefined,
	};
}
