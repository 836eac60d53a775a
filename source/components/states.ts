import type {SessionFacts, Snapshot} from '../monitor/snapshot.ts';
import type {Theme} from '../terminal/theme.ts';
import {wrap} from '../terminal/wrap.ts';
import {retryText, troubleText} from './status.ts';

interface Page {
	readonly title: string;
	readonly paragraphs: readonly string[];
	/** Keys that lead on. */
	readonly keys: readonly (readonly [key: string, does: string])[];
}

/**
 * What fills the body while there is nothing to show: not connected yet, no schema, no rights, lost before the first
 * data. undefined when the screen can draw. `now` is this machine's clock.
 */
export function drawState(snapshot: Snapshot, now: number, width: number, theme: Theme): readonly string[] | undefined {
	const page = pageOf(snapshot, now);
	if (page === undefined) return undefined;
	const room = Math.min(96, width - 4);
	const paragraphs = page.paragraphs.flatMap(paragraph => ['', ...wrap(paragraph, room)]);
	const keys = page.keys.map(([key, does]) => `${theme.paint.key(key.padEnd(3))} ${does}`);
	const [title = '', ...more] = wrap(page.title, room);
	return ['', theme.paint.strong(title), ...more, ...paragraphs, ...(keys.length > 0 ? ['', ...keys] : [])].map(
		line => `  ${line}`,
	);
}

function pageOf(snapshot: Snapshot, now: number): Page | undefined {
	const {connection, session} = snapshot;
	switch (connection.kind) {
		case 'connecting':
			return snapshot.at === undefined ? connecting(connection.attempt) : undefined;
		case 'lost':
			return snapshot.at === undefined
				? {
						title: `No connection yet · ${retryText(connection.retryAt - now)}`,
						paragraphs: [troubleText(connection.trouble)],
						keys: [
							['r', 'try now'],
							['q', 'quit'],
						],
					}
				: undefined;
		case 'no-schema':
			return noSchema(session);
		case 'no-rights':
			return noRights(session, troubleText(connection.trouble));
		case 'live':
			return snapshot.at === undefined ? {title: 'Reading the queues…', paragraphs: [], keys: []} : undefined;
	}
}

function connecting(attempt: number): Page {
	return {
		title: attempt > 1 ? `Connecting, attempt ${attempt}…` : 'Connecting…',
		paragraphs: [],
		keys: [['q', 'quit']],
	};
}

function noSchema(session: SessionFacts | undefined): Page {
	const where = session === undefined ? 'This database' : `The database ${session.database}`;
	return {
		title: `${where} has no schema absurd.`,
		paragraphs: [
			'Absurd is not installed here, or in another database of this server. It is looked for again at every refresh: once it is there, its queues appear by themselves.',
			'absurd-top -d DATABASE looks at another database, absurd-top init -d DATABASE installs Absurd, absurd-top --demo shows a demonstration.',
		],
		keys: [
			['r', 'look again now'],
			['q', 'quit'],
		],
	};
}

function noRights(session: SessionFacts | undefined, trouble: string): Page {
	const user = session?.user ?? 'USER';
	return {
		title: `The role ${user} may not read the queues.`,
		paragraphs: [
			trouble,
			`To look without being able to change anything: grant usage on schema absurd to ${user}; grant select on all tables in schema absurd to ${user};`,
		],
		keys: [
			['r', 'try again now'],
			['q', 'quit'],
		],
	};
}

/** The least window that the screens are made for. */
export const leastWindow = {columns: 60, rows: 15};

/** What a window that is too small shows; undefined when it is large enough. */
export function tooSmall(columns: number, rows: number): string | undefined {
	if (columns >= leastWindow.columns && rows >= leastWindow.rows) return undefined;
	return `absurd-top needs ${leastWindow.columns}x${leastWindow.rows}, this window has ${columns}x${rows}`;
}
