import {setTimeout as wait} from 'node:timers/promises';
import type {runScreen} from './run-screen.tsx';

/** A server that is near has let us in by then, and told us its queues by then, milliseconds each. */
const near = {connected: 20, asked: 4};

/** Until what was written has left and what came in was taken. */
export function turn(): Promise<void> {
	return new Promise(resolve => setImmediate(resolve));
}

/**
 * Loads Ink and the screens while a server works. They take the processor for longer than a near server needs to answer,
 * so that one is asked first; a far one leaves the time. In steps with a turn of the event loop before each, since every
 * message waits for the one that holds the processor. `connected` may reject: that is the business of others.
 */
export async function loadScreen(connected: Promise<unknown>): Promise<typeof runScreen> {
	await Promise.race([connected.catch(() => undefined), wait(near.connected)]);
	await wait(near.asked);
	await import('ink');
	await turn();
	return (await import('./run-screen.tsx')).runScreen;
}
