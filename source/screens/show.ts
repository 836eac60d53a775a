import type {Monitor} from '../monitor/monitor.ts';
import type {Visible} from './screen.ts';

/** Tells the monitor what is on screen, when that has changed. */
export function createShow(monitor: Pick<Monitor, 'show'>): (visible: Visible) => void {
	let shown = '';
	return visible => {
		const {checkup, queues, claims} = visible;
		const key = JSON.stringify([checkup, queues, claims.map(({queue, runId}) => [queue, runId])]);
		if (key === shown) return;
		shown = key;
		monitor.show(visible);
	};
}
