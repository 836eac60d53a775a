import type {Finding, QueueSnapshot, Snapshot} from '../monitor/snapshot.ts';
import {sanitise} from '../terminal/sanitise.ts';
import {type Measure, measures} from './measures.ts';
import {type Level, levelOf, type Threshold, worse} from './thresholds.ts';

/** Thresholds by the key of their measure. None at all: the monitor's findings decide. */
export type Thresholds = ReadonlyMap<string, Threshold>;

/** One line for a monitoring system. */
export interface Verdict {
	readonly level: Level;
	readonly line: string;
}

interface Remark {
	readonly level: Level;
	readonly text: string;
}

/** Remarks in the line; the rest is counted. */
const shownRemarks = 5;

const findingLevels: Readonly<Record<Finding['severity'], Level>> = {warning: 'WARNING', critical: 'CRITICAL'};

function judge(queue: QueueSnapshot, snapshot: Snapshot, measure: Measure, threshold: Threshold): Remark | undefined {
	const value = measure.of(queue, snapshot);
	if (value === undefined) return {level: 'UNKNOWN', text: `${queue.name}: ${measure.label} is not known`};
	if (measure.counts?.(queue) === false) return undefined;
	const level = levelOf(value, threshold);
	return level === 'OK' ? undefined : {level, text: `${queue.name}: ${measure.says(value, queue)}`};
}

function judgeQueue(queue: QueueSnapshot, snapshot: Snapshot, thresholds: Thresholds): readonly Remark[] {
	if (queue.trouble) return [{level: 'UNKNOWN', text: `${queue.name}: ${queue.trouble.sentence}`}];
	return measures.flatMap(measure => {
		const threshold = thresholds.get(measure.key);
		return (threshold && judge(queue, snapshot, measure, threshold)) ?? [];
	});
}

function remarksOf(snapshot: Snapshot, thresholds: Thresholds): readonly Remark[] {
	if (thresholds.size > 0) return snapshot.queues.flatMap(queue => judgeQueue(queue, snapshot, thresholds));
	return snapshot.findings.map(({severity, queue, sentence}) => ({
		level: findingLevels[severity],
		text: queue === undefined ? sentence : `${queue}: ${sentence}`,
	}));
}

/** `'label'=value[unit];warning;critical;minimum`, as the monitoring plugins' guidelines want it. */
function performance(snapshot: Snapshot, thresholds: Thresholds): string {
	const data = snapshot.queues.flatMap(queue =>
		measures.flatMap(measure => {
			const value = measure.of(queue, snapshot);
			if (value === undefined) return [];
			const {warning, critical} = thresholds.get(measure.key) ?? {};
			const label = `'${plain(`${queue.name}.${measure.label}`).replaceAll("'", "''").replaceAll('=', '_')}'`;
			return `${label}=${Number(value.toFixed(3))}${measure.symbol};${warning ?? ''};${critical ?? ''};0`;
		}),
	);
	return data.join(' ');
}

/** `|` separates the sentence from the data. */
function plain(text: string): string {
	return sanitise(text).replaceAll('|', '¦');
}

/** The line of a level, with what is wrong and the performance data. */
export function verdictLine(level: Level, sentence: string, data = ''): string {
	return `ABSURD ${level} - ${plain(sentence)}${data === '' ? '' : ` | ${data}`}\n`;
}

/** Judges a complete reading. Of queues that were asked for and are not there nothing is known. */
export function verdictOf(snapshot: Snapshot, thresholds: Thresholds): Verdict {
	const absent = (snapshot.missing ?? []).map(
		(name): Remark => ({level: 'UNKNOWN', text: `${name}: there is no such queue`}),
	);
	const remarks = [...remarksOf(snapshot, thresholds), ...absent];
	const level = remarks.reduce<Level>((worst, remark) => worse(worst, remark.level), 'OK');
	const sorted = [...remarks].sort((a, b) => (a.level === b.level ? 0 : worse(a.level, b.level) === a.level ? -1 : 1));
	const rest = sorted.length > shownRemarks ? `; and ${sorted.length - shownRemarks} more` : '';
	const {length} = snapshot.queues;
	const fine = `${length} ${length === 1 ? 'queue' : 'queues'}, nothing to report`;
	const shown = sorted.slice(0, shownRemarks).map(({text}) => text);
	const sentence = shown.length === 0 ? fine : `${shown.join('; ')}${rest}`;
	return {level, line: verdictLine(level, sentence, performance(snapshot, thresholds))};
}
