import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';

/** The default export of a module that Ink keeps to itself. */
export async function inkModule(name: string): Promise<unknown> {
	const entry = createRequire(import.meta.url).resolve('react/package.json');
	const file = join(dirname(dirname(entry)), 'ink', 'build', name);
	const loaded: {readonly default: unknown} = await import(pathToFileURL(file).href);
	return loaded.default;
}

/** Numbers below `limit`, the same ones each time. */
export function numbers(seed: number): (limit: number) => number {
	let state = seed;
	return limit => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * limit);
	};
}
