import {type DocumentRow, isFolded, row, textRow} from '../../components/document.ts';
import {jsonRows} from '../../components/json/rows.ts';
import type {Piece} from '../../components/line.ts';
import type {ValueAddress} from '../../monitor/big-document.ts';
import type {CheckpointSnapshot, Document, RunDetail, RunSnapshot} from '../../monitor/run-detail.ts';
import {formatDuration} from '../../terminal/duration.ts';
import {formatBytes} from '../../terminal/figures.ts';
import {fit} from '../../terminal/fit.ts';
import {distanceText, momentText} from './moment.ts';
import type {SectionContext} from './sections.ts';
import {stateStyles} from './state-style.ts';

/** A JSON document with all its members, or a sentence where there is none. */
export function documentRows(
	document: Document | undefined,
	none: string,
	context: SectionContext,
	address: ValueAddress,
): readonly DocumentRow[] {
	const {toggled, width, detail} = context;
	return document === undefined
		? [textRow('none', none, 'dim')]
		: jsonRows(document, {prefix: 'd', toggled, width, indent: 0, address, fetched: detail.fetched});
}

/** The whole of a document of the task, of one of its runs, or of a checkpoint. */
export function addressOf(field: ValueAddress['field'], runId?: string, checkpoint?: string): ValueAddress {
	return {field, runId, checkpoint, path: []};
}

/** A task's result is that of its completed run. */
export function resultAddress({runs}: RunDetail): ValueAddress {
	return addressOf('result', runs.findLast(({state}) => state === 'completed')?.runId);
}

/** A line that unfolds into the JSON document behind it. */
function withDocument(
	id: string,
	pieces: readonly Piece[],
	{document, address}: {readonly document: Document | undefined; readonly address: ValueAddress},
	{toggled, width, detail}: SectionContext,
): readonly DocumentRow[] {
	if (document === undefined) {
		return [row(id, [{text: '  ', tone: 'dim'}, ...pieces])];
	}

	const folded = isFolded(toggled, id, true);
	const head: DocumentRow = {
		id,
		pieces: [
			{text: folded ? '▸ ' : '▾ ', tone: 'dim'},
			...pieces,
			{text: `  ${formatBytes(document.bytes)}`, tone: 'dim'},
		],
		fold: folded ? 'folded' : 'open',
		copy: document.text,
	};
	return folded
		? [head]
		: [head, ...jsonRows(document, {prefix: id, toggled, width, indent: 2, address, fetched: detail.fetched})];
}

/** The longest name of a checkpoint that gets a column of its own. */
const widestName = 32;

function checkpointRow(checkpoint: CheckpointSnapshot, index: number, nameWidth: number, context: SectionContext) {
	const {name, updatedAt, duration, ownerRunId, state, status} = checkpoint;
	const attempt = context.detail.runs.find(run => run.runId === ownerRunId)?.attempt;
	const pieces: readonly Piece[] = [
		{text: fit(name, nameWidth), tone: 'strong'},
		{text: `  ${duration === undefined ? '–' : formatDuration(duration)}`.padEnd(9), tone: 'plain'},
		{text: `  ${momentText(updatedAt, context.draw)}`, tone: 'dim'},
		{text: attempt === undefined ? '' : `  attempt ${attempt}`, tone: 'dim'},
		{text: status === 'committed' ? '' : `  ${status}`, tone: 'warning'},
	];
	const address = addressOf('state', undefined, name);
	return withDocument(`${ownerRunId ?? ''}/${index}`, pieces, {document: state, address}, context);
}

/** Checkpoints, oldest first, each with its own duration; they unfold into the state that was saved. */
export function checkpointRows(context: SectionContext): readonly DocumentRow[] {
	const {checkpoints, checkpointCount} = context.detail;
	if (checkpoints.length === 0) {
		return [textRow('none', 'No checkpoint has been committed.', 'dim')];
	}

	const nameWidth = Math.min(widestName, Math.max(...checkpoints.map(({name}) => name.length)));
	const cut =
		checkpointCount > checkpoints.length
			? [textRow('cut', `The ${checkpoints.length} newest of ${checkpointCount}.`, 'warning')]
			: [];
	return [...cut, ...checkpoints.flatMap((checkpoint, index) => checkpointRow(checkpoint, index, nameWidth, context))];
}

/** Events that the task waits for. */
export function waitRows({detail, draw}: SectionContext): readonly DocumentRow[] {
	if (detail.waits.length === 0) {
		return [textRow('none', 'It waits for no event.', 'dim')];
	}

	return detail.waits.map(({eventName, stepName, createdAt, timeoutAt, runId}) => {
		const ends =
			timeoutAt === undefined
				? 'no timeout'
				: `times out ${momentText(timeoutAt, draw)}, ${distanceText(timeoutAt, draw.now)}`;
		return row(
			`${runId}/${stepName}`,
			[
				{text: eventName, tone: 'waiting'},
				{
					text: `  step ${stepName}  since ${momentText(createdAt, draw)}, ${distanceText(createdAt, draw.now)}  ${ends}`,
					tone: 'dim',
				},
			],
			eventName,
		);
	});
}

function attemptRow(run: RunSnapshot, context: SectionContext): readonly DocumentRow[] {
	const {runId, attempt, state, worker, createdAt, startedAt, result} = run;
	const {theme} = context.draw;
	const {glyph, tone} = stateStyles[state];
	const ended = run.completedAt ?? run.failedAt;
	const took = startedAt === undefined || ended === undefined ? '' : `, last leg ${formatDuration(ended - startedAt)}`;
	const claimed = startedAt === undefined ? 'not claimed yet' : `claimed ${momentText(startedAt, context.draw)}`;
	return [
		...withDocument(
			runId,
			[
				{text: `attempt ${attempt}  `, tone: 'strong'},
				{text: `${theme.glyph[glyph]} ${state}`, tone},
				{text: `  ${worker ?? ''}  created ${momentText(createdAt, context.draw)}, ${claimed}${took}`, tone: 'dim'},
			],
			{document: result ?? run.eventPayload, address: addressOf(result === undefined ? 'payload' : 'result', runId)},
			context,
		),
		row(`${runId}#`, [{text: `    run ${runId}`, tone: 'dim'}], runId),
	];
}

/** Attempts, the newest first; they unfold into their result or the payload that woke them. */
export function attemptRows(context: SectionContext): readonly DocumentRow[] {
	return [...context.detail.runs].reverse().flatMap(run => attemptRow(run, context));
}
