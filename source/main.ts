#!/usr/bin/env node
/** The entry of the bundle: hands over to the command line. `launch.ts` is the command that users type. */

// The layout engine of Ink carries its WebAssembly inside, and would hand it to fetch: that alone loads an HTTP client.
Reflect.deleteProperty(globalThis, 'fetch');

const {main} = await import('./cli.tsx');
process.exitCode = await main(process.argv.slice(2));

export {};
