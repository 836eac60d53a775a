import type {JsonObject} from 'absurd-sdk';
import {hex} from './chance.ts';

const tenants = ['acme', 'globex', 'initech'];

/** Tenant and trace context; agents belong to workflows of several tasks each. */
export function makeHeaders(queue: string, n: number): JsonObject {
	const traceparent = `00-${hex(8)}${hex(8)}${hex(8)}${hex(8)}-${hex(8)}${hex(8)}-01`;
	const headers = {tenant: tenants[n % tenants.length] ?? 'acme', traceparent};
	if (queue !== 'agents') return headers;
	const workflow = Math.floor(n / 4)
		.toString(16)
		.padStart(12, '0');
	return {...headers, workflow_run_id: `0e5f7c1a-77aa-4d1e-9c1b-${workflow}`};
}
