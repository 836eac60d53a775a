import type {ConnectionOptions} from 'node:tls';
import pg from 'pg';
import type {KnownColumns} from './answered-query.ts';

/** Where a client connects to, looked up and decided. */
export interface ClientTarget {
	/** Address, host name or socket directory to connect to. */
	readonly address: string;
	readonly port: number;
	readonly user: string;
	readonly database: string;
	readonly tls: ConnectionOptions | undefined;
	/** TLS from the first byte. */
	readonly direct: boolean;
	/** Start-up options, the only start-up parameter besides user and database. */
	readonly options: string | undefined;
	/** Milliseconds. */
	readonly connectTimeout: number;
	/** Asked only when the server wants one. Undefined = there is none. */
	readonly password: () => Promise<string>;
}

/**
 * A pg client that pipelines and sends no start-up parameter but user, database and the options that it was given:
 * pg would read further ones from the environment, and a pooler keeps or refuses those.
 */
export class PipelineClient extends pg.Client {
	/** Key of the backend, for a CancelRequest; null before the server sent it. */
	declare readonly processID: number | null;
	declare readonly secretKey: number | null;
	readonly target: ClientTarget;
	/** What the statements that this session keeps prepared answer. */
	readonly columns: KnownColumns = new Map();

	constructor(target: ClientTarget) {
		super({
			host: target.address,
			port: target.port,
			user: target.user,
			database: target.database,
			password: target.password,
			ssl: target.tls ?? false,
			sslnegotiation: target.direct && target.tls !== undefined ? 'direct' : 'postgres',
			enableChannelBinding: true,
			connectionTimeoutMillis: target.connectTimeout,
			keepAlive: true,
			keepAliveInitialDelayMillis: 30_000,
			pipeline: true,
		});
		this.target = target;
	}

	/** Called by pg; its types do not list it. */
	getStartupConf(): Record<string, string> {
		const {user, database, options} = this.target;
		return {user, database, ...(options === undefined ? {} : {options})};
	}
}

/** Forgets a prepared statement that the server was told to forget, else pg keeps its text for ever. */
export function forgetPrepared(client: PipelineClient, name: string): void {
	client.columns.delete(name);
	const known: unknown = Reflect.get(client.connection, 'parsedStatements');
	if (typeof known === 'object' && known !== null) Reflect.deleteProperty(known, name);
}
