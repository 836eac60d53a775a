#!/usr/bin/env node
/** The entry of the bundle: hands over to the command line. `launch.ts` is the command that users type. */

const {main} = await import('./cli.tsx');
process.exitCode = await main(process.argv.slice(2));

export {};
