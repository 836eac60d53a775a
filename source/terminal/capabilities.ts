/** What the terminal can show. */
export interface Capabilities {
	readonly ascii: boolean;
	readonly colour: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads from the environment what the terminal can show: ASCII alone on `TERM=linux` or `dumb` and where the locale
 * names another character set than UTF-8 (no locale at all says nothing: containers and ssh often lose it); no colour
 * with `NO_COLOR`, `FORCE_COLOR=0` or on a dumb terminal.
 */
export function detectCapabilities(environment: Environment): Capabilities {
	const term = environment['TERM'] ?? '';
	return {
		ascii: term === 'linux' || term === 'dumb' || !speaksUtf8(environment),
		colour: term !== 'dumb' && !environment['NO_COLOR'] && !/^(0|false)$/.test(environment['FORCE_COLOR'] ?? ''),
	};
}

function speaksUtf8(environment: Environment): boolean {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	return locale === '' || /utf-?8/i.test(locale);
}
