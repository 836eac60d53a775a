import {Box, Transform, useApp, useInput, usePaste} from 'ink';
import {memo, useEffect, useSyncExternalStore} from 'react';
import {measure} from '../terminal/fit.ts';
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
		<Box width={frame.columns} height={frame.rows} flexDirection="column">
			<Lines lines={frame.lines} cells={frame.columns} />
			{frame.box !== undefined && (
				<Box position="absolute" left={frame.box.left} top={frame.box.top} flexDirection="column">
					<Lines lines={frame.box.lines} cells={measure(frame.box.lines[0] ?? '')} />
				</Box>
			)}
		</Box>
	);
}

function Lines({lines, cells}: {readonly lines: readonly string[]; readonly cells: number}) {
	// A line has no identity but its place.
	return lines.map((line, index) => <Line key={`line ${String(index)}`} text={line} cells={cells} />);
}

/**
 * Ink measures every text three times a frame, character by character where it is not ASCII: most of what a frame costs.
 * The width of a line is known, so Ink lays out blanks of that width and the line takes their place when it is written.
 */
const Line = memo(function Line({text, cells}: {readonly text: string; readonly cells: number}) {
	return (
		<Transform transform={() => text} accessibilityLabel={text === '' ? ' ' : text}>
			{' '.repeat(cells)}
		</Transform>
	);
});
