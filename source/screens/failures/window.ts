import type {Piece} from '../../components/line.ts';
import {sweepCap, sweepLimit} from '../../monitor/claim-key.ts';
import {type FailureReport, failureWindows} from '../../monitor/failure-groups.ts';
import {claimReach} from '../../monitor/failure-sweep.ts';
import {formatAge, formatSpan} from '../../terminal/duration.ts';
import {formatGrouped} from '../../terminal/figures.ts';
import type {DrawContext} from '../screen.ts';
import {whyNotFurther} from '../table/queue-rows.ts';

/** Which failures are looked at, and how far. */
export interface FailureWishes {
	/** Place in `failureWindows`. */
	readonly window: number;
	readonly limit: number;
	readonly stopped: boolean;
}

export const firstWishes: FailureWishes = {window: 1, limit: sweepLimit, stopped: false};

const names = ['5m', '1h', '24h', '7d'];

/** `5m ‹1h› 24h 7d`, the current one marked by more than colour. */
export function windowPieces({window}: FailureWishes): readonly Piece[] {
	return names.flatMap((name, index): readonly Piece[] =>
		index === window ? [{text: `[${name}]`, tone: 'key'}] : [{text: ` ${name} `, tone: 'dim'}],
	);
}

export function failureProbe({window, limit, stopped}: FailureWishes) {
	return {kind: 'failures', window: failureWindows[window] ?? failureWindows[1], limit, stopped} as const;
}

function ended(report: FailureReport, {now}: DrawContext): string {
	const back = `back to ${formatSpan(Math.max(0, now - report.backTo))}`;
	switch (report.progress) {
		case 'reading':
			return `looked at ${formatGrouped(report.looked)}, ${back}; Esc stops`;
		case 'limit':
			return `looked at ${formatGrouped(report.looked)}, ${back}; w looks further`;
		case 'cap':
			return `looked at the newest ${formatGrouped(report.looked)}, ${back}: no further`;
		case 'whole':
			return report.renewing || now - report.until > 15_000 ? `as of ${formatSpan(now - report.until)} ago` : '';
	}
}

/** How many there are, and how far was looked. */
export function progressPieces(report: FailureReport, context: DrawContext): readonly Piece[] {
	const sum = (of: 'dead' | 'retried' | 'cancelled') => report.groups.reduce((all, group) => all + group[of], 0);
	const least = report.progress === 'whole' ? '' : '≥';
	const text = ended(report, context);
	const cancelled = sum('cancelled');
	const {unread} = report;
	return [
		{
			text: `  dead ${least}${formatGrouped(sum('dead'))} · retrying ${least}${formatGrouped(sum('retried'))}`,
			tone: 'plain',
		},
		{text: cancelled > 0 ? ` · cancelled ${formatGrouped(cancelled)}` : '', tone: 'plain'},
		{text: text === '' ? '' : `  ${text}`, tone: report.progress === 'whole' ? 'dim' : 'warning'},
		{text: unread.length > 0 ? `  ${unread.map(({queue}) => queue).join(', ')} not read` : '', tone: 'warning'},
	];
}

/** How much the shares rest on. */
function sampleText({sampled}: FailureReport): string {
	if (sampled === undefined) return '';
	const more = sampled.progress === 'limit' ? '; w reads on' : sampled.progress === 'reading' ? ' so far' : '';
	return ` (${formatGrouped(sampled.looked)} completed read${more})`;
}

/** What the figures mean, for the foot of the screen. */
export function failureDefinitions(wishes: FailureWishes, report: FailureReport): string {
	const window = failureWindows[wishes.window] ?? failureWindows[1];
	const since = report.groups.map(({share}) => share?.since ?? Number.POSITIVE_INFINITY);
	const share = Math.max(0, report.until - Math.min(report.until, ...since));
	return [
		`Failed within ${names[wishes.window] ?? ''}, claimed ≤ ${formatSpan(claimReach(window))} before.`,
		'dead: for good; retry: another attempt followed or is due.',
		`share: of its type’s runs of ${formatAge(share)}${sampleText(report)}.`,
	].join(' ');
}

/** The wishes after a command of this screen; undefined = not its command. */
export function failureCommand(command: string, wishes: FailureWishes): FailureWishes | undefined {
	const step = command === 'failures.shorter' ? -1 : command === 'failures.longer' ? 1 : 0;
	if (step !== 0) {
		const window = Math.max(0, Math.min(failureWindows.length - 1, wishes.window + step));
		return window === wishes.window ? wishes : {...firstWishes, window};
	}
	return command === 'failures.further'
		? {...wishes, stopped: false, limit: wishes.stopped ? wishes.limit : sweepCap}
		: undefined;
}

/** Why a command of this screen does nothing now. A reading that was stopped goes on. */
export function whyNotFailures(
	command: string,
	{stopped}: FailureWishes,
	report: FailureReport | undefined,
): string | undefined {
	if (command !== 'failures.further' || stopped) return undefined;
	return whyNotFurther(report && [report.progress, ...(report.sampled === undefined ? [] : [report.sampled.progress])]);
}
