import {defineConfig} from 'vitest/config';

// `npm run test:scale`: whole programs on databases in which tools give up. Each file has a server of its own, one at a
// time, and says what it measured. `npm test` leaves them out: they take minutes.
export default defineConfig({
	test: {
		include: ['test/scale/**/*.test.ts'],
		env: {FORCE_COLOR: '3', CI: 'false', TZ: 'UTC'},
		pool: 'forks',
		maxWorkers: 1,
		fileParallelism: false,
		disableConsoleIntercept: true,
		testTimeout: 300_000,
		hookTimeout: 1_200_000,
	},
});
