import {describe, expect, it} from 'vitest';
import type {Hands} from '../../source/monitor/hands.ts';
import type {QueueSnapshot, Snapshot} from '../../source/monitor/snapshot.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell} from '../support/shell.tsx';
import {blankSnapshot, emptyQueue, liveSnapshot, session} from '../support/stub-monitor.ts';

const refused = {
	sentence: 'The server db1:5432 does not answer: connection refused. Is it running?',
	sqlstate: 'ECONNREFUSED',
};

const secret: QueueSnapshot = {
	...emptyQueue('secret', now),
	severity: 'warning',
	readAt: undefined,
	ready: undefined,
	running: undefined,
	trouble: {sentence: 'The role absurd may not read r_secret.', sqlstate: '42501', retryAt: now + 60_000},
};

const lost = {kind: 'lost', since: now - 12_000, retryAt: now + 4000, trouble: refused} as const;
const denied = {
	kind: 'no-rights',
	trouble: {sentence: 'permission denied for schema absurd', sqlstate: '42501'},
} as const;

const states: Readonly<Record<string, Snapshot>> = {
	live: snapshot,
	connecting: blankSnapshot,
	'connecting again': {...blankSnapshot, connection: {kind: 'connecting', attempt: 3}},
	'first second': {...blankSnapshot, connection: {kind: 'live'}, session},
	'no schema': {...blankSnapshot, connection: {kind: 'no-schema'}, session},
	'no rights': {...blankSnapshot, connection: denied, session},
	'lost before the first data': {...blankSnapshot, connection: lost},
	lost: {...snapshot, receivedAt: now - 14_000, connection: lost},
	'no queue': liveSnapshot(now),
	'no task': liveSnapshot(now, {queues: [emptyQueue('mail', now)]}),
	'no rights on one queue': liveSnapshot(now, {queues: [emptyQueue('mail', now), secret]}),
	standby: {...snapshot, session: {...session, standby: true, readOnly: 'standby'}},
	'read-only': {...snapshot, session: {...session, readOnly: 'session'}},
	paused: {...snapshot, paused: true},
	slowed: {...snapshot, effectiveInterval: 8000, tickDuration: 420},
};

describe('states at 80x24', () => {
	it.each(Object.entries(states))('%s', async (name, first) => {
		const rig = await mountShell(first, {now});
		const file = `pictures/state-${name.replaceAll(' ', '-')}.txt`;
		await expect(`${rig.screen()}\n`).toMatchFileSnapshot(file);
		await rig.end();
	});

	it('older schema than an action needs: says so before and after the key', async () => {
		const reason = 'this schema (absurd 0.0.4) has no retry_task: migrate to 0.1.0';
		const hands: Hands = {
			refusal: kind => (kind === 'retry' ? reason : undefined),
			preview: () => Promise.reject(new Error('not asked')),
			perform: () => Promise.reject(new Error('not asked')),
			previewBulk: () => Promise.reject(new Error('not asked')),
			performBulk: () => Promise.reject(new Error('not asked')),
			suggest: () => Promise.reject(new Error('not asked')),
			usualMaxAttempts: () => Promise.reject(new Error('not asked')),
			template: () => Promise.reject(new Error('not asked')),
			close: () => Promise.resolve(),
		};
		const old = {...snapshot, session: {...session, schemaVersion: '≥ 0.0.4'}};
		const rig = await mountShell(old, {now, hands, columns: 120, rows: 60});
		expect(rig.screen()).toContain('absurd ≥ 0.0.4');
		await rig.press('tab', 'tab', 'R');
		expect(rig.rows().at(-1)).toContain(reason);
		expect(rig.popup.opened).toEqual([]);
		await rig.press('?');
		expect(rig.screen()).toMatch(new RegExp(`R +retry the task .*: ${reason.replace(/[()]/g, '\\$&').slice(0, 30)}`));
		await rig.end();
	});

	it('asks for a larger window', async () => {
		const rig = await mountShell(snapshot, {now, columns: 52, rows: 12});
		expect(rig.screen()).toBe('absurd-top needs 60x15, this window has 52x12');
		await rig.resize(60, 15);
		expect(rig.screen()).toContain('Queues');
		await rig.end();
	});
});
