import type {RunDetail} from '../../monitor/run-detail.ts';
import {type SavedSteps, savedSteps} from '../../monitor/saved-steps.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import type {LikelyStep} from '../../monitor/usual-steps.ts';
import {formatAge, formatDuration} from '../../terminal/duration.ts';

/** On what a guess rests: `4 of 5 finished tasks went on so, usually 9.0s`. */
export function agreement({agree, of, usual}: LikelyStep): string {
	const tasks = `${agree} of ${of} finished ${of === 1 ? 'task' : 'tasks'} went on so`;
	return usual === undefined ? tasks : `${tasks}, usually ${formatDuration(usual)}`;
}

/** How long ago the last step was saved and what probably runs now; undefined when nothing runs or nothing is known. */
export function progressSentence(detail: RunDetail, now: Instant): string | undefined {
	const {state, likely, checkpoints} = detail;
	if (state !== 'running') {
		return undefined;
	}

	const last = checkpoints.at(-1);
	const since =
		last === undefined ? [] : [`${formatAge(Math.max(0, now - last.updatedAt))} since checkpoint ${last.name}`];
	const guess = likely === undefined ? [] : [`probably in ${likely.name} (${agreement(likely)})`];
	const parts = [...since, ...guess];
	return parts.length === 0 ? undefined : `${parts.join('; ')}.`.replace(/^p/, 'P');
}

/** Names that a sentence can carry. */
const named = 4;

function nameList(names: readonly string[]): string {
	const shown = names.slice(0, named).map(name => name.slice(0, 60));
	const rest = names.length - shown.length;
	return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

function timeText({time, unknown}: SavedSteps): string {
	if (time === 0) {
		return 'not run again';
	}

	return unknown === 0 ? `${formatDuration(time)} not run again` : `at least ${formatDuration(time)} not run again`;
}

/** What the newest attempt did not run again: `resumed: plan, search were saved by attempt 1: 29.9s not run again.` */
export function resumedSentence(detail: RunDetail): string | undefined {
	const run = detail.runs.findLast(({startedAt}) => startedAt !== undefined);
	const saved = run === undefined ? undefined : savedSteps(run, detail);
	if (saved === undefined) {
		return undefined;
	}

	const by = saved.by.map(({attempt, names}) => {
		const verb = names.length === 1 ? 'was' : 'were';
		return `${nameList(names)} ${verb} saved by ${attempt === undefined ? 'an earlier attempt' : `attempt ${attempt}`}`;
	});
	return `resumed: ${by.join(', ')}: ${timeText(saved)}.`;
}
