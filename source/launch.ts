#!/usr/bin/env node
/**
 * The command `absurd-top`: the bundle beside it, compiled only once where Node keeps that. The cache serves modules
 * that are loaded after it was turned on, so that the bundle cannot do it for itself.
 */
import module from 'node:module';

if (typeof module.enableCompileCache === 'function') module.enableCompileCache();
await import(new URL('absurd-top.js', import.meta.url).href);
