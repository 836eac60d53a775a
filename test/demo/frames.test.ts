import {serialize} from 'pg-protocol';
import {expect, test} from 'vitest';
import {FrameReader, type Unit} from '../../source/demo/frames.ts';

const startup = serialize.startup({user: 'u', database: 'd'});
const encryption = serialize.requestSsl();
const cancel = serialize.cancel(42, 7);
const batch = Buffer.concat([
	serialize.parse({text: 'select $1::text'}),
	serialize.bind({values: ['Q S X']}),
	serialize.describe({type: 'P'}),
	serialize.execute({}),
	serialize.sync(),
]);
const simple = serialize.query('select 1');

function read(reader: FrameReader, ...chunks: Buffer[]): Unit[] {
	return chunks.flatMap(chunk => reader.push(chunk));
}

function bytes(units: readonly Unit[]): Buffer[] {
	return units.map(unit => (unit.kind === 'messages' ? Buffer.from(unit.bytes) : Buffer.from(unit.kind)));
}

const stream = Buffer.concat([encryption, startup, batch, simple, batch, serialize.end()]);
const units = [Buffer.from('encryption'), startup, batch, simple, batch, Buffer.from('terminate')];

test('a unit reaches to the message after which the client waits', () => {
	expect(bytes(read(new FrameReader(), stream))).toEqual(units);
});

test('it does not matter how the bytes are cut', () => {
	const reader = new FrameReader();
	const single = Array.from(stream, byte => Buffer.from([byte]));
	expect(bytes(read(reader, ...single))).toEqual(units);
	const halves = [stream.subarray(0, 41), stream.subarray(41, 43), stream.subarray(43)];
	expect(bytes(read(new FrameReader(), ...halves))).toEqual(units);
});

test('nothing is passed on before the client waits', () => {
	const reader = new FrameReader();
	expect(bytes(read(reader, startup))).toEqual([startup]);
	expect(read(reader, batch.subarray(0, -1))).toEqual([]);
	expect(bytes(read(reader, batch.subarray(-1)))).toEqual([batch]);
});

test('a request to cancel is one', () => {
	expect(read(new FrameReader(), cancel)).toEqual([{kind: 'cancel'}]);
});

test.each([Buffer.from('GET / HTTP/1.1\r\n'), Buffer.alloc(8), Buffer.from('7fffffff00030000', 'hex')])(
	'what is not the protocol is refused: %o',
	data => {
		expect(() => new FrameReader().push(data)).toThrow('is not Postgres protocol');
	},
);
