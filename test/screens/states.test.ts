import {describe, expect, it} from 'vitest';
import type {Snapshot} from '../../source/monitor/snapshot.ts';
import {now, snapshot} from '../support/fixture.ts';
import {mountShell} from '../support/shell.tsx';
import {blankSnapshot, emptyQueue, liveSnapshot, session} from '../support/stub-monitor.ts';

async function screenOf(first: Snapshot): Promise<string> {
	const rig = await mountShell(first, {now});
	const screen = rig.screen();
	await rig.end();
	return screen;
}

const refused = {
	sentence: 'The server db1:5432 does not answer: connection refused. Is it running?',
	sqlstate: 'ECONNREFUSED',
};

describe('states at 80x24', () => {
	it('live', async () =>
		expect(await screenOf(snapshot)).toMatchInlineSnapshot(`
		" prod-eu  absurd@db1:5432/jobs · absurd 0.5.0      every 2s · <5 ms · 13:02 UTC 
		 ▲ 2 findings   agents: 14 leases expired, nobody has claimed for 4m   mail: 31…
		 Queues 6                                               done/s  ▇▇▇▇▇▇▇▇█▇  41.2
		   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
		▸▲ agents             418     4m   15!14     6    22    40    2.1%    0.0  58.0s
		 △ mail                12    <1s       7    31     0     0   18.4%   12.6   1.9s
		 ● billing              0      –       0     0     3   118     3/7   <0.1  ~3.1s
		 ● imports     10s      0      –       0     0  ≥10k     0       –    0.0      –
		 ● search               2    <1s       0     0     0     0    0.1%    8.2   31ms
		 ● thumbnails          31    <5s       0     0     0     0    0.0%   20.4  340ms
		 Active claims 22  rows 1–4
		   task         id      queue    att  worker     since        running lease     
		 ▲ run-agent    …b430d2 agents   2/5  w-4:313    rank      5m      6m out 3m    
		 ▲ run-agent    …7cb721 agents   1/5  w-3:312    search#2  4m      6m out 2m    
		 ▲ plan-trip    …453d70 agents   3/5  w-6:311    search    4m      6m out 2m    
		 ▲ summarize-t… …0dc3bf agents   2/5  w-5:310    plan      4m      6m out 2m    
		 Recent failures 343  rows 1–4
		    when task          id      queue   att  then     error                      
		 ✗   <5s send-invoice  …224eca mail    5/5  dead     SMTPServerDisconnected: ma…
		 ✗    5s send-invoice  …59c87b mail    5/5  dead     SMTPServerDisconnected: ma…
		 ◐    5s send-invoice  …91422c mail    2/5  retried  SMTPServerDisconnected: ma…
		 ◐   10s run-agent     …796112 agents  1/5  retried  $ClaimTimeout: worker did …
		 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
	`));
	it('connecting', async () =>
		expect(await screenOf(blankSnapshot)).toMatchInlineSnapshot(`
		" absurd-top  prod-eu                                                  13:02 UTC 


		  Connecting…

		  q   quit
















		 ? help  q quit"
	`));
	it('the first second', async () =>
		expect(await screenOf({...blankSnapshot, connection: {kind: 'live'}, session})).toMatchInlineSnapshot(`
			" absurd-top  prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0     13:02 UTC 


			  Reading the queues…


















			 ? help  q quit"
		`));
	it('no schema', async () =>
		expect(await screenOf({...blankSnapshot, connection: {kind: 'no-schema'}, session})).toMatchInlineSnapshot(`
			" absurd-top  prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0     13:02 UTC 


			  The database jobs has no schema absurd.

			  Absurd is not installed here, or in another database of this server. It is
			  looked for again at every refresh: once it is there, its queues appear by
			  themselves.

			  absurd-top -d DATABASE looks at another database, absurd-top --demo shows a
			  demonstration, absurdctl init -d DATABASE installs Absurd.

			  r   look again now
			  q   quit








			 ? help  q quit"
		`));
	it('no rights on anything', async () =>
		expect(
			await screenOf({
				...blankSnapshot,
				session,
				connection: {
					kind: 'no-rights',
					trouble: {sentence: 'permission denied for schema absurd', sqlstate: '42501'},
				},
			}),
		).toMatchInlineSnapshot(`
			" absurd-top  prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0     13:02 UTC 


			  The role absurd may not read the queues.

			  permission denied for schema absurd (SQLSTATE 42501)

			  To look without being able to change anything: grant usage on schema absurd
			  to absurd; grant select on all tables in schema absurd to absurd;

			  r   try again now
			  q   quit










			 ? help  q quit"
		`));
	it('lost before the first data', async () =>
		expect(
			await screenOf({
				...blankSnapshot,
				connection: {kind: 'lost', since: now - 3000, retryAt: now + 4000, trouble: refused},
			}),
		).toMatchInlineSnapshot(`
			" absurd-top  prod-eu                                          STALE · 13:02 UTC 


			  No connection yet · retry in 4s

			  The server db1:5432 does not answer: connection refused. Is it running?
			  (ECONNREFUSED)

			  r   try now
			  q   quit












			 ? help  q quit"
		`));
	it('lost: keeps the last data', async () =>
		expect(
			await screenOf({
				...snapshot,
				receivedAt: now - 14_000,
				connection: {kind: 'lost', since: now - 12_000, retryAt: now + 4000, trouble: refused},
			}),
		).toMatchInlineSnapshot(`
			" prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0         STALE · 13:02 UTC 
			 ▲ 2 findings   agents: 14 leases expired, nobody has claimed for 4m   mail: 31…
			 Queues 6                                               done/s  ▇▇▇▇▇▇▇▇█▇  41.2
			   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
			▸▲ agents      10s    418     4m   15!14     6    22    40    2.1%    0.0  58.0s
			 △ mail        10s     12    10s       7    31     0     0   18.4%   12.6   1.9s
			 ● billing     10s      0      –       0     0     3   118     3/7   <0.1  ~3.1s
			 ● imports     25s      0      –       0     0  ≥10k     0       –    0.0      –
			 ● search      10s      2    10s       0     0     0     0    0.1%    8.2   31ms
			 ● thumbnails  10s     31    15s       0     0     0     0    0.0%   20.4  340ms
			 Active claims 22  rows 1–4
			   task         id      queue    att  worker     since        running lease     
			 ▲ run-agent    …b430d2 agents   2/5  w-4:313    rank      5m      7m out 3m    
			 ▲ run-agent    …7cb721 agents   1/5  w-3:312    search#2  5m      7m out 3m    
			 ▲ plan-trip    …453d70 agents   3/5  w-6:311    search    4m      6m out 2m    
			 ▲ summarize-t… …0dc3bf agents   2/5  w-5:310    plan      4m      6m out 2m    
			 Recent failures 343  rows 1–4
			    when task          id      queue   att  then     error                      
			 ✗   15s send-invoice  …224eca mail    5/5  dead     SMTPServerDisconnected: ma…
			 ✗   15s send-invoice  …59c87b mail    5/5  dead     SMTPServerDisconnected: ma…
			 ◐   20s send-invoice  …91422c mail    2/5  retried  SMTPServerDisconnected: ma…
			 ◐   20s run-agent     …796112 agents  1/5  retried  $ClaimTimeout: worker did …
			 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit
			 STALE 14s · retry in 4s · The server db1:5432 does not answer: connection refu…"
		`));
	it('no queue', async () =>
		expect(await screenOf(liveSnapshot(now))).toMatchInlineSnapshot(`
		" prod-eu  absurd@db1:5432/jobs · absurd 0.5.0      every 2s · <5 ms · 13:02 UTC 
		 No queue here yet. One that is created appears by itself.
		▸Queues 0
		   No queue in this database yet. Create one with: absurdctl create-queue NAME  

		 Active claims 0
		   Nothing is running.                                                          







		 Recent failures 0
		   No failure in the last minutes.                                              






		 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
	`));
	it('queues without tasks', async () =>
		expect(
			await screenOf(
				liveSnapshot(now, {queues: [emptyQueue('mail', now)], claimCount: {value: 0, exactness: 'exact'}}),
			),
		).toMatchInlineSnapshot(`
			" prod-eu  absurd@db1:5432/jobs · absurd 0.5.0      every 2s · <5 ms · 13:02 UTC 
			 No task in any queue yet: N spawns one.
			 Queues 1
			   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
			▸● mail                 0      –       0     0     0     0       –    0.0      –
			 Active claims 0
			   Nothing is running.                                                          







			 Recent failures 0
			   No failure in the last minutes.                                              






			 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
		`));
	it('no rights on one queue', async () =>
		expect(
			await screenOf(
				liveSnapshot(now, {
					queues: [
						emptyQueue('mail', now),
						{
							...emptyQueue('secret', now),
							severity: 'warning',
							readAt: undefined,
							ready: undefined,
							running: undefined,
							trouble: {sentence: 'The role absurd may not read r_secret.', sqlstate: '42501', retryAt: now + 60_000},
						},
					],
				}),
			),
		).toMatchInlineSnapshot(`
			" prod-eu  absurd@db1:5432/jobs · absurd 0.5.0      every 2s · <5 ms · 13:02 UTC 
			 △ 1 of 2 queues cannot be read: secret
			 Queues 2
			   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
			▸△ secret          The role absurd may not read r_secret. (42501); asked again …
			 ● mail                 0      –       0     0     0     0       –    0.0      –
			 Active claims 0  1 queue not read
			   Nothing is running.                                                          






			 Recent failures 0  1 queue not read
			   No failure in the last minutes.                                              






			 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
		`));
	it('standby', async () =>
		expect(
			await screenOf({...snapshot, session: {...session, standby: true, readOnly: 'standby'}}),
		).toMatchInlineSnapshot(`
			" prod-eu  absurd@db1:5432/jobs   STANDBY           every 2s · <5 ms · 13:02 UTC 
			 ▲ 2 findings   agents: 14 leases expired, nobody has claimed for 4m   mail: 31…
			 Queues 6                                               done/s  ▇▇▇▇▇▇▇▇█▇  41.2
			   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
			▸▲ agents             418     4m   15!14     6    22    40    2.1%    0.0  58.0s
			 △ mail                12    <1s       7    31     0     0   18.4%   12.6   1.9s
			 ● billing              0      –       0     0     3   118     3/7   <0.1  ~3.1s
			 ● imports     10s      0      –       0     0  ≥10k     0       –    0.0      –
			 ● search               2    <1s       0     0     0     0    0.1%    8.2   31ms
			 ● thumbnails          31    <5s       0     0     0     0    0.0%   20.4  340ms
			 Active claims 22  rows 1–4
			   task         id      queue    att  worker     since        running lease     
			 ▲ run-agent    …b430d2 agents   2/5  w-4:313    rank      5m      6m out 3m    
			 ▲ run-agent    …7cb721 agents   1/5  w-3:312    search#2  4m      6m out 2m    
			 ▲ plan-trip    …453d70 agents   3/5  w-6:311    search    4m      6m out 2m    
			 ▲ summarize-t… …0dc3bf agents   2/5  w-5:310    plan      4m      6m out 2m    
			 Recent failures 343  rows 1–4
			    when task          id      queue   att  then     error                      
			 ✗   <5s send-invoice  …224eca mail    5/5  dead     SMTPServerDisconnected: ma…
			 ✗    5s send-invoice  …59c87b mail    5/5  dead     SMTPServerDisconnected: ma…
			 ◐    5s send-invoice  …91422c mail    2/5  retried  SMTPServerDisconnected: ma…
			 ◐   10s run-agent     …796112 agents  1/5  retried  $ClaimTimeout: worker did …
			 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
		`));
	it('read-only', async () =>
		expect(await screenOf({...snapshot, session: {...session, readOnly: 'session'}})).toMatchInlineSnapshot(`
			" prod-eu  absurd@db1:5432/jobs   READ ONLY         every 2s · <5 ms · 13:02 UTC 
			 ▲ 2 findings   agents: 14 leases expired, nobody has claimed for 4m   mail: 31…
			 Queues 6                                               done/s  ▇▇▇▇▇▇▇▇█▇  41.2
			   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
			▸▲ agents             418     4m   15!14     6    22    40    2.1%    0.0  58.0s
			 △ mail                12    <1s       7    31     0     0   18.4%   12.6   1.9s
			 ● billing              0      –       0     0     3   118     3/7   <0.1  ~3.1s
			 ● imports     10s      0      –       0     0  ≥10k     0       –    0.0      –
			 ● search               2    <1s       0     0     0     0    0.1%    8.2   31ms
			 ● thumbnails          31    <5s       0     0     0     0    0.0%   20.4  340ms
			 Active claims 22  rows 1–4
			   task         id      queue    att  worker     since        running lease     
			 ▲ run-agent    …b430d2 agents   2/5  w-4:313    rank      5m      6m out 3m    
			 ▲ run-agent    …7cb721 agents   1/5  w-3:312    search#2  4m      6m out 2m    
			 ▲ plan-trip    …453d70 agents   3/5  w-6:311    search    4m      6m out 2m    
			 ▲ summarize-t… …0dc3bf agents   2/5  w-5:310    plan      4m      6m out 2m    
			 Recent failures 343  rows 1–4
			    when task          id      queue   att  then     error                      
			 ✗   <5s send-invoice  …224eca mail    5/5  dead     SMTPServerDisconnected: ma…
			 ✗    5s send-invoice  …59c87b mail    5/5  dead     SMTPServerDisconnected: ma…
			 ◐    5s send-invoice  …91422c mail    2/5  retried  SMTPServerDisconnected: ma…
			 ◐   10s run-agent     …796112 agents  1/5  retried  $ClaimTimeout: worker did …
			 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit"
		`));
	it('paused', async () =>
		expect(await screenOf({...snapshot, paused: true})).toMatchInlineSnapshot(`
		" prod-eu  absurd@db1:5432/jobs · PG 17 · absurd 0.5.0        PAUSED · 13:02 UTC 
		 ▲ 2 findings   agents: 14 leases expired, nobody has claimed for 4m   mail: 31…
		 Queues 6                                               done/s  ▇▇▇▇▇▇▇▇█▇  41.2
		   queue            ready oldest running retry sleep  wait fail 5m done/s    p95
		▸▲ agents             418     4m   15!14     6    22    40    2.1%    0.0  58.0s
		 △ mail                12    <1s       7    31     0     0   18.4%   12.6   1.9s
		 ● billing              0      –       0     0     3   118     3/7   <0.1  ~3.1s
		 ● imports     10s      0      –       0     0  ≥10k     0       –    0.0      –
		 ● search               2    <1s       0     0     0     0    0.1%    8.2   31ms
		 ● thumbnails          31    <5s       0     0     0     0    0.0%   20.4  340ms
		 Active claims 22  rows 1–4
		   task         id      queue    att  worker     since        running lease     
		 ▲ run-agent    …b430d2 agents   2/5  w-4:313    rank      5m      6m out 3m    
		 ▲ run-agent    …7cb721 agents   1/5  w-3:312    search#2  4m      6m out 2m    
		 ▲ plan-trip    …453d70 agents   3/5  w-6:311    search    4m      6m out 2m    
		 ▲ summarize-t… …0dc3bf agents   2/5  w-5:310    plan      4m      6m out 2m    
		 Recent failures 343  rows 1–4
		    when task          id      queue   att  then     error                      
		 ✗   <5s send-invoice  …224eca mail    5/5  dead     SMTPServerDisconnected: ma…
		 ✗    5s send-invoice  …59c87b mail    5/5  dead     SMTPServerDisconnected: ma…
		 ◐    5s send-invoice  …91422c mail    2/5  retried  SMTPServerDisconnected: ma…
		 ◐   10s run-agent     …796112 agents  1/5  retried  $ClaimTimeout: worker did …
		 Tab panel  ↵ open  / filter  R retry  C cancel  N spawn  E emit  ? help  q quit
		 PAUSED · p goes on, r refreshes once"
	`));
	it('older schema than an action needs', async () => {
		const rig = await mountShell({...snapshot, session: {...session, schemaVersion: '≥ 0.0.4'}}, {now});
		expect(rig.screen()).toContain('absurd ≥ 0.0.4');
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
