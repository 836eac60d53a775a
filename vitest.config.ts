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
		maxWorkers: 2,
		testTimeout: 30_000,
		hookTimeout: 60_000,
	},
});
