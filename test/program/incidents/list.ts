import type {Drill} from './drill.ts';
import {storageDrills} from './storage.ts';
import {taskDrills} from './tasks.ts';
import {workerDrills} from './workers.ts';

/** Every incident, in the order of the page. */
export const drills: readonly Drill[] = [...workerDrills, ...taskDrills, ...storageDrills];
