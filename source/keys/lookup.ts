import type {Binding, Scope} from './binding.ts';
import {bindings} from './bindings.ts';

const byKey = new Map<string, Binding>();
for (const binding of bindings) for (const key of binding.keys) byKey.set(`${binding.scope} ${key}`, binding);

const byId = new Map(bindings.map(binding => [binding.id, binding]));

/** The binding of a key in the scopes that are live; undefined when it means nothing there. */
export function findBinding(key: string, scopes: readonly Scope[]): Binding | undefined {
	for (const scope of scopes) {
		const binding = byKey.get(`${scope} ${key}`);
		if (binding !== undefined) return binding;
	}
	return undefined;
}

/** The binding with this id. Throws where there is none: ids are written in code, not by people. */
export function bindingOf(id: string): Binding {
	const binding = byId.get(id);
	if (binding === undefined) throw new Error(`No binding has the id ${id}.`);
	return binding;
}
