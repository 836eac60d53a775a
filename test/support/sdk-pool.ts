import pg from 'pg';

/**
 * A pool for clients of the SDK. It says that it has ended before the server has let go of its connections; a database
 * that is dropped meanwhile ends them with an error that nobody else listens to.
 */
export function createSdkPool(url: string): pg.Pool {
	const pool = new pg.Pool({connectionString: url});
	const ended = () => {};
	pool.on('error', ended);
	pool.on('connect', client => client.on('error', ended));
	return pool;
}
