import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		// Minutes long, and with a configuration of their own: npm run test:scale.
		exclude: ['test/scale/**', 'node_modules/**'],
		globalSetup: ['test/support/global-setup.ts'],
		// Colours are part of what a person sees; Ink draws a single last frame where CI is set.
		env: {FORCE_COLOR: '3', CI: 'false', TZ: 'UTC'},
		pool: 'forks',
		// The files of a worker share its modules, which are loaded once: source/ keeps nothing in them but what it may
		// forget, and what a test replaces is back before the next.
		isolate: false,
		restoreMocks: true,
		// Most tests of the whole program wait for it, so that three at a time keep two cores at work.
		maxWorkers: 3,
		testTimeout: 30_000,
		hookTimeout: 60_000,
	},
});
