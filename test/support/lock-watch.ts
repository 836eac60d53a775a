import type pg from 'pg';
import type {TestDatabase} from './database.ts';

/** What was seen of the locks of other sessions. */
export interface LocksSeen {
	/** The most that one session held at one look. */
	readonly most: number;
	/** Sessions that were seen to hold any. */
	readonly sessions: number;
	readonly looks: number;
}

/**
 * Looks at the locks of all other sessions of a database as often as it can, from a connection of its own; of the
 * database that it is given, or of another one of that server.
 */
export async function watchLocks(
	database: Pick<TestDatabase, 'client' | 'connect'>,
	name?: string,
): Promise<{end(): Promise<LocksSeen>}> {
	const client = await database.connect();
	const pidOf = async (session: pg.Client) =>
		(await session.query<{pid: number}>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
	const own = [await pidOf(client), await pidOf(database.client)];
	const sessions = new Set<number>();
	let most = 0;
	let looks = 0;
	let ended = false;
	const looking = (async () => {
		while (!ended) {
			const {rows} = await client.query<{pid: number; held: number}>(
				`select pid, count(*)::int as held from pg_locks
				where pid <> all ($1::int[]) and pid in (
					select pid from pg_stat_activity
					where datname = coalesce($2, current_database()) and backend_type = 'client backend'
				)
				group by pid`,
				[own, name],
			);
			for (const {pid, held} of rows) {
				sessions.add(pid);
				most = Math.max(most, held);
			}
			looks++;
			await new Promise(resolve => setTimeout(resolve, 5));
		}
	})();

	return {
		async end() {
			ended = true;
			await looking;
			return {most, sessions: sessions.size, looks};
		},
	};
}
