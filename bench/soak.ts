/**
 * Whether it can stay open for weeks: the live monitor and its screens at full speed over a database in which
 * everything changes, with its connection broken now and then. Fails when memory, handles or the work of a tick grow.
 * `npm run soak [-- ticks, 10000] [seconds at most]`; starts a server of its own.
 */
import pg from 'pg';
import {createSource} from '../source/database/source.ts';
import {createMonitor} from '../source/monitor/create-monitor.ts';
import {startOwnServer} from '../test/support/own-server.ts';
import {sessionOn} from '../test/support/session.ts';
import {startChurn} from './soak/churn.ts';
import {type Gauge, gauge} from './soak/gauge.ts';
import {verdict} from './soak/verdict.ts';
import {createWalk} from './soak/walk.ts';

const wanted = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
if (!(wanted >= 100) || !(seconds > 0)) {
	console.error('Usage: soak [ticks, at least 100] [seconds at most]');
	process.exit(2);
}

/** Gauges in a whole soak; the connection is broken once between two of them. */
const gauges = 20;
const gap = 5;

const own = await startOwnServer();
const churn = await startChurn(own.url, 20);
const client = new pg.Client({connectionString: own.url, application_name: 'gauge'});
await client.connect();
const connect = async () => createSource(await sessionOn(own.url), {queues: []});
const monitor = createMonitor(connect, {interval: gap, maxDbMs: undefined});
await monitor.ready;
const walk = createWalk(monitor);

let ticks = 0;
let seen = monitor.snapshot.at;
monitor.subscribe(() => {
	const {at, connection} = monitor.snapshot;
	if (connection.kind === 'lost') monitor.refresh();
	// Once the server runs slowly the monitor spares it; this is about how many, not how often.
	if (at === seen) return;
	seen = at;
	ticks++;
	walk.step(ticks);
});

const started = performance.now();
const spent = () => (performance.now() - started) / 1000;
const share = () => Math.max(ticks / wanted, spent() / seconds);
const read: Gauge[] = [];
while (share() < 1) {
	await new Promise(resolve => setTimeout(resolve, 20));
	if (share() < read.length / gauges) continue;
	read.push(await gauge(client, ticks));
	if (read.length % 5 !== 0) continue;
	await client.query('select pg_terminate_backend($1)', [read.at(-1)?.pid ?? 0]);
}
read.push(await gauge(client, ticks));

walk.close();
await monitor.close();
await churn.stop();
await client.end();
await own.server.remove();
const {lines, grown} = verdict(read);
console.log(`memory in use over time, MB: ${read.map(({heap}) => heap.toFixed(1)).join(' ')}`);
for (const line of lines) console.log(line);
console.log(
	`${ticks} ticks in ${spent().toFixed(0)} s, ${churn.steps()} turns of the workload, ${walk.frames()} frames.`,
);
for (const sentence of grown) console.error(sentence);
process.exit(grown.length === 0 ? 0 : 1);
