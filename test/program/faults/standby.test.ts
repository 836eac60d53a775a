import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {eventually, stage} from '../../support/absurd.ts';
import {absurdSql, queryOn} from '../../support/own-server.ts';
import {endPrograms, quit, startProgram} from '../../support/program.ts';
import {type CountingProxy, startProxy} from '../../support/proxy.ts';
import {startServer, type TestServer} from '../../support/server.ts';
import {startStandby} from '../../support/standby.ts';

let primary: TestServer;
let standby: TestServer;
let proxy: CountingProxy;

beforeAll(async () => {
	primary = await startServer();
	const query = queryOn(primary.url());
	await query(absurdSql());
	const absurd = stage({query});
	await absurd.createQueue('mail');
	await absurd.spawn('mail', 'send-invoice', {}, {max_attempts: 1});
	const [run] = await absurd.claim('mail', 'w-3:12');
	await absurd.fail('mail', run ?? '', 'Bounce', 'no');
	standby = await startStandby(primary);
	proxy = await startProxy(primary.port);
}, 120_000);
afterEach(endPrograms);
afterAll(async () => {
	await proxy.close();
	await standby.remove();
	await primary.remove();
});

it('a fail-over to a standby, back, and a standby that becomes the primary under an open session', async () => {
	const url = primary.url().replace(`:${primary.port}/`, `:${proxy.port}/`);
	const program = startProgram([url, '-i', '0.3'], {columns: 120, rows: 40});
	await program.waitFor('Bounce');
	expect(program.rows()[0]).not.toContain('standby');

	proxy.aim(standby.port);
	await program.waitFor(/READ ONLY \(standby\)/, 30_000);
	await program.press('tab', 'tab');
	await program.ask('R', /Cannot retry: this server is a standby/);
	expect(program.screen()).toContain('Bounce');

	proxy.aim(primary.port);
	await program.waitFor(screen => !screen.includes('standby)') && /every 0\.3s/.test(screen), 30_000);
	await program.ask('R', /y retry it/);
	await program.press('escape');

	// Nothing breaks when a standby is promoted: who does not look again believes for ever that nothing can be written.
	proxy.aim(standby.port);
	await program.waitFor(/READ ONLY \(standby\)/, 30_000);
	// The sessions that are not this test's own. To count connections would not do: a late tick is cancelled by one more.
	const sessions = async () => {
		const rows = await queryOn(standby.url())<{pid: number}>(
			`select pid from pg_stat_activity
			where backend_type = 'client backend' and pid <> pg_backend_pid() and query !~ 'pg_stat_activity|pg_promote'`,
		);
		return rows.map(({pid}) => pid);
	};
	let watching: readonly number[] = [];
	await eventually('only the session that watches is left', async () => {
		watching = await sessions();
		return watching.length === 1;
	});
	await queryOn(standby.url())('select pg_promote()');
	await program.waitFor(screen => !screen.includes('standby)') && /every 0\.3s/.test(screen), 30_000);
	await eventually('it is the same session', async () => {
		const now = await sessions();
		return now.length === 1 && now[0] === watching[0];
	});
	await program.ask('R', /y retry it/);
	await program.ask('y', 'Retried');
	await eventually('it is retried on the new primary', async () => {
		const rows = await queryOn(standby.url())<{n: number}>('select count(*)::int as n from absurd.r_mail');
		return rows[0]?.n === 2;
	});

	expect(await quit(program)).toEqual({code: 0, restored: true});
}, 120_000);
