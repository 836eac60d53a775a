import {drawLine, drawText} from '../components/line.ts';
import type {Finding} from '../monitor/snapshot.ts';
import {wrap} from '../terminal/wrap.ts';
import type {Overlay} from './overlay.ts';
import {openProof} from './proof.ts';
import type {DrawContext} from './screen.ts';

function idOf({rule, queue}: Finding): string {
	return `${rule} ${queue ?? ''}`;
}

/** A finding's lines: its severity as a glyph, the queue and the whole sentence. */
function findingLines(finding: Finding, cursor: boolean, {theme, width}: DrawContext): readonly string[] {
	const {queue, sentence, severity} = finding;
	const tone = severity === 'critical' ? 'error' : 'warning';
	const named = queue === undefined || sentence.startsWith(queue) ? sentence : `${queue}: ${sentence}`;
	return wrap(named, width - 6, 3).map((line, index) => {
		const mark = index === 0 ? theme.glyph[severity] : ' ';
		if (cursor) return drawText(`${index === 0 ? theme.glyph.cursor : ' '}${mark} ${line}`, width, 'cursor', theme);
		return drawLine(
			[
				{text: ` ${mark} `, tone},
				{text: line, tone: index === 0 ? tone : 'plain'},
			],
			width,
			theme,
		);
	});
}

/** The lines of the finding at `place` with those above it as far as they fit, then those below it. */
function rowsAround(findings: readonly Finding[], place: number, context: DrawContext): readonly string[] {
	const room = context.height - 1;
	const linesOf = (index: number) => {
		const finding = findings[index];
		return finding === undefined ? [] : findingLines(finding, index === place, context);
	};
	let rows = linesOf(place);
	for (let index = place - 1; index >= 0; index--) {
		const above = linesOf(index);
		if (above.length + rows.length > room) break;
		rows = [...above, ...rows];
	}
	for (let index = place + 1; index < findings.length && rows.length < room; index++)
		rows = [...rows, ...linesOf(index)];
	return rows;
}

/** `!`: the findings with a cursor; Enter goes to the rows that prove one. */
export function createFindings(): Overlay {
	/** The cursor hangs on the finding, wherever it stands. */
	let selected: string | undefined;
	let place = 0;

	function current(findings: readonly Finding[]): Finding | undefined {
		const found = findings.findIndex(finding => idOf(finding) === selected);
		place = Math.max(0, found >= 0 ? found : Math.min(place, findings.length - 1));
		const finding = findings[place];
		selected = finding && idOf(finding);
		return finding;
	}

	function move(findings: readonly Finding[], step: 1 | -1): void {
		current(findings);
		const next = findings[place + step];
		if (next !== undefined) selected = idOf(next);
	}

	return {
		scope: 'findings',
		draw(context) {
			const {findings} = context.snapshot;
			const {width, height, theme} = context;
			const head = drawLine([{text: ` Findings ${findings.length}`, tone: 'title'}], width, theme);
			const finding = current(findings);
			const rows = finding === undefined ? [] : rowsAround(findings, place, context);
			return [head, ...(rows.length > 0 ? rows : [drawText('   No findings any more.', width, 'dim', theme)])].slice(
				0,
				height,
			);
		},
		handle(command, context) {
			const {findings} = context.snapshot;
			const finding = current(findings);
			if (command === 'findings.down') move(findings, 1);
			else if (command === 'findings.up') move(findings, -1);
			else if (command === 'findings.open' && finding !== undefined) openProof(finding, context);
			else if (command === 'findings.doctor') context.open({screen: 'doctor', rule: finding?.rule});
			return command === 'findings.down' || command === 'findings.up';
		},
		probe: () => undefined,
		answered: () => true,
	};
}
