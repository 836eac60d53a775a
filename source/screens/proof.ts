import type {Finding} from '../monitor/snapshot.ts';
import type {CommandContext} from './screen.ts';

/** Goes to the rows that prove a finding: a panel narrowed to them, a run, or what the Doctor says. */
export function openProof(finding: Finding, context: Pick<CommandContext, 'open'>): void {
	const {proof, queue, rule} = finding;
	if (proof !== undefined && 'panel' in proof) {
		context.open({screen: 'overview', focus: {panel: proof.panel, queue, filter: proof.filter}});
	} else if (proof !== undefined && proof.screen === 'run') context.open({screen: 'run', run: proof.run});
	else context.open({screen: 'doctor', rule});
}
