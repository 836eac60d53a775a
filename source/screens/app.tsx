import {Box, Text, useApp, useInput, usePaste} from 'ink';
import {memo, useEffect, useSyncExternalStore} from 'react';
import type {Shell} from './shell.ts';

export interface AppProps {
	readonly shell: Shell;
	/** Called once with what only Ink can do: hand the terminal over and take it back. */
	readonly onTerminal?: (terminal: Pick<ReturnType<typeof useApp>, 'suspendTerminal'>) => void;
}

/**
 * The only component: a frame as one text per line, so that React and Ink handle as few nodes as there are lines and a
 * line that looks the same costs nothing. All keys and pastes arrive here and go to the shell.
 */
export function App({shell, onTerminal}: AppProps) {
	const frame = useSyncExternalStore(shell.subscribe, shell.frame);
	const {suspendTerminal} = useApp();
	useInput(shell.input.event);
	usePaste(shell.input.paste);
	useEffect(() => onTerminal?.({suspendTerminal}), [onTerminal, suspendTerminal]);
	return (
		<Box width={frame.columns} height={frame.rows} flexDirection="column" overflow="hidden">
			<Lines lines={frame.lines} />
			{frame.box !== undefined && (
				<Box position="absolute" left={frame.box.left} top={frame.box.top} flexDirection="column">
					<Lines lines={frame.box.lines} />
				</Box>
			)}
		</Box>
	);
}

function Lines({lines}: {readonly lines: readonly string[]}) {
	// A line has no identity but its place.
	return lines.map((line, index) => <Line key={`line ${String(index)}`} text={line} />);
}

/** An empty text would be no line at all, and a line break two. */
const Line = memo(function Line({text}: {readonly text: string}) {
	return <Text wrap="truncate">{text === '' ? ' ' : text.replaceAll('\n', ' ')}</Text>;
});
