import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {parseFilter} from './monitor/filter/parse.ts';
import {type LabelColour, labelColours} from './terminal/theme.ts';
import {UsageError} from './usage-error.ts';

/** What a profile of the configuration file sets; flags win over it. */
export interface Profile {
	readonly database?: string;
	readonly label?: string;
	/** Of the label. */
	readonly colour?: LabelColour;
	readonly readOnly?: boolean;
	/** Seconds. */
	readonly interval?: number;
	readonly queues?: readonly string[];
	/** Saved filters by name, to walk back to on the screen. */
	readonly filters?: Readonly<Record<string, string>>;
}

type Check = (value: unknown) => string | undefined;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const text: Check = value => (isText(value) ? undefined : 'a text that is not empty');
const texts: Check = value =>
	Array.isArray(value) && value.every(isText) ? undefined : 'a list of texts that are not empty';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a member of a profile has to be, undefined when it is that. */
const members: Readonly<Record<keyof Profile, Check>> = {
	database: text,
	label: text,
	colour: value => (labelColours.some(each => each === value) ? undefined : `one of ${labelColours.join(', ')}`),
	readOnly: value => (typeof value === 'boolean' ? undefined : 'true or false'),
	interval: value =>
		typeof value === 'number' && value >= 0.1 && value <= 86_400 ? undefined : 'a number of seconds from 0.1 to 86400',
	queues: texts,
	filters(value) {
		if (!isObject(value)) return 'an object of filters by name: {"bounces": "error:BounceError"}';
		for (const [name, filter] of Object.entries(value)) {
			const error = isText(filter) ? parseFilter(filter).error : {sentence: 'it is no text'};
			if (error) return `an object of filters, and ${name} is none: ${error.sentence.replace(/\.$/, '')}`;
		}
		return undefined;
	},
};

const keys = Object.keys(members);

function isKey(key: string): key is keyof Profile {
	return keys.includes(key);
}

/** The first thing that is wrong with a profile, as a sentence without its place. */
function faultOf(value: unknown): string | undefined {
	if (!isObject(value)) return 'is not an object {…}';
	for (const [key, member] of Object.entries(value)) {
		if (!isKey(key)) return `has no ${key}; there are ${keys.join(', ')}`;
		const wanted = members[key](member);
		if (wanted !== undefined) return `.${key} is ${JSON.stringify(member)}; it must be ${wanted}`;
	}
	return undefined;
}

function isProfile(value: unknown): value is Profile {
	return faultOf(value) === undefined;
}

/** `ABSURD_TOP_CONFIG`, else `absurd-top/config.json` in `XDG_CONFIG_HOME`, else in `~/.config`. */
export function configPath(environment: NodeJS.ProcessEnv): string {
	const named = environment['ABSURD_TOP_CONFIG'];
	if (named) return named;
	const home = environment['XDG_CONFIG_HOME'];
	// A relative path there is invalid, says the XDG specification, and ignored.
	const folder = home?.startsWith('/') ? home : join(environment['HOME'] || homedir(), '.config');
	return join(folder, 'absurd-top', 'config.json');
}

/**
 * Finds a profile in the text of a configuration file. All profiles are checked: a mistake shows before the night in
 * which that profile is needed. Throws a UsageError.
 */
export function findProfile(content: string, name: string, path: string): Profile {
	let root: unknown;
	try {
		root = JSON.parse(content);
	} catch (error) {
		throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, {
			cause: error,
		});
	}
	const stranger = isObject(root) ? Object.keys(root).find(key => key !== 'profiles') : undefined;
	if (stranger !== undefined) throw new UsageError(`${path} has ${stranger}; there is only profiles.`);
	const profiles = isObject(root) ? root['profiles'] : undefined;
	if (!isObject(profiles)) throw new UsageError(`${path} is not an object with profiles: {"profiles": {"prod": {…}}}.`);
	for (const [each, value] of Object.entries(profiles)) {
		const fault = faultOf(value);
		if (fault !== undefined)
			throw new UsageError(`${path}: profiles.${each}${fault.startsWith('.') ? '' : ' '}${fault}.`);
	}
	const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
	if (isProfile(profile)) return profile;
	const known = Object.keys(profiles).join(', ') || 'none';
	throw new UsageError(`There is no profile ${name} in ${path}; there are: ${known}.`);
}

const password = /:\/\/[^/@]*:[^/@]+@|\bpassword\s*=/i;

/** Reads the profile of that name; undefined when none is asked for. Throws a UsageError. */
export function readProfile(name: string | undefined, environment: NodeJS.ProcessEnv): Profile {
	if (name === undefined) return {};
	const path = configPath(environment);
	let content: string;
	try {
		content = readFileSync(path, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
			throw new UsageError(`There is no profile ${name}: there is no file ${path}.`, {cause: error});
		const reason = error instanceof Error ? error.message : String(error);
		throw new UsageError(`The profile ${name} cannot be looked up: ${reason}.`, {cause: error});
	}
	const profile = findProfile(content, name, path);
	if (password.test(profile.database ?? '') && (statSync(path).mode & 0o077) !== 0)
		throw new UsageError(`${path} holds a password and others may read it; use ~/.pgpass, or chmod 600 it.`);
	return profile;
}
