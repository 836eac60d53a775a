import {afterEach, describe, expect, it} from 'vitest';
import type {Hands, Intent, Outcome} from '../../source/monitor/hands.ts';
import {openView} from '../../source/screens/index.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell, type Rig} from '../support/shell.tsx';

/** Hands that write down what they were told to do. */
function createStubHands(): Hands & {readonly performed: Intent[]; finish(outcome: Outcome): void} {
	const performed: Intent[] = [];
	let finish: (outcome: Outcome) => void = () => {};
	return {
		performed,
		finish: outcome => finish(outcome),
		refusal: () => undefined,
		preview: async intent => ({
			task:
				'taskId' in intent
					? {
							queue: intent.queue,
							taskId: intent.taskId,
							name: 'send-invoice',
							state: 'failed',
							attempts: 5,
							maxAttempts: 5,
							ageMs: 60_000,
						}
					: undefined,
			consequences: ['It is put back as attempt 6.'],
			refusal: undefined,
		}),
		perform(intent) {
			performed.push(intent);
			return new Promise(resolve => {
				finish = resolve;
			});
		},
		previewBulk: async () => ({at: 0, act: [], skipped: []}),
		performBulk: async () => ({results: [], trouble: undefined}),
		suggest: async () => ({taskNames: [], eventNames: []}),
		usualMaxAttempts: async () => 5,
		template: async () => {
			throw new Error('There is no such task.');
		},
		close: async () => {},
	};
}

const hands = createStubHands();
let rig: Rig;

/** The overview with the cursor on the newest failure, one that may be retried. */
async function start(): Promise<void> {
	hands.performed.length = 0;
	rig = await mountShell(snapshot, {now, columns: 120, rows: 40, hands, openView, realPopups: true});
	await rig.press('tab', 'tab');
}

afterEach(() => rig.end());

describe('retrying the failure under the cursor', () => {
	it('asks in a dialog that names everything, does it once on y, and says what happened', async () => {
		await start();
		const failure = snapshot.failures[0];
		await rig.press('R');
		await rig.settle();
		for (const fact of [failure?.taskId, 'mail', 'send-invoice', 'jobs', 'prod-eu', 'It is put back as attempt 6.']) {
			expect(rig.screen()).toContain(fact);
		}
		await rig.press('y', 'y', 'enter');
		expect(hands.performed).toHaveLength(1);
		expect(hands.performed[0]).toMatchObject({kind: 'retry', queue: 'mail', taskId: failure?.taskId});
		hands.finish({kind: 'done', sentence: 'Attempt 6 is pending.', task: undefined});
		await rig.settle();
		expect(rig.screen()).toContain('Attempt 6 is pending.');
	});

	it('does nothing for a burst, for Enter, and for a paste', async () => {
		await start();
		await rig.press('Ry', 'R\ry', '\u001b[200~Ry\u001b[201~');
		expect(hands.performed).toEqual([]);
		await rig.press('R');
		await rig.press('enter', '\r\r', 'yy', 'y\r', '\u001b[200~y\u001b[201~');
		expect(hands.performed).toEqual([]);
		await rig.press('escape');
		expect(rig.screen()).toContain('Recent failures');
		await rig.press('y');
		expect(hands.performed).toEqual([]);
	});

	it('stays on its task whatever the list does meanwhile', async () => {
		await start();
		const failure = snapshot.failures[0];
		await rig.press('R');
		await rig.give({failures: snapshot.failures.slice(1)});
		await rig.press('y');
		expect(hands.performed[0]).toMatchObject({taskId: failure?.taskId});
	});

	it('its row says so until the database has answered, then what was read back, then what the next tick says', async () => {
		await start();
		await rig.press('R', 'y');
		expect(rig.screen()).toContain('retrying…');
		hands.finish({kind: 'done', sentence: 'Attempt 6 is pending.', task: undefined, state: 'pending'});
		await rig.settle();
		await rig.press('escape');
		expect(rig.screen()).not.toContain('retrying…');
		expect(rig.screen()).toContain('now pending');
		// A tick that had begun before the answer knows nothing of it.
		await rig.give({at: now});
		expect(rig.screen()).toContain('now pending');
		await rig.give({at: now + 60_000});
		expect(rig.screen()).not.toContain('now pending');
	});

	it('its row says nothing any more when the database refused', async () => {
		await start();
		await rig.press('R', 'y');
		expect(rig.screen()).toContain('retrying…');
		hands.finish({kind: 'failed', sentence: 'Nothing was changed.', sqlstate: 'P0001'});
		await rig.settle();
		expect(rig.screen()).not.toMatch(/retrying…|now failed/);
	});
});
