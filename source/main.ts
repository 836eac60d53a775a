#!/usr/bin/env node
/** The entry of the bundle: sets up the engine that runs us, then hands over to the command line. */
import v8 from 'node:v8';

// A table redrawn every two seconds makes little garbage: small young generations keep the memory flat (bench/terminal.ts).
v8.setFlagsFromString('--max-semi-space-size=4');
v8.setFlagsFromString('--semi-space-growth-factor=1');

const {main} = await import('./cli.tsx');
process.exitCode = await main(process.argv.slice(2));
