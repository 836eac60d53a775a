import type {DrawContext} from '../screen.ts';
import {claimTable} from './claims.ts';
import {failureTable} from './failures.ts';
import {layOut, type OverviewLayout} from './layout.ts';
import {createPanel, type Panel, type PanelContext} from './panel.ts';
import {queueTable} from './queues.ts';
import type {OverviewState, PanelId} from './state.ts';

function ofQueue<Row extends {readonly queue: string}>(
	rows: readonly Row[],
	queue: string | undefined,
): readonly Row[] {
	return queue === undefined ? rows : rows.filter(row => row.queue === queue);
}

export const panels: Readonly<Record<PanelId, Panel>> = {
	queues: createPanel({
		spec: queueTable,
		rows: ({snapshot}) => snapshot.queues,
		select: queue => ({kind: 'queue', queue}),
	}),
	claims: createPanel({
		spec: claimTable,
		rows: ({snapshot}, queue) => ofQueue(snapshot.claims, queue),
		select: claim => ({kind: 'claim', claim}),
		task: claim => claim,
	}),
	failures: createPanel({
		spec: failureTable,
		rows: ({snapshot}, queue) => ofQueue(snapshot.failures, queue),
		select: failure => ({kind: 'failure', failure}),
		task: failure => failure,
	}),
};

export function layoutOf({width, height, snapshot}: DrawContext): OverviewLayout {
	return layOut(width, height, snapshot.queues.length);
}

/** What a panel of this state is asked with. */
export function panelContext(state: OverviewState, id: PanelId, draw: DrawContext): PanelContext {
	return {draw, queue: state.queue, place: layoutOf(draw).places[id]};
}
