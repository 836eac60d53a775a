import {expect, test} from 'vitest';
import {planOne} from '../../source/headless/act-on-one.ts';
import {type Deed, deedLine} from '../../source/headless/deed.ts';

const deed: Deed = {queue: 'mail', name: 'send', taskId: 'id', fate: 'failed', state: 'failed', attempts: 2};
const {line} = planOne({kind: 'cancel', queue: 'mail', taskId: 'id'});

test('a refusal names its SQLSTATE, and once', () => {
	for (const sentence of ['Somebody holds a lock.', 'Somebody holds a lock. (55P03) Nothing was changed.']) {
		for (const text of [deedLine({...deed, sentence, sqlstate: '55P03'}), line({...deed, sentence, sqlstate: '55P03'})])
			expect(text.match(/55P03/g)).toHaveLength(1);
	}
	expect(deedLine({...deed, sentence: 'Gone.'})).toBe('failed   id  send in mail (failed, attempt 2): Gone.\n');
});

test('a task that was made anew is named beside the one that it follows', () => {
	expect(deedLine({...deed, fate: 'done', newTaskId: 'new', runId: 'run'})).toBe(
		'done     id  send in mail (failed, attempt 2): as the new task new\n',
	);
});
