import {type AuditRecord, openAudit} from './audit/record.ts';
import type {RecordedHands} from './audit/recorded-hands.ts';
import type {ConnectionPlan} from './database/attempt.ts';
import {planConnection} from './database/conninfo.ts';
import {openSession} from './database/open-session.ts';
import {createPasswords, type Passwords} from './database/passwords.ts';
import type {Rights} from './database/rights.ts';
import {createSource} from './database/source.ts';
import type {Session} from './database/statement.ts';
import type {Hands} from './monitor/hands.ts';
import type {SessionFacts} from './monitor/snapshot.ts';
import type {Source, SourceFactory} from './monitor/source.ts';
import type {Options} from './options.ts';
import {askPassword} from './terminal/ask-password.ts';
import {sanitise} from './terminal/sanitise.ts';

/** The database of this program: how to watch it, and the hands to act on it. */
export interface Connection {
	/** Opens the first session; rejects with a sentence when it cannot. The watcher takes it over. */
	first(): Promise<void>;
	readonly watch: SourceFactory;
	/** undefined in read-only mode: nothing in the program can write then. */
	readonly hands: Hands | undefined;
	/** Who answered last; undefined before the first connection. */
	facts(): SessionFacts | undefined;
	/**
	 * Installs Absurd in the database, in one transaction; undefined in read-only mode. Rejects with a sentence when it
	 * cannot, and where there is a schema absurd already.
	 */
	readonly install: (() => Promise<void>) | undefined;
	/** Ends a bulk action that runs, before the program does; answers what was done of it. */
	settle(): Promise<string | undefined>;
	close(): Promise<void>;
}

function passwordsOf(plan: ConnectionPlan): Passwords {
	const {stdin, stderr} = process;
	if (!stdin.isTTY || !stderr.isTTY) return createPasswords(plan, undefined);
	return createPasswords(plan, ({user, host, port, database, attempt}) => {
		const again = attempt === 1 ? '' : ` (${attempt} of 3)`;
		return askPassword(sanitise(`Password for ${user} at ${host}:${port}/${database}${again}: `), stdin, stderr);
	});
}

/** The hands live in modules that a program in read-only mode never loads. */
async function makeHands(
	plan: ConnectionPlan,
	passwords: Passwords,
	record: AuditRecord,
	facts: () => SessionFacts | undefined,
	rights: () => Rights | undefined,
): Promise<RecordedHands> {
	const [{createHands}, {openWritingSession}, {createRecordedHands}] = await Promise.all([
		import('./database/hands.ts'),
		import('./database/writing-session.ts'),
		import('./audit/recorded-hands.ts'),
	]);
	return createRecordedHands(
		createHands(() => openWritingSession(plan, passwords), facts, rights),
		record,
		facts,
	);
}

async function install(plan: ConnectionPlan, passwords: Passwords): Promise<void> {
	const {installAbsurd} = await import('./database/install.ts');
	await installAbsurd(plan, passwords);
}

/** Plans the connection to a database. Rejects with a UsageError for what cannot be understood. */
export async function planDatabase(options: Options, database: string | undefined): Promise<Connection> {
	const {host, port, user, queues, readOnly} = options;
	const plan = planConnection({database, host, port, user}, process.env);
	const passwords = passwordsOf(plan);
	let opened: Session | undefined;
	let source: Source | undefined;
	let rights: Rights | undefined;
	const open = (): Promise<Session> => openSession(plan, passwords, readOnly);
	const facts = (): SessionFacts | undefined => source?.facts ?? opened?.facts;
	const record = readOnly ? undefined : openAudit(options.audit, process.env, options.label);
	const hands = record && (await makeHands(plan, passwords, record, facts, () => rights));
	return {
		async first() {
			opened = await open();
			// From here on a screen may be open, where a prompt has no place.
			passwords.stopAsking();
		},
		async watch() {
			const session = opened ?? (await open());
			opened = undefined;
			// What we may not do is told before its key is pressed. Where it cannot be read, the dialog asks.
			const onRights = (found: Rights) => {
				rights = found;
			};
			source = createSource(session, hands === undefined ? {queues} : {queues, onRights});
			return source;
		},
		hands,
		facts,
		install: readOnly ? undefined : () => install(plan, passwords),
		settle: async () => hands?.settle(),
		async close() {
			await Promise.all([opened?.close(), hands?.close()]);
		},
	};
}
