import {drawLine} from '../../components/line.ts';
import type {Snapshot} from '../../monitor/snapshot.ts';
import {onOneLine} from '../../terminal/sanitise.ts';
import type {Tone} from '../../terminal/theme.ts';
import {wrap} from '../../terminal/wrap.ts';
import type {DrawContext} from '../screen.ts';

const labelWidth = 11;

/** A line of a dialog before it has its width: a label and a value, or a sentence. */
export interface Line {
	readonly label: string;
	readonly value: string;
	readonly tone: Tone;
	/** Lines that the value may take. */
	readonly lines: number;
}

export function line(label: string, value: string, tone: Tone = 'plain', lines = 1): Line {
	return {label, value, tone, lines};
}

/** Where it would happen: the first thing to look at before pressing `y`. */
export function place({session}: Snapshot): Line {
	const where =
		session === undefined ? 'unknown' : `${session.database} on ${session.host}:${session.port} as ${session.user}`;
	return line('database', where, 'warning', 2);
}

export function drawLines({label, value, tone, lines}: Line, width: number, {theme}: DrawContext): readonly string[] {
	const indent = label === '' ? 0 : labelWidth;
	return wrap(onOneLine(value), Math.max(1, width - indent), lines).map((part, index) =>
		drawLine(
			[
				{text: (index === 0 ? label : '').padEnd(indent), tone: 'dim'},
				{text: part, tone},
			],
			width,
			theme,
		),
	);
}
