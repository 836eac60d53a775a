import {readdirSync, readFileSync} from 'node:fs';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import type pg from 'pg';

/** How much the program holds, and what its database has worked for it, at one moment. */
export interface Gauge {
	readonly ticks: number;
	/** Megabytes that are in use after everything else was collected. */
	readonly heap: number;
	/** Memory of the process, megabytes. */
	readonly resident: number;
	/** Timers, sockets and the like that keep the process alive. */
	readonly handles: number;
	/** Open files; NaN where the system does not tell. */
	readonly files: number;
	/** Processor time of the backends that answer the monitor, milliseconds since they began; NaN likewise. */
	readonly backend: number;
	/** Memory of the monitor's backend, megabytes. */
	readonly backendMemory: number;
	/** The backend, since its processor time begins anew with each. */
	readonly pid: number;
}

// Without it what is measured is when the collector last ran.
setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function onLinux(read: () => number): number {
	try {
		return read();
	} catch {
		return Number.NaN;
	}
}

/** Reads all of it. `client` is any connection to the same database; the monitor's is told by its name. */
export async function gauge(client: pg.Client, ticks: number): Promise<Gauge> {
	if (typeof collect === 'function') collect();
	const {heapUsed, rss} = process.memoryUsage();
	const {rows} = await client.query<{pid: number}>(
		`select pid from pg_stat_activity where datname = current_database() and application_name not in ('churn', 'gauge')
		and pid <> pg_backend_pid() and backend_type = 'client backend' order by backend_start desc limit 1`,
	);
	const pid = rows[0]?.pid ?? 0;
	return {
		ticks,
		heap: heapUsed / 1e6,
		resident: rss / 1e6,
		handles: process.getActiveResourcesInfo().length,
		files: onLinux(() => readdirSync('/proc/self/fd').length),
		backend: onLinux(() => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6),
		backendMemory: onLinux(
			() => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1000,
		),
		pid,
	};
}
