import type {Drill} from './drill.ts';

const words = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'];

/** Incidents of tasks: failures, waits, policies. */
export const taskDrills: readonly Drill[] = [
	{
		id: 'poison',
		title: 'A poison message',
		story: 'Every task of a type fails for the same cause, whatever is retried.',
		async stage(stage) {
			stage.handle('send-invoice', async () => {
				throw new TypeError('Cannot read properties of undefined (reading "address")');
			});
			for (let n = 0; n < 3; n++) await stage.spawn('send-invoice', {n}, {maxAttempts: 3});
			await stage.work();
		},
		// Beside a second finding it is shortened, as beside a schema that this program does not know.
		says: /agents: send-invoice \(3 tasks\) fails for one cause(?:, all 9 attempts in .*: TypeError|…)/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the failures of that cause',
				shows: /Recent failures[^\n]*queue agents[^\n]*TypeError/,
			},
			{
				keys: ['enter'],
				why: 'one of them',
				shows: /send-invoice[\s\S]*failed, attempt 3 of 3[\s\S]*Cannot read properties/,
			},
			{keys: ['R'], why: 'when the cause is mended: retry; it asks first', shows: /y retry it/},
		],
		fix: 'Mend the cause, then retry the dead ones: mark them all with * and press R.',
	},
	{
		id: 'retry-storm',
		title: 'A retry storm',
		story: 'A task without back-off and without a limit of attempts fails as fast as it can be claimed.',
		async stage(stage) {
			let calls = 0;
			stage.handle('poll-partner', async () => {
				calls++;
				throw new Error(`${words[calls % words.length] ?? ''} ${words[(calls * 3) % words.length] ?? ''} refused`);
			});
			await stage.spawn('poll-partner', {}, {maxAttempts: 1000});
			await stage.work('w-3:12', 25);
		},
		says: /agents: retry storm: poll-partner …[0-9a-f]{6} failed attempt 25 of 1000/,
		steps: [
			{keys: ['!', 'j', 'enter'], why: 'its attempts', shows: /Recent failures[^\n]*queue agents[^\n]*id:/},
			{keys: ['enter'], why: 'the task', shows: /poll-partner[\s\S]*attempt 26 of 1000/},
			{keys: ['C'], why: 'stop it: cancel, which asks first', shows: /y cancel it/},
		],
		fix: 'Cancel the task, and spawn it with an exponential retry strategy and a limit of attempts.',
	},
	{
		id: 'event-never-comes',
		title: 'An event that never comes',
		story: 'Tasks wait without a time limit for an event whose producer was switched off.',
		async stage(stage) {
			stage.handle('ship-order', async (_params, context) => context.awaitEvent('order.paid:4711'));
			for (let n = 0; n < 2; n++) await stage.spawn('ship-order', {n});
			await stage.work();
			await stage.sql(`update w_ set created_at = now() - interval '3 days'`);
		},
		says: /agents: 2 tasks wait for event order\.paid:4711 for 3d0h without a time limit; it was never emitted/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the event and how many wait for it',
				shows: /Events 1 [^\n]*queue agents[\s\S]*▸◐ awaited order\.paid:4711 .* 2 +3d0h +never/,
			},
			{keys: ['enter'], why: 'the task that waits longest', shows: /ship-order[\s\S]*order\.paid:4711/},
			{
				keys: ['!', '8'],
				why: 'the check, with what to do',
				shows: /endless-wait[\s\S]*emit_event\('agents'/,
			},
			{keys: ['5'], why: 'the events and who waits for them', shows: /awaited +order\.paid:4711/},
			{keys: ['E'], why: 'emit it: a form that asks before it does', shows: /Emit[\s\S]*order\.paid:4711/},
		],
		fix: 'Find the producer; E emits the event, which says first how many tasks wake. Give such waits a timeout.',
	},
	{
		id: 'max-duration',
		title: 'max_duration is about to strike',
		story: 'A long task nears the limit that it was spawned with; the next claim in its queue after that cancels it.',
		async stage(stage) {
			await stage.spawn('nightly-import', {}, {cancellation: {maxDuration: 3600}});
			await stage.claim('w-3:12', 1, 600);
			await stage.sql(`update t_ set first_started_at = now() - interval '57 minutes'`);
		},
		says: /agents: max_duration of nightly-import …[0-9a-f]{6} \(1h00m\) strikes in [23]m/,
		steps: [{keys: ['!', 'enter'], why: 'the task', shows: /nightly-import[\s\S]*running, attempt/}],
		fix: 'The clock cannot be moved. Let it finish, or spawn it anew with a longer max_duration.',
	},
];
