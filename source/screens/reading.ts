import type {DrawContext} from './screen.ts';

/** What stands where nothing has been read yet: that it is being read, or why it is not. */
export function readingText({snapshot: {connection}}: Pick<DrawContext, 'snapshot'>, what = ''): string {
	const named = what === '' ? '' : ` ${what}`;
	return connection.kind === 'lost'
		? `The connection is lost; it is read when it is back${what === '' ? '.' : `:${named}`}`
		: `Reading${named}…`;
}
