#!/usr/bin/env node
/** The entry of the bundle: sets up the engine that runs us, then hands over to the command line. */
import module from 'node:module';

// The layout engine of Ink carries its WebAssembly inside, and would hand it to fetch: that alone loads an HTTP client.
Reflect.deleteProperty(globalThis, 'fetch');

if (typeof module.enableCompileCache === 'function' && !import.meta.url.includes('?')) {
	// The cache serves modules that are loaded after it was turned on: this file, which is all there is, a second time.
	module.enableCompileCache();
	await import(`${import.meta.url}?cached`);
} else {
	const {main} = await import('./cli.tsx');
	process.exitCode = await main(process.argv.slice(2));
}
