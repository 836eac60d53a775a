import type {ProbeKind} from '../../monitor/probe.ts';
import {probeDoctor} from './doctor.ts';
import {probeFind} from './find.ts';
import type {Prober} from './probe.ts';
import {createRunProber} from './run.ts';

/** Who answers which kind of question. */
export type Probers = {readonly [Kind in ProbeKind]: Prober<Kind>};

/** Makes the answerers of one connection. A new kind of question is one line here. */
export function createProbers(): Probers {
	return {
		run: createRunProber(),
		find: probeFind,
		doctor: probeDoctor,
	};
}
