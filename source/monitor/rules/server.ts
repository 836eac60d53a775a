import type {LockHolder} from '../facts.ts';
import {age, plural, span} from '../phrase.ts';
import {given, hour, minute, type ServerRule, second} from '../rule.ts';

/** The newest release of Absurd that this program was tested with, and all it knows of. */
const newestRelease = [0, 5, 0] as const;

/** Clocks this far apart are a finding. */
const skewLimit = 2 * second;

/** A lock that keeps others out is ordinary for moments: DDL, vacuum's truncation. */
const lockPatience = 2 * second;

/** Data of a standby that are older than this lead to wrong conclusions. */
const lagPatience = 30 * second;

/** Vacuum is held back from here on; transactions younger than this are not even asked for. */
export const horizonPatience = 10 * minute;

/** So many transactions begun since a snapshot leave as many dead rows and index entries, however young it is. */
export const manyTransactions = 500_000;

function holderName({pid, user, application}: LockHolder): string {
	const names = [application, user].filter(name => name !== undefined && name !== '');
	return names.length === 0 ? `pid ${pid}` : `pid ${pid} (${names.join(', ')})`;
}

function lockSentence(holder: LockHolder): string {
	const open = holder.openFor === undefined ? '' : ` for ${age(holder.openFor)}`;
	const state = holder.state?.startsWith('idle in transaction') ? ', idle in transaction' : '';
	const tables = holder.tables.slice(0, 2).join(', ') + (holder.tables.length > 2 ? ', …' : '');
	const blocks = holder.blocked === 0 ? '' : ` and blocks ${plural(holder.blocked, 'session')}`;
	return `${holderName(holder)} holds locks on ${tables}${open}${state}${blocks}`;
}

function isNewer(release: string): boolean | undefined {
	const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(release)?.slice(1).map(Number);
	if (parts === undefined) return undefined;
	for (const [index, known] of newestRelease.entries()) {
		if (parts[index] !== known) return (parts[index] ?? 0) > known;
	}
	return false;
}

/** Where nothing is found, and not everything may be seen. */
const unseen = {
	unknown: 'this role does not see since when the transactions of others are open; grant pg_read_all_stats to it',
};

/** Rules about the database as a whole. */
export const serverRules: readonly ServerRule[] = [
	{
		id: 'lock-held',
		title: 'a session that holds locks on queue tables and blocks others',
		remedy: () =>
			"Ask its owner to commit or roll back; else select pg_terminate_backend(PID). For later: alter role … set idle_in_transaction_session_timeout = '60s'",
		find({facts}) {
			return given(
				facts,
				({locks}) => locks,
				locks => {
					const [worst] = locks
						.filter(({blocked, openFor}) => blocked > 0 || (openFor ?? Number.POSITIVE_INFINITY) >= lockPatience)
						.sort((a, b) => b.blocked - a.blocked || (b.openFor ?? 0) - (a.openFor ?? 0));
					if (worst === undefined) return undefined;
					const severity = worst.blocked > 0 ? 'critical' : 'warning';
					return {severity, sentence: lockSentence(worst), proof: {screen: 'doctor'}};
				},
			);
		},
	},
	{
		id: 'vacuum-held-back',
		title: 'an old snapshot that keeps vacuum from removing dead rows',
		remedy: () =>
			"End the transaction (its owner, or select pg_terminate_backend(PID)), rollback prepared 'NAME', or select pg_drop_replication_slot('NAME'); then vacuum the queue tables.",
		find({facts}) {
			return given(
				facts,
				({horizon}) => horizon,
				horizon => {
					const [worst] = horizon.filter(
						({openFor, transactions}) => transactions >= manyTransactions || (openFor ?? 0) >= horizonPatience,
					);
					if (worst === undefined) return horizon.some(({kind}) => kind === 'hidden') ? unseen : undefined;
					const names = [worst.application, worst.user].filter(name => name !== undefined && name !== '');
					const who = names.length === 0 ? worst.name : `${worst.name} (${names.join(', ')})`;
					const what = {
						transaction: who,
						slot: `replication slot ${worst.name}`,
						hidden: who,
						prepared: `prepared transaction ${worst.name}`,
					};
					const open = worst.openFor === undefined ? '' : `, open for ${age(worst.openFor)}`;
					const severity = (worst.openFor ?? 0) >= hour ? 'critical' : 'warning';
					const sentence = `vacuum is held back by ${what[worst.kind]}${open}: ${plural(worst.transactions, 'transaction')} since`;
					return {severity, sentence, proof: {screen: 'doctor'}};
				},
			);
		},
	},
	{
		id: 'cron',
		title: 'cron jobs of Absurd that are off or fail',
		remedy: () => 'select jobname, schedule, active from cron.job; absurdctl cron --enable',
		find({facts}) {
			return given(
				facts,
				({cron}) => cron,
				jobs => {
					if (jobs.length === 0) return {unknown: 'no job of Absurd is visible here; cleanup may run elsewhere'};
					const failing = jobs.filter(({status, active}) => active && status === 'failed');
					const off = jobs.filter(({active}) => !active);
					const [bad] = failing;
					if (bad !== undefined) {
						const others = failing.length === 1 ? '' : ` and ${failing.length - 1} more`;
						const sentence = `cron job ${bad.name}${others} failed: ${bad.message ?? 'no message'}`;
						return {severity: 'warning', sentence, proof: {screen: 'doctor'}};
					}
					const [idle] = off;
					if (idle === undefined) return undefined;
					const others = off.length === 1 ? ' is' : ` and ${off.length - 1} more are`;
					return {
						severity: 'warning',
						sentence: `cron job ${idle.name}${others} switched off`,
						proof: {screen: 'doctor'},
					};
				},
			);
		},
	},
	{
		id: 'schema-version',
		lasting: true,
		title: 'a schema version that this program does not know',
		remedy: () => 'Look for a newer absurd-top; until then prefer --read-only.',
		find({session}) {
			if (session === undefined) return {unknown: 'not connected yet'};
			const newer = isNewer(session.schemaVersion.replace(/^[\u2265 ]+/, ''));
			if (newer === false) return undefined;
			const known = newestRelease.join('.');
			const sentence =
				newer === undefined
					? `the schema calls itself ${session.schemaVersion}, which is no release; known are those up to ${known}`
					: `schema ${session.schemaVersion} is newer than ${known}, the newest that this program knows`;
			return {severity: 'warning', sentence, proof: {screen: 'doctor'}};
		},
	},
	{
		id: 'replay-lag',
		title: 'a standby that lies behind its primary',
		remedy: () =>
			'On the standby: select status, latest_end_time from pg_stat_wal_receiver; select pg_is_wal_replay_paused(), and pg_wal_replay_resume() where it is. On the primary: select application_name, state, replay_lag from pg_stat_replication. Look at the primary meanwhile.',
		find({replay}) {
			if (replay === undefined) return undefined;
			if (replay.lag === undefined) return {unknown: 'this standby does not tell how far it has replayed'};
			if (replay.lag < lagPatience) return undefined;
			const severity = replay.lag >= horizonPatience ? 'critical' : 'warning';
			const sentence = `this standby is ${age(replay.lag)} behind its primary: what you see is that old`;
			return {severity, sentence, proof: {screen: 'doctor'}};
		},
	},
	{
		id: 'clock-skew',
		title: 'clocks of this machine and the database that differ',
		remedy: () =>
			'timedatectl status, on both machines; ages on this screen are right, they are told in database time.',
		find({clockSkew}) {
			if (clockSkew === undefined || Math.abs(clockSkew) < skewLimit) return undefined;
			const side = clockSkew > 0 ? 'ahead of' : 'behind';
			const sentence = `This machine's clock is ${span(Math.abs(clockSkew))} ${side} the database's; ages are told in database time.`;
			return {severity: 'warning', sentence, proof: {screen: 'doctor'}};
		},
	},
];
