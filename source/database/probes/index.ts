import type {ProbeKind} from '../../monitor/probe.ts';
import {probeCheckup} from './checkup.ts';
import {createEventsProber} from './events.ts';
import {createFailuresProber} from './failures.ts';
import {probeFind, probeFindAll} from './find.ts';
import type {Prober} from './probe.ts';
import {probeRefusals} from './refusals.ts';
import {createRunProber} from './run.ts';
import {createScheduleProber} from './schedule.ts';
import {createStorageProber} from './storage.ts';
import {createTasksProber} from './tasks.ts';
import {createTypesProber} from './types.ts';
import {createWorkersProber} from './workers.ts';
import {createWorkflowsProber} from './workflows.ts';

/** Who answers which kind of question. */
export type Probers = {readonly [Kind in ProbeKind]: Prober<Kind>};

/** Makes the answerers of one connection. A new kind of question is one line here. */
export function createProbers(): Probers {
	return {
		run: createRunProber(),
		find: probeFind,
		findAll: probeFindAll,
		refusals: probeRefusals,
		failures: createFailuresProber(),
		workers: createWorkersProber(),
		events: createEventsProber(),
		schedule: createScheduleProber(),
		tasks: createTasksProber(),
		checkup: probeCheckup,
		types: createTypesProber(),
		storage: createStorageProber(),
		workflows: createWorkflowsProber(),
	};
}
