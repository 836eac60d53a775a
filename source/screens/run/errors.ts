import {type DocumentRow, isFolded, row, textRow} from '../../components/document.ts';
import {jsonRows} from '../../components/json/rows.ts';
import type {RunSnapshot} from '../../monitor/run-detail.ts';
import {wrap} from '../../terminal/wrap.ts';
import {addressOf} from './lists.ts';
import {momentText} from './moment.ts';
import type {SectionContext} from './sections.ts';

const messageLines = 40;
const stackLines = 400;

function folding(
	id: string,
	title: string,
	folded: boolean,
	lines: readonly DocumentRow[],
	copy: string,
): DocumentRow[] {
	const mark = folded ? '▸' : '▾';
	const head: DocumentRow = {
		id,
		pieces: [{text: `  ${mark} ${title}`, tone: 'dim'}],
		fold: folded ? 'folded' : 'open',
		copy,
	};
	return folded ? [head] : [head, ...lines];
}

function stackRows(run: RunSnapshot, trace: string, {toggled, width}: SectionContext): readonly DocumentRow[] {
	const id = `${run.runId}.t`;
	const folded = isFolded(toggled, id, true);
	const lines = folded ? [] : wrap(trace, Math.max(8, width - 4), stackLines);
	const count = trace.trimEnd().split('\n').length;
	return folding(
		id,
		`stack, ${count} ${count === 1 ? 'line' : 'lines'}`,
		folded,
		lines.map((line, index) => textRow(`${id}:${index}`, `    ${line}`, 'dim')),
		trace,
	);
}

function runRows(run: RunSnapshot, context: SectionContext): readonly DocumentRow[] {
	const {failure, runId, attempt, failedAt, worker} = run;
	if (failure === undefined) {
		return [];
	}

	const {toggled, width, draw, detail} = context;
	const when = failedAt === undefined ? '' : `  ${momentText(failedAt, draw)}`;
	const rawId = `${runId}.r`;
	const rawFolded = isFolded(toggled, rawId, true);
	const raw = rawFolded
		? []
		: jsonRows(failure.document, {
				prefix: rawId,
				toggled,
				width,
				indent: 4,
				address: addressOf('failure', runId),
				fetched: detail.fetched,
			});
	return [
		row(
			runId,
			[
				{text: `attempt ${attempt}  `, tone: 'strong'},
				{text: failure.name, tone: 'error'},
				{text: `${when}${worker === undefined ? '' : `  ${worker}`}`, tone: 'dim'},
			],
			failure.document.text,
		),
		...wrap(failure.message, Math.max(8, width - 2), messageLines).map((line, index) =>
			row(`${runId}:${index}`, [{text: `  ${line}`, tone: 'plain'}], failure.message),
		),
		...(failure.causes ?? []).map((cause, index) =>
			row(`${runId}:c${index}`, [{text: `  caused by ${cause.slice(0, 500)}`, tone: 'plain'}], cause),
		),
		...(failure.trace === undefined ? [] : stackRows(run, failure.trace, context)),
		...folding(rawId, 'as stored', rawFolded, raw, failure.document.text),
	];
}

/** The error of each attempt, the newest first: title, message, stack folded, and the stored reason folded. */
export function errorRows(context: SectionContext): readonly DocumentRow[] {
	const rows = [...context.detail.runs].reverse().flatMap(run => runRows(run, context));
	return rows.length === 0 ? [textRow('none', 'No attempt has failed.', 'dim')] : rows;
}
