import pg from 'pg';

/** Between two looks, milliseconds: less than the shortest interval between two ticks. */
const gap = 40;

/** Ticks of the program on this server, counted from now on. */
export interface TickCounter {
	/** So many were over at the last look. */
	readonly ticks: number;
	stop(): Promise<void>;
}

/** Counts the ticks of the one program that watches a server: a `commit` ends each, and the session then idles with it. */
export async function countTicks(url: string): Promise<TickCounter> {
	const client = new pg.Client({connectionString: url});
	await client.connect();
	let [ticks, last, running] = [0, '', true];
	const looking = (async () => {
		while (running) {
			const {rows} = await client.query<{ended: string}>(
				`select query_start::text as ended from pg_stat_activity
				where state = 'idle' and query = 'commit'`,
			);
			const ended = rows[0]?.ended ?? last;
			if (ended !== last) ticks++;
			last = ended;
			await new Promise(resolve => setTimeout(resolve, gap));
		}
	})();
	return {
		get ticks() {
			return ticks;
		},
		async stop() {
			running = false;
			await looking;
			await client.end();
		},
	};
}
