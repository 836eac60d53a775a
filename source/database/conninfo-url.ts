import {UsageError} from '../usage-error.ts';
import {isParameter, type Values} from './parameters.ts';

const scheme = /^postgres(?:ql)?:\/\//;

/** True for what libpq takes as a URL. */
export function isUrl(text: string): boolean {
	return scheme.test(text);
}

function decode(text: string, what: string): string {
	try {
		const decoded = decodeURIComponent(text);
		if (!decoded.includes('\0')) return decoded;
	} catch {
		// Told below, without quoting it: it may be the password.
	}
	throw new UsageError(`The database URL has a wrong % escape in its ${what}; write % itself as %25.`);
}

// Host is a name, an address in brackets, or an encoded directory; the port may be left out.
const place = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/;

function parsePlaces(text: string): {readonly hosts: readonly string[]; readonly ports: readonly string[]} {
	const places = text.split(',').map(each => {
		const match = place.exec(each);
		const host = match?.[1] ?? '';
		if (!match || host.includes('[') !== host.includes(']'))
			throw new UsageError('The database URL has a host that cannot be read; write an IPv6 address in brackets.');
		const bracketed = host.startsWith('[');
		return {host: bracketed ? host.slice(1, -1) : decode(host, 'host'), port: decode(match[2] ?? '', 'port')};
	});
	return {hosts: places.map(({host}) => host), ports: places.map(({port}) => port)};
}

function parseQuery(query: string): Values {
	const values: Record<string, string> = {};
	for (const item of query.split('&').filter(each => each !== '')) {
		const [key = '', value, ...rest] = item.split('=');
		const name = decode(key, 'parameters');
		if (value === undefined || rest.length > 0)
			throw new UsageError(`The database URL has a parameter "${name}" without one value.`);
		// What JDBC writes; libpq takes it too.
		if (name === 'ssl' && value === 'true') values['sslmode'] = 'require';
		else if (!isParameter(name)) throw new UsageError(`The database URL has an unknown parameter "${name}".`);
		else values[name] = decode(value, `parameter ${name}`);
	}
	return values;
}

/** Parses `postgresql://user:password@host:port,host:port/name?parameter=value`. Throws a UsageError. */
export function parseUrl(text: string): Values {
	const [, rest = '', query = ''] = /^([^?]*)(?:\?([\s\S]*))?$/.exec(text.replace(scheme, '')) ?? [];
	const slash = rest.indexOf('/');
	const authority = slash < 0 ? rest : rest.slice(0, slash);
	const name = slash < 0 ? '' : decode(rest.slice(slash + 1), 'database name');
	const at = authority.indexOf('@');
	const [user = '', ...password] = at < 0 ? [] : authority.slice(0, at).split(':');
	const {hosts, ports} = parsePlaces(authority.slice(at + 1));
	const parts: Values = {
		user: decode(user, 'user'),
		password: decode(password.join(':'), 'password'),
		host: hosts.some(each => each !== '') ? hosts.join(',') : '',
		port: ports.some(each => each !== '') ? ports.join(',') : '',
		dbname: name,
	};
	const given = Object.entries(parts).filter(([, value]) => value !== '');
	return {...Object.fromEntries(given), ...parseQuery(query)};
}
