/** A worker process that the demo plays. */
export interface WorkerSpec {
	readonly queue: string;
	/** What stands before the colon of the worker's id; the process number after it is new for each life. */
	readonly host: string;
	readonly process: number;
	/** Runs at the same time. */
	readonly concurrency: number;
	/** Seconds of a lease; each checkpoint renews it. */
	readonly lease: number;
	/** Seconds between two polls of an idle worker. */
	readonly poll: number;
	/** It dies after a step that it has saved, as by kill -9, and comes back as another process. Seconds. */
	readonly life?: {readonly firstAway: number; readonly alive: number; readonly away: number};
}

export interface QueueSpec {
	readonly name: string;
	readonly storageMode: 'unpartitioned' | 'partitioned';
}

export const queues: readonly QueueSpec[] = [
	{name: 'agents', storageMode: 'unpartitioned'},
	{name: 'approvals', storageMode: 'unpartitioned'},
	{name: 'crawl', storageMode: 'unpartitioned'},
	{name: 'mail', storageMode: 'unpartitioned'},
	{name: 'reports', storageMode: 'partitioned'},
	{name: 'transcode', storageMode: 'unpartitioned'},
];

/** The worker of `reports` that was lost shortly before the demo starts: its leases are running out or have run out. */
export const lostReporter = 'reports-1:4711';

export const workers: readonly WorkerSpec[] = [
	{queue: 'agents', host: 'w-7', process: 311, concurrency: 5, lease: 20, poll: 2},
	{
		queue: 'agents',
		host: 'w-3',
		process: 12,
		concurrency: 3,
		lease: 20,
		poll: 2,
		life: {firstAway: 0, alive: 25, away: 12},
	},
	{queue: 'approvals', host: 'hub-1', process: 5, concurrency: 4, lease: 30, poll: 2},
	{queue: 'crawl', host: 'crawl-2', process: 44, concurrency: 3, lease: 30, poll: 2},
	{queue: 'mail', host: 'mailer-1', process: 8, concurrency: 3, lease: 30, poll: 1},
	{
		queue: 'reports',
		host: 'reports-1',
		process: 4802,
		concurrency: 2,
		lease: 30,
		poll: 3,
		life: {firstAway: 100, alive: 150, away: 120},
	},
	{queue: 'transcode', host: 'gpu-1', process: 9, concurrency: 2, lease: 60, poll: 2},
];
