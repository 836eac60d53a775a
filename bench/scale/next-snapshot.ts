import type {Monitor} from '../../source/monitor/monitor.ts';

/** Resolves with the next Snapshot. */
export async function nextSnapshot(monitor: Monitor): Promise<void> {
	const {serial} = monitor.snapshot;
	await new Promise<void>(resolve => {
		const end = monitor.subscribe(() => {
			if (monitor.snapshot.serial === serial) return;
			end();
			resolve();
		});
	});
}
