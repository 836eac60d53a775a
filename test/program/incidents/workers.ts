import type {Drill} from './drill.ts';

/** Incidents of workers and of load. */
export const workerDrills: readonly Drill[] = [
	{
		id: 'workers-dead',
		title: 'All workers are dead and their leases are stale',
		story: 'Three workers of a queue were killed in the middle of their tasks; nobody claims any more.',
		async stage(stage) {
			for (let n = 0; n < 5; n++) await stage.spawn('run-agent', {n});
			await stage.claim('w-7:311', 3, 60);
			await stage.sql(`update r_ set started_at = now() - interval '5 minutes', available_at = now() - interval '5 minutes',
				claim_expires_at = now() - interval '4 minutes' where state = 'running'`);
			await stage.sql(`update r_ set available_at = now() - interval '4 minutes' where state = 'pending'`);
		},
		says: /agents: 3 leases expired, nobody has claimed for 5m/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the claims whose leases ran out',
				shows: /Active claims 3 +queue agents[\s\S]*w-7:311/,
			},
			{keys: ['8'], why: 'the doctor, with what to do', shows: /stale-leases[\s\S]*Start workers for queue agents/},
		],
		fix: 'Start workers for the queue. The first claim takes the expired runs back and retries them; what they did before may be done twice.',
	},
	{
		id: 'growing-backlog',
		title: 'A backlog grows',
		live: true,
		story: 'More is spawned into a queue than its one worker completes.',
		async stage(stage) {
			stage.handle('resize', async () => undefined);
			for (let n = 0; n < 130; n++) await stage.spawn('resize', {n});
			await stage.sql(`update r_ set available_at = now() - interval '6 minutes' where state = 'pending'`);
			let going = true;
			const load = (async () => {
				while (going) {
					for (let n = 0; n < 8; n++) await stage.spawn('resize', {n});
					await stage.work('w-1:1', 1);
					await new Promise(resolve => setTimeout(resolve, 200));
				}
			})();
			stage.onEnd(async () => {
				going = false;
				await load;
			});
		},
		says: /agents: \d+ ready, the oldest for 6m/,
		steps: [
			{keys: [], why: 'after some seconds the rate is known as well', shows: /it does not get shorter[\s\S]* never /},
			{keys: ['!', 'enter'], why: 'the queue', shows: /▸△? *agents/},
		],
		fix: 'Add workers or concurrency until drains tells a time, or slow down what spawns.',
	},
	{
		id: 'lease-too-short',
		title: 'Work is longer than its lease',
		story: 'A task takes longer than the lease it is claimed with; it is taken away and run again, and again.',
		async stage(stage) {
			await stage.spawn('transcode', {}, {maxAttempts: 8});
			for (let attempt = 0; attempt < 4; attempt++) {
				// The claim that notices a lease that ran out does not yet take the retry.
				await stage.claim(`w-${attempt}:1`, 1, 30);
				await stage.claim(`w-${attempt}:1`, 1, 30);
				await stage.sql(`update r_ set claim_expires_at = now() - interval '1 second' where state = 'running'`);
			}
			await stage.claim('w-9:1', 1, 30);
			await stage.claim('w-9:1', 1, 30);
		},
		says: /agents: transcode lost its lease 4 times in .*: work longer than its lease/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the attempts that timed out',
				shows: /Recent failures[^\n]*queue agents[^\n]*\$ClaimTimeout/,
			},
			{keys: ['enter'], why: 'one of the attempts', shows: /transcode[\s\S]*, attempt \d of 8/},
		],
		fix: 'Claim with a longer timeout, or let the work write checkpoints or heartbeats well within its lease.',
	},
	{
		id: 'slow-step',
		title: 'A step has become slow',
		story: 'What a step of a workflow calls answers ten times slower than an hour ago.',
		async stage(stage) {
			let pause = 5;
			stage.handle('answer', async (_params, context) => {
				await context.step('plan', async () => 'ok');
				await context.step('summarize', () => new Promise(resolve => setTimeout(() => resolve('ok'), pause)));
			});
			for (let n = 0; n < 12; n++) await stage.spawn('answer', {n});
			await stage.work();
			pause = 1800;
			for (let n = 0; n < 5; n++) await stage.spawn('answer', {n});
			await stage.workTogether(5);
		},
		says: /agents: step summarize of answer takes [1-9](\.\d)?s, was \d+ms/,
		steps: [
			{
				keys: ['!', 'enter'],
				why: 'the runs of that task, the newest first: Enter shows one with the time of each step',
				shows: /Tasks \d+ [^\n]*name:"answer"[\s\S]*answer/,
			},
			{
				keys: ['!', '8'],
				why: 'the check with both medians',
				shows: /slow-step[\s\S]*Remedy[\s\S]*what the step calls has become slow/,
			},
		],
		fix: 'Compare a recent run with an older one (its timeline shows each step) and mend what the step calls.',
	},
	{
		id: 'hung-step',
		title: 'A step hangs',
		story: 'A worker is alive and renews its lease, but what one step of its task calls does not answer.',
		async stage(stage) {
			stage.handle('answer', async (_params, context) => {
				await context.step('plan', async () => 'ok');
				await context.step('summarize', () => new Promise(resolve => setTimeout(() => resolve('ok'), 20)));
			});
			for (let n = 0; n < 12; n++) await stage.spawn('answer', {n});
			await stage.work();
			await stage.spawn('answer', {});
			await stage.claim('w-7:311', 1, 600);
			await stage.sql(`insert into c_ (task_id, checkpoint_name, state, owner_run_id, updated_at)
				select task_id, 'plan', '"ok"', run_id, now() - interval '4 minutes' from r_ where state = 'running'`);
			await stage.sql(`update r_ set started_at = now() - interval '5 minutes', available_at = now() - interval '5 minutes',
				created_at = now() - interval '5 minutes' where state = 'running'`);
			await stage.sql(`update t_ set enqueue_at = now() - interval '5 minutes', first_started_at = now() - interval '5 minutes'
				where state = 'running'`);
		},
		says: /agents: answer …[0-9a-f]{6} has probably been in summarize for 4m, usual \d+ms/,
		steps: [
			{keys: ['!', 'enter'], why: 'the task, its steps on the time axis', shows: /answer[\s\S]*w-7:311 holds it/},
			{keys: ['C'], why: 'end it: cancel, which says what that does and asks first', shows: /y cancel it/},
		],
		fix: 'Mend what the step calls. Cancelling ends the task at its next checkpoint or heartbeat; a worker that is restarted loses it to a retry.',
	},
	{
		id: 'unknown-task',
		title: 'A task that no worker knows is put off for ever',
		story: 'A producer was deployed before its workers: they claim a task whose name they do not know, and put it off.',
		async stage(stage) {
			stage.handle('known', async () => undefined);
			await stage.spawn('sync-crm', {});
			await stage.work('w-3:12', 1);
			await stage.sql(`update t_ set first_started_at = now() - interval '12 minutes'`);
		},
		says: /agents: no worker knows sync-crm: 1 task put off again and again for 12m/,
		steps: [
			{keys: ['!', 'enter'], why: 'the task', shows: /sync-crm[\s\S]*sleeping/},
			{keys: ['C'], why: 'when nobody will ever run it: cancel, which asks first', shows: /y cancel it/},
		],
		fix: 'Deploy workers that register the task. It goes on by itself; or cancel it with C.',
	},
];
