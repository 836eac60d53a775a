import type {Instance} from 'ink';
import type {ReactElement} from 'react';

const clearScreen = '\u001b[H\u001b[2J';

/**
 * Draws for a new size, on a clean screen: where terminals put the old lines when the window changes differs, so that
 * drawing only what changed would leave pieces behind. Call it before Ink hears of the size, or Ink first draws the old
 * frame into the new window.
 */
export function drawForSize(instance: Instance, stdout: NodeJS.WritableStream, tree: ReactElement): void {
	instance.clear();
	stdout.write(clearScreen);
	instance.rerender(tree);
}
