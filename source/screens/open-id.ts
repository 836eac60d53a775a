import {drawLine} from '../components/line.ts';
import type {ProbeAnswers} from '../monitor/probe.ts';
import type {Overlay} from './overlay.ts';

/** The UUID that a pasted text is, quotes and space around it aside; undefined when it is none. */
export function readUuid(text: string): string | undefined {
	if (text.length > 200) return undefined;
	return /^[\s"'`{(<]*([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})[\s"'`})>,;]*$/i
		.exec(text)?.[1]
		?.toLowerCase();
}

/** A pasted text as one line of bearable length, for a field. */
export function oneLine(text: string): string {
	return text.slice(0, 1000).replaceAll(/\s+/g, ' ').trim();
}

/** `open ▸ <uuid>` after a UUID was pasted: Enter looks in every queue whose task or run it is, and shows it. */
export function createOpenId(id: string): Overlay {
	let step: 'ask' | 'look' | 'none' = 'ask';
	let failure = '';
	/** The answer to an earlier question: not ours. */
	let earlier: ProbeAnswers['find'];
	return {
		scope: 'prompt',
		draw({width, theme}) {
			const says = {
				ask: 'Enter opens this task or run, Esc closes',
				look: 'looking in all queues…',
				none: failure,
			}[step];
			const line = (text: string, tone: 'plain' | 'strong' | 'dim') =>
				drawLine([{text: `  ${text}`, tone}], width, theme);
			return [
				'',
				line(`open ${theme.glyph.cursor} ${id}`, 'strong'),
				'',
				line(says, step === 'none' ? 'plain' : 'dim'),
			];
		},
		handle(command, {answers}) {
			if (command === 'prompt.clear') return false;
			if (command !== 'prompt.keep' || step === 'look') return true;
			step = 'look';
			earlier = answers.find;
			return true;
		},
		probe: () => (step === 'look' ? {kind: 'find', id} : undefined),
		answered({find: found}, context) {
			if (step !== 'look' || found === undefined || found === earlier || found.kind === 'loading') return true;
			if (found.kind === 'ready' && found.value !== null) {
				context.open({screen: 'run', run: found.value});
				return false;
			}
			step = 'none';
			failure =
				found.kind === 'failed'
					? found.trouble.sentence
					: 'No task and no run in any queue that this role may read has this id. Esc closes, Enter looks again.';
			return true;
		},
	};
}
