import type {Snapshot} from '../monitor/snapshot.ts';
import {overviewScreen} from './overview/overview.ts';
import {runDetailScreen} from './run/run.ts';
import type {ScreenRequest} from './screen.ts';
import {createView, type View} from './view.ts';

/** Every screen, by the name that requests call it. A new screen is one line here. */
const screens: Readonly<Record<ScreenRequest['screen'], (request: ScreenRequest, snapshot: Snapshot) => View>> = {
	overview: (request, snapshot) => createView(overviewScreen, request, snapshot),
	run: (request, snapshot) => createView(runDetailScreen, request, snapshot),
};

/** Opens the screen that is asked for. */
export function openView(request: ScreenRequest, snapshot: Snapshot): View {
	return screens[request.screen](request, snapshot);
}
