import {describe, expect, it} from 'vitest';
import {bindings, liveScopes} from '../../source/keys/bindings.ts';
import {bindingOf, findBinding} from '../../source/keys/lookup.ts';

describe('key map', () => {
	it.each(Object.entries(liveScopes))('gives no key two meanings in %s', (_name, scopes) => {
		const meanings = new Map<string, string>();
		for (const binding of bindings.filter(({scope}) => scopes.some(live => live === scope))) {
			for (const key of binding.keys) {
				expect(meanings.get(key), `${key}: ${binding.id}`).toBeUndefined();
				meanings.set(key, binding.id);
			}
		}
	});

	it('has every scope in some live set, and no id twice', () => {
		const live = new Set<string>(Object.values(liveScopes).flat());
		for (const {scope} of bindings) expect(live.has(scope), scope).toBe(true);
		expect(new Set(bindings.map(({id}) => id)).size).toBe(bindings.length);
	});

	it('acts with capitals only, outside of dialogs', () => {
		for (const binding of bindings.filter(({danger, scope}) => danger && scope !== 'dialog')) {
			for (const key of binding.keys) expect(key, binding.id).toMatch(/^[A-Z]$/);
		}
	});

	it('leaves the keys free that multiplexers, terminals and other tools have taken', () => {
		for (const key of ['ctrl+a', 'ctrl+b', 'ctrl+s', 'ctrl+q', 'ctrl+\\', 'ctrl+ ', 'c', 'd', 'x', 'K']) {
			for (const scopes of [liveScopes.overview, liveScopes.run]) expect(findBinding(key, scopes), key).toBeUndefined();
		}
	});

	it('never confirms with Enter', () => {
		expect(findBinding('enter', liveScopes.dialog)).toBeUndefined();
		expect(findBinding('y', liveScopes.dialog)?.danger).toBe(true);
	});

	it('finds bindings by id and says which is missing', () => {
		expect(bindingOf('list.down').keys).toContain('j');
		expect(() => bindingOf('nothing')).toThrow('No binding has the id nothing.');
	});
});
