import type {Finding, Proof} from '../monitor/snapshot.ts';
import type {CommandContext, ScreenRequest} from './screen.ts';

/** Goes to the rows that prove a finding: a panel narrowed to them, a run, or what the Doctor says. */
export function openProof(finding: Finding, context: Pick<CommandContext, 'open'>): void {
	const {proof, queue, rule} = finding;
	if (proof !== undefined && 'panel' in proof) {
		context.open({screen: 'overview', focus: {panel: proof.panel, queue, filter: proof.filter}});
	} else context.open(requestOf(proof ?? {screen: 'doctor'}, queue, rule));
}

function requestOf(
	proof: Exclude<Proof, {readonly panel: unknown}>,
	queue: string | undefined,
	rule: string,
): ScreenRequest {
	switch (proof.screen) {
		case 'run':
			return proof;
		case 'events':
			return {screen: 'events', queue, filter: proof.filter};
		case 'tasks':
			return {screen: 'tasks', filter: proof.filter ?? ''};
		case 'storage':
			return queue === undefined
				? {screen: 'doctor', rule}
				: {screen: 'queue', queue, part: 'storage', filter: proof.filter};
		case 'doctor':
			return {screen: 'doctor', rule};
	}
}
