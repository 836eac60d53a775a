import type {Snapshot} from '../monitor/snapshot.ts';
import {doctorScreen} from './doctor/doctor.ts';
import {eventsScreen} from './events/events.ts';
import {failuresScreen} from './failures/failures.ts';
import {failureGroupScreen} from './failures/group.ts';
import {overviewScreen} from './overview/overview.ts';
import {queueScreen} from './queue/queue.ts';
import {storageScreen} from './queue/storage.ts';
import {typesScreen} from './queue/types.ts';
import {runDetailScreen} from './run/run.ts';
import {scheduleScreen} from './schedule/schedule.ts';
import type {ScreenRequest} from './screen.ts';
import {tasksScreen} from './tasks/tasks.ts';
import {createView, type View} from './view.ts';
import {workersScreen} from './workers/workers.ts';
import {workflowsScreen} from './workflows/workflows.ts';

/** Every screen, by the name that requests call it. A new screen is one line here. */
const screens: Readonly<Record<ScreenRequest['screen'], (request: ScreenRequest, snapshot: Snapshot) => View>> = {
	overview: (request, snapshot) => createView(overviewScreen, request, snapshot),
	workers: (request, snapshot) => createView(workersScreen, request, snapshot),
	workflows: (request, snapshot) => createView(workflowsScreen, request, snapshot),
	events: (request, snapshot) => createView(eventsScreen, request, snapshot),
	schedule: (request, snapshot) => createView(scheduleScreen, request, snapshot),
	failures: (request, snapshot) => createView(failuresScreen, request, snapshot),
	'failure-group': (request, snapshot) => createView(failureGroupScreen, request, snapshot),
	tasks: (request, snapshot) => createView(tasksScreen, request, snapshot),
	doctor: (request, snapshot) => createView(doctorScreen, request, snapshot),
	queue: (request, snapshot) => createView(queueScreen, request, snapshot),
	types: (request, snapshot) => createView(typesScreen, request, snapshot),
	storage: (request, snapshot) => createView(storageScreen, request, snapshot),
	run: (request, snapshot) => createView(runDetailScreen, request, snapshot),
};

/** Opens the screen that is asked for. */
export function openView(request: ScreenRequest, snapshot: Snapshot): View {
	return screens[request.screen](request, snapshot);
}
