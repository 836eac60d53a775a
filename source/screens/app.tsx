import {Box, Transform, useApp, useInput, usePaste} from 'ink';
import {useEffect, useSyncExternalStore} from 'react';
import type {Shell} from './shell.ts';

export interface AppProps {
	readonly shell: Shell;
	/** Called once with what only Ink can do: hand the terminal over and take it back. */
	readonly onTerminal?: (terminal: Pick<ReturnType<typeof useApp>, 'suspendTerminal'>) => void;
}

/**
 * The only component: a frame as one text of as many lines as the window has, so that React and Ink handle two nodes and
 * not hundreds. All keys and pastes arrive here and go to the shell.
 */
export function App({shell, onTerminal}: AppProps) {
	const frame = useSyncExternalStore(shell.subscribe, shell.frame);
	const {suspendTerminal} = useApp();
	useInput(shell.input.event);
	usePaste(shell.input.paste);
	useEffect(() => onTerminal?.({suspendTerminal}), [onTerminal, suspendTerminal]);
	return (
		<Box width={frame.columns} height={frame.rows} flexDirection="column">
			<Lines lines={frame.lines} />
			{frame.box !== undefined && (
				<Box position="absolute" left={frame.box.left} top={frame.box.top}>
					<Lines lines={frame.box.lines} />
				</Box>
			)}
		</Box>
	);
}

/**
 * Ink measures every text several times a frame, character by character where it is not ASCII: most of what a frame
 * costs. Our lines fit already, so Ink lays out a blank a line, and each finished one takes its place when it is written.
 */
function Lines({lines}: {readonly lines: readonly string[]}) {
	return (
		<Transform transform={(_, index) => lines[index] ?? ''} accessibilityLabel={lines.join('\n')}>
			{lines.map(() => ' ').join('\n')}
		</Transform>
	);
}
