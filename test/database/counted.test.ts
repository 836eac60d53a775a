import {expect, test} from 'vitest';
import {type QueueTables, TableBook} from '../../source/database/catalog.ts';

function queue(name: string, counted: readonly string[]): QueueTables {
	return {
		name,
		storageMode: 'unpartitioned',
		tables: '',
		readable: true,
		runRows: undefined,
		oids: counted,
		counted,
	};
}

const plain = Array.from({length: 30}, (_, index) => queue(`q${index}`, [String(100 + index)]));
const partitioned = queue(
	'parts',
	Array.from({length: 8}, (_, index) => String(900 + index)),
);

test('all counters of few tables are read in every tick, each once', () => {
	const book = new TableBook([...plain, partitioned]);
	const {oids, queues} = book.counted(new Set(['q3', 'parts']), 0, 500);
	expect([...oids].sort()).toEqual([...plain, partitioned].flatMap(({counted}) => counted).sort());
	expect(oids.map((oid, index) => book.owner(oid) === queues[index])).toEqual(oids.map(() => true));
});

test('counters of many take turns, those of a queue together; queues that are asked are always among them', () => {
	const book = new TableBook([...plain, partitioned]);
	const asked = new Set(['q7', 'gone']);
	const seen = new Map<string, number>();
	let from = 0;
	for (let tick = 0; tick < 10; tick++) {
		const counted = book.counted(asked, from, 5);
		expect(counted.oids.length).toBeLessThanOrEqual(5 + 8);
		expect(counted.queues).toContain('q7');
		expect(counted.oids.filter(oid => Number(oid) >= 900).length % 8).toBe(0);
		for (const name of new Set(counted.queues)) seen.set(name, (seen.get(name) ?? 0) + 1);
		from = counted.next;
	}
	expect(seen.size).toBe(31);
	expect(seen.get('q7')).toBe(10);
	expect(new TableBook([]).counted(asked, 3, 5)).toEqual({oids: [], queues: [], next: 0});
});
