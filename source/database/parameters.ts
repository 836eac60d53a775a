/** What becomes of one of libpq's parameters here. */
export interface Parameter {
	readonly name: string;
	/** The environment variable that gives it, as libpq names it. */
	readonly environment?: string;
	/** `used`; `ignored` = harmless to leave out; `refused` = leaving it out would be less safe or plainly wrong. */
	readonly use: 'used' | 'ignored' | 'refused';
	/** A value with which a refused parameter asks for nothing. */
	readonly harmless?: readonly string[];
}

/** libpq's parameters (Postgres 18), each with what is done about it. */
export const parameters: readonly Parameter[] = [
	{name: 'host', environment: 'PGHOST', use: 'used'},
	{name: 'hostaddr', environment: 'PGHOSTADDR', use: 'used'},
	{name: 'port', environment: 'PGPORT', use: 'used'},
	{name: 'dbname', environment: 'PGDATABASE', use: 'used'},
	{name: 'user', environment: 'PGUSER', use: 'used'},
	{name: 'password', environment: 'PGPASSWORD', use: 'used'},
	{name: 'passfile', environment: 'PGPASSFILE', use: 'used'},
	{name: 'service', environment: 'PGSERVICE', use: 'used'},
	{name: 'servicefile', environment: 'PGSERVICEFILE', use: 'used'},
	{name: 'options', environment: 'PGOPTIONS', use: 'used'},
	{name: 'application_name', environment: 'PGAPPNAME', use: 'used'},
	{name: 'connect_timeout', environment: 'PGCONNECT_TIMEOUT', use: 'used'},
	{name: 'target_session_attrs', environment: 'PGTARGETSESSIONATTRS', use: 'used'},
	{name: 'load_balance_hosts', environment: 'PGLOADBALANCEHOSTS', use: 'used'},
	{name: 'sslmode', environment: 'PGSSLMODE', use: 'used'},
	{name: 'sslnegotiation', environment: 'PGSSLNEGOTIATION', use: 'used'},
	{name: 'sslrootcert', environment: 'PGSSLROOTCERT', use: 'used'},
	{name: 'sslcert', environment: 'PGSSLCERT', use: 'used'},
	{name: 'sslkey', environment: 'PGSSLKEY', use: 'used'},
	{name: 'sslpassword', use: 'used'},
	{name: 'sslcrl', environment: 'PGSSLCRL', use: 'used'},
	{name: 'sslsni', environment: 'PGSSLSNI', use: 'used'},
	{name: 'ssl_min_protocol_version', environment: 'PGSSLMINPROTOCOLVERSION', use: 'used'},
	{name: 'ssl_max_protocol_version', environment: 'PGSSLMAXPROTOCOLVERSION', use: 'used'},
	{name: 'fallback_application_name', use: 'ignored'},
	{name: 'client_encoding', environment: 'PGCLIENTENCODING', use: 'ignored'},
	{name: 'keepalives', use: 'ignored'},
	{name: 'keepalives_idle', use: 'ignored'},
	{name: 'keepalives_interval', use: 'ignored'},
	{name: 'keepalives_count', use: 'ignored'},
	{name: 'tcp_user_timeout', use: 'ignored'},
	{name: 'sslcompression', environment: 'PGSSLCOMPRESSION', use: 'ignored'},
	{name: 'krbsrvname', environment: 'PGKRBSRVNAME', use: 'ignored'},
	{name: 'gsslib', environment: 'PGGSSLIB', use: 'ignored'},
	{name: 'gssdelegation', environment: 'PGGSSDELEGATION', use: 'ignored'},
	{name: 'min_protocol_version', environment: 'PGMINPROTOCOLVERSION', use: 'ignored'},
	{name: 'max_protocol_version', environment: 'PGMAXPROTOCOLVERSION', use: 'ignored'},
	{name: 'gssencmode', environment: 'PGGSSENCMODE', use: 'refused', harmless: ['disable', 'prefer']},
	{name: 'channel_binding', environment: 'PGCHANNELBINDING', use: 'refused', harmless: ['disable', 'prefer']},
	{name: 'require_auth', environment: 'PGREQUIREAUTH', use: 'refused'},
	{name: 'requirepeer', environment: 'PGREQUIREPEER', use: 'refused'},
	{name: 'sslcertmode', environment: 'PGSSLCERTMODE', use: 'refused', harmless: ['allow']},
	{name: 'sslcrldir', environment: 'PGSSLCRLDIR', use: 'refused'},
	{name: 'replication', use: 'refused', harmless: ['false', 'off', 'no', '0']},
	{name: 'scram_client_key', use: 'refused'},
	{name: 'scram_server_key', use: 'refused'},
	{name: 'sslkeylogfile', use: 'refused'},
	{name: 'oauth_issuer', use: 'refused'},
	{name: 'oauth_client_id', use: 'refused'},
	{name: 'oauth_client_secret', use: 'refused'},
	{name: 'oauth_scope', use: 'refused'},
];

/** Values by parameter name, where one was given. */
export type Values = Readonly<Record<string, string>>;

const byName = new Map(parameters.map(parameter => [parameter.name, parameter]));

/** True for a name that libpq knows. */
export function isParameter(name: string): boolean {
	return byName.has(name);
}

/** The parameters that the environment gives. An empty variable counts as not set, as in libpq. */
export function fromEnvironment(environment: NodeJS.ProcessEnv): Values {
	const values: Record<string, string> = {};
	for (const {name, environment: variable} of parameters) {
		const value = variable === undefined ? undefined : environment[variable];
		if (value !== undefined && value !== '') values[name] = value;
	}
	return values;
}

/** The first parameter given that cannot be honoured, as a sentence; undefined when all can. */
export function unsupported(values: Values): string | undefined {
	for (const [name, value] of Object.entries(values)) {
		const parameter = byName.get(name);
		if (parameter?.use !== 'refused' || value === '' || parameter.harmless?.includes(value)) continue;
		const variable = parameter.environment === undefined ? '' : ` (${parameter.environment})`;
		return `The connection parameter ${name}${variable} is not supported with the value given; leave it out to connect without it.`;
	}
	return undefined;
}
