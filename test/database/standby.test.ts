import {afterAll, beforeAll, expect, test} from 'vitest';
import {createHands} from '../../source/database/hands.ts';
import {startServer, type TestServer} from '../support/server.ts';
import {probe, rowsOf, sessionOn, writingSessionOn} from '../support/session.ts';
import {startStandby} from '../support/standby.ts';

let primary: TestServer;
let standby: TestServer;

beforeAll(async () => {
	primary = await startServer();
	standby = await startStandby(primary);
});
afterAll(async () => {
	await standby.remove();
	await primary.remove();
});

test('a standby can be read, says what it is, and is not written to', async () => {
	const session = await sessionOn(standby.url());
	expect(session.facts).toMatchObject({standby: true, readOnly: 'standby', pooled: false});
	const {outcomes} = await session.read([probe('select pg_is_in_recovery() as v')], 5000);
	expect(rowsOf(outcomes[0])).toEqual([{v: true}]);
	const hands = createHands(
		() => writingSessionOn(standby.url()),
		() => session.facts,
	);
	expect(hands.refusal('emit', 'mail')).toMatch(/standby .* connect to the primary to emit/);
	const intent = {kind: 'emit', queue: 'mail', eventName: 'x', payload: 'null'} as const;
	expect((await hands.preview(intent)).refusal).toMatch(/standby/);
	await hands.close();
	await session.close();
});

test('target_session_attrs chooses between a primary and its standby', async () => {
	const hosts = `host=127.0.0.1,127.0.0.1 port=${standby.port},${primary.port} user=postgres dbname=postgres`;
	const portFor = async (target: string): Promise<number> => {
		const session = await sessionOn(`${hosts} target_session_attrs=${target}`);
		await session.close();
		return session.facts.port;
	};
	expect(await portFor('any')).toBe(standby.port);
	expect(await portFor('primary')).toBe(primary.port);
	expect(await portFor('read-write')).toBe(primary.port);
	expect(await portFor('standby')).toBe(standby.port);
	expect(await portFor('read-only')).toBe(standby.port);
	expect(await portFor('prefer-standby')).toBe(standby.port);
});
