import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {eventually} from '../../support/absurd.ts';
import {type OwnServer, startOwnServer} from '../../support/own-server.ts';
import {endPrograms, type Program, quit, startProgram} from '../../support/program.ts';
import {type CountingProxy, startProxy} from '../../support/proxy.ts';

// The server goes away, in each of the ways in which servers do: the last data stays, everything that needs no server
// works on, and it comes back by itself.

let own: OwnServer;
let proxy: CountingProxy;
let completed: number;

beforeEach(async () => {
	own = await startOwnServer();
	await own.absurd.createQueue('mail');
	completed = 0;
	await complete(90);
	await own.absurd.spawn('mail', 'send-invoice', {}, {max_attempts: 1});
	const [run] = await own.absurd.claim('mail', 'w-3:12');
	await own.absurd.fail('mail', run ?? '', 'SMTPServerDisconnected', 'closed');
	await own.absurd.spawn('mail', 'waits-in-the-queue');
	proxy = await startProxy(own.server.port);
}, 60_000);

afterEach(async () => {
	await endPrograms();
	await proxy.close();
	await own.server.remove();
});

async function complete(count: number): Promise<void> {
	await own.query(
		`select absurd.spawn_task('mail', 'done', '{}') from generate_series(1, ${count});
		select absurd.complete_run('mail', c.run_id, '1') from absurd.claim_task('mail', 'w', 60, ${count}) as c`,
	);
	completed += count;
}

const throughProxy = () => own.url.replace(`:${own.server.port}/`, `:${proxy.port}/`);

async function watch(url: string): Promise<Program> {
	const program = startProgram([url, '-i', '0.3'], {columns: 120, rows: 40});
	await program.waitFor(screen => shownRate(screen) === (completed / 60).toFixed(1) && /\d finding/.test(screen));
	return program;
}

/** Completions a second as the header of the queues tells them. */
const shownRate = (screen: string) => /Queues .*done\/s.* ([\d.<]+) *$/m.exec(screen)?.[1];
const isLive = (screen: string) => /every 0\.3s/.test(screen) && !screen.includes('STALE');

/** What a person at the screen must find while there is no server. */
async function expectUsable(program: Program): Promise<void> {
	await program.waitFor(/STALE \d+s · (retry in \d+s|retrying…)/);
	const [title = ''] = program.rows();
	expect(title).toContain('STALE');
	// The last data, dim; the sentence about it is not.
	for (const old of ['finding', 'Active claims', 'SMTPServerDisconnected']) expect(program.dim(old)).toBe(true);
	expect(program.dim(/STALE \d+s · \w+/.exec(program.screen())?.[0] ?? 'STALE')).toBe(false);
	// Moving, looking and copying go on.
	await program.press('tab', 'tab');
	await program.waitFor(/▸✗/);
	const before = program.output().length;
	await program.press('y');
	await program.waitFor(/[Cc]opied/);
	expect(program.output().slice(before)).toContain('\u001B]52;');
	await program.press('?');
	await program.waitFor(/Help/);
	await program.press('escape');
	// Acting does not, and says why.
	await program.ask('R', /Cannot retry: the connection is lost/);
}

/** Completions a second of the last minute, as the tables tell them: those before the fault may be older by now. */
async function trueRate(): Promise<string> {
	const [row] = await own.query<{n: number}>(
		`select count(*)::int as n from absurd.r_mail where completed_at > now() - interval '60 seconds'`,
	);
	return ((row?.n ?? 0) / 60).toFixed(1);
}

/** Live again: as many as really finished are counted, and at no moment were there more. */
async function expectRecovered(program: Program): Promise<void> {
	let highest = 0;
	const look = (screen: string) => {
		highest = Math.max(highest, Number(shownRate(screen) ?? 0));
		return isLive(screen) ? shownRate(screen) : undefined;
	};
	await program.press('r');
	await program.waitFor(isLive, 40_000);
	await complete(30);
	await eventually(
		'as many are counted as finished',
		async () => {
			const rate = await trueRate();
			return look(program.screen()) === rate;
		},
		40_000,
	);
	expect(highest).toBeLessThanOrEqual(Number((completed / 60).toFixed(1)));
	await program.waitFor(screen => screen.includes('SMTPServerDisconnected') && !program.dim('SMTPServerDisconnected'));
	const rows = program.rows();
	expect(rows[0]).toContain('absurd-top');
	expect(rows.slice(-2).join(' ')).toContain('? help');
	expect(await quit(program)).toEqual({code: 0, restored: true});
}

describe('a server that goes away', () => {
	it('killed and started again', async () => {
		const program = await watch(own.url);
		await own.server.stop('kill');
		await expectUsable(program);
		await program.waitFor(/retry in .* nothing listens on 127\.0\.0\.1/);
		await own.server.start();
		await expectRecovered(program);
	}, 90_000);

	it('a connection reset in the middle of an answer', async () => {
		const program = await watch(throughProxy());
		proxy.cutNextAnswer(37);
		// It may be back before anybody has looked.
		await program.waitFor(() => program.output().includes('STALE'));
		await program.waitFor(isLive, 20_000);
		await expectRecovered(program);
	}, 90_000);

	it('a peer that takes everything and says nothing', async () => {
		const program = await watch(throughProxy());
		proxy.freeze();
		// The deadline of a tick, then the grace for a cancel: after that the connection counts as dead.
		await program.waitFor(/STALE .*stopped answering/, 20_000);
		await expectUsable(program);
		proxy.thaw();
		await expectRecovered(program);
	}, 90_000);
});

describe('a server at its limit', () => {
	const role = 'limited';

	async function asRole(connections: number): Promise<string> {
		await own.query(`create role ${role} login connection limit ${connections};
			grant usage on schema absurd to ${role};
			grant select, insert, update, delete on all tables in schema absurd to ${role}`);
		const url = new URL(own.url);
		url.username = role;
		return url.href;
	}

	it('no connection to act: the dialog says so, and watching goes on', async () => {
		const program = await watch(await asRole(1));
		await program.press('tab', 'tab');
		await program.ask('R', /too many connections[\s\S]*53300/);
		await program.press('escape', 'escape');
		await complete(30);
		await program.waitFor(screen => isLive(screen) && shownRate(screen) === (completed / 60).toFixed(1), 30_000);
		await own.query(`alter role ${role} connection limit 3`);
		await program.ask('R', /y retry it/);
		expect(await quit(program)).toEqual({code: 0, restored: true});
	}, 90_000);

	it('no connection to watch after one was lost: told, and made when there is room', async () => {
		const program = await watch(await asRole(5));
		await own.query(`alter role ${role} connection limit 0`);
		await own.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
		await program.waitFor(/STALE \d+s .*too many connections/, 20_000);
		await own.query(`alter role ${role} connection limit 5`);
		await expectRecovered(program);
	}, 90_000);
});
