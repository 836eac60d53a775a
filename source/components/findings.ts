import type {Finding, Snapshot} from '../monitor/snapshot.ts';
import type {Theme} from '../terminal/theme.ts';
import {drawLine, type Piece} from './line.ts';

/** The line under the header: is it healthy, and if not, what is wrong, the worst first. */
export function drawFindings(snapshot: Snapshot, width: number, theme: Theme): string {
	const {findings} = snapshot;
	if (snapshot.at === undefined) return drawLine([], width, theme);
	const [worst] = findings;
	return drawLine(worst === undefined ? calm(snapshot, theme) : alarm(findings, worst, theme), width, theme);
}

function alarm(findings: readonly Finding[], worst: Finding, theme: Theme): readonly Piece[] {
	const tone = toneOf(worst);
	const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
	const pieces: Piece[] = [{text: ` ${theme.glyph[worst.severity]} ${count}`, tone}];
	for (const finding of findings) {
		const queue = finding.queue;
		const named = queue === undefined || finding.sentence.startsWith(queue);
		pieces.push(
			{text: '   ', tone: 'plain'},
			{text: named ? finding.sentence : `${queue}: ${finding.sentence}`, tone: toneOf(finding)},
		);
	}
	return pieces;
}

function toneOf({severity}: Finding): 'error' | 'warning' {
	return severity === 'critical' ? 'error' : 'warning';
}

function calm({queues, connection, session}: Snapshot, theme: Theme): readonly Piece[] {
	if (connection.kind !== 'live') return [];
	if (queues.length === 0) {
		return [{text: ' No queue here yet. One that is created appears by itself.', tone: 'plain'}];
	}
	const unread = queues.filter(({trouble}) => trouble !== undefined).map(({name}) => name);
	if (unread.length > 0) {
		const text = ` ${theme.glyph.warning} ${unread.length} of ${queues.length} queues cannot be read: ${unread.join(', ')}`;
		return [{text, tone: 'warning'}];
	}
	const read = queues.filter(({readAt}) => readAt !== undefined);
	const bare = queues.every(
		({ready, running, retrying, sleeping, waiting, history, fail5m}) =>
			[ready, running, retrying, sleeping, waiting].every(count => count?.value === 0) &&
			(history?.value ?? 0) === 0 &&
			(fail5m?.finished ?? 0) === 0,
	);
	if (bare) {
		const way = session?.readOnly === undefined ? ': N spawns one.' : '.';
		return [{text: ` No task in any queue yet${way}`, tone: 'plain'}];
	}
	if (read.length === 0) return [];
	return [{text: ` ${theme.glyph.ok} no findings`, tone: 'ok'}];
}
