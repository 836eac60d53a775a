import type {ConnectionOptions} from 'node:tls';

/** How far the server's certificate is checked, libpq's `sslmode` for one attempt. */
export type TlsMode = 'off' | 'require' | 'verify-ca' | 'verify-full';

/** One way to connect: where, with or without TLS, as whom. */
export interface Attempt {
	/** Host name or address; a directory for a unix socket. */
	readonly host: string;
	/** Address to connect to instead of looking the host up (`hostaddr`). */
	readonly address: string | undefined;
	readonly port: number;
	readonly tls: TlsMode;
	readonly user: string;
	readonly database: string;
}

/** The files and limits of TLS, as libpq's parameters name them. */
export interface TlsSettings {
	/** Path, `system`, or undefined for `~/.postgresql/root.crt` where that exists. */
	readonly rootCertificate: string | undefined;
	readonly certificate: string | undefined;
	readonly key: string | undefined;
	readonly keyPassword: string | undefined;
	readonly revocationList: string | undefined;
	readonly minVersion: ConnectionOptions['minVersion'];
	readonly maxVersion: ConnectionOptions['maxVersion'];
	/** TLS from the first byte instead of asking for it. */
	readonly direct: boolean;
	/** Whether the host name is sent in clear, so that a proxy can route by it. */
	readonly serverName: boolean;
}

/** Which servers will do, `target_session_attrs`. */
export type SessionTarget = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby';

/** Everything that it takes to connect, made from flags, connection string, service file and environment. */
export interface ConnectionPlan {
	/** In the order in which they are tried. */
	readonly attempts: readonly Attempt[];
	readonly target: SessionTarget;
	/** Milliseconds for one attempt. */
	readonly connectTimeout: number;
	/** Start-up options that the person asked for (`options`, `PGOPTIONS`). */
	readonly options: string | undefined;
	readonly tls: TlsSettings;
	/** What our transactions call themselves, where the person chose (`application_name`, `PGAPPNAME`). */
	readonly applicationName: string | undefined;
	/** The password that was given by connection string, service file or `PGPASSWORD`. */
	readonly password: string | undefined;
	/** The password file to look into. */
	readonly passwordFile: string;
}

/** Whether the host names a unix socket's directory. */
export function isSocket(host: string): boolean {
	return host.startsWith('/');
}

/** The server as a person would write it: `db1:5432`, `[::1]:5432`, `/tmp/.s.PGSQL.5432`. */
export function serverOf({host, port}: Pick<Attempt, 'host' | 'port'>): string {
	if (isSocket(host)) return `${host}/.s.PGSQL.${port}`;
	return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
