import xterm from '@xterm/headless';

type Terminal = InstanceType<typeof xterm.Terminal>;
type Cell = NonNullable<ReturnType<NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>['getCell']>>;

/** How a run of cells looks. */
interface Style {
	readonly ink: string;
	readonly paper: string | undefined;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly underline: boolean;
}

interface Run extends Style {
	readonly column: number;
	readonly width: number;
	readonly text: string;
}

/** A terminal's sixteen colours, in its order; dark paper. */
const palette = [
	'#3b4252',
	'#e06c75',
	'#98c379',
	'#e5c07b',
	'#61afef',
	'#c678dd',
	'#56b6c2',
	'#d8dee9',
	'#6b7489',
	'#ff7b85',
	'#b5e890',
	'#ffd68a',
	'#82c4ff',
	'#dc8cf2',
	'#7fdbe6',
	'#ffffff',
] as const;
const ink = '#d8dee9';
const paper = '#1b1f27';

/** Size of a cell, and the room around the whole, in units of the picture. */
const cell = {width: 8.4, height: 18, font: 14};
const margin = 14;

function colour(isDefault: boolean, index: number): string | undefined {
	return isDefault ? undefined : palette[index];
}

function styleOf(from: Cell): Style {
	const front = colour(from.isFgDefault(), from.getFgColor()) ?? ink;
	const back = colour(from.isBgDefault(), from.getBgColor());
	const inverse = from.isInverse() !== 0;
	return {
		ink: inverse ? (back ?? paper) : front,
		paper: inverse ? front : back,
		bold: from.isBold() !== 0,
		dim: from.isDim() !== 0,
		underline: from.isUnderline() !== 0,
	};
}

function sameStyle(a: Style, b: Style): boolean {
	return a.ink === b.ink && a.paper === b.paper && a.bold === b.bold && a.dim === b.dim && a.underline === b.underline;
}

function runsOf(terminal: Terminal, row: number): readonly Run[] {
	const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
	const runs: Run[] = [];
	for (let column = 0; column < terminal.cols; column++) {
		const here = line?.getCell(column);
		if (here === undefined || here.getWidth() === 0) continue;
		const style = styleOf(here);
		const text = here.getChars() || ' ';
		const last = runs.at(-1);
		// A wide character stands alone, so that what follows it keeps its column whatever the font.
		if (last !== undefined && sameStyle(last, style) && here.getWidth() === 1 && last.text.length === last.width)
			runs[runs.length - 1] = {...last, width: last.width + 1, text: last.text + text};
		else runs.push({...style, column, width: here.getWidth(), text});
	}
	return runs;
}

const escapes: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
const escaped = (text: string): string => text.replace(/[&<>"]/g, each => escapes[each] ?? each);
const figure = (value: number): string => String(Number(value.toFixed(2)));

function drawRun(run: Run, row: number): string {
	const x = figure(margin + run.column * cell.width);
	const y = margin + row * cell.height;
	const width = figure(run.width * cell.width);
	const back =
		run.paper === undefined
			? ''
			: `<rect x="${x}" y="${figure(y)}" width="${width}" height="${cell.height}" fill="${run.paper}"/>`;
	if (run.text.trim() === '') return back;
	const style = [
		`fill="${run.ink}"`,
		...(run.bold ? ['font-weight="bold"'] : []),
		...(run.dim ? ['opacity="0.6"'] : []),
		...(run.underline ? ['text-decoration="underline"'] : []),
	].join(' ');
	// The length is given, so that columns stand where they stand in the terminal whatever font the reader has.
	const length = `textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
	return `${back}<text x="${x}" y="${figure(y + cell.font)}" ${length} ${style}>${escaped(run.text)}</text>`;
}

/** What a terminal of that size shows after this output, as an SVG picture. */
export async function pictureOf(output: string, columns: number, rows: number, title: string): Promise<string> {
	const terminal = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	await new Promise<void>(resolve => terminal.write(output, resolve));
	const width = figure(columns * cell.width + 2 * margin);
	const height = figure(rows * cell.height + 2 * margin);
	const lines = Array.from({length: rows}, (_, row) =>
		runsOf(terminal, row)
			.map(run => drawRun(run, row))
			.filter(text => text !== '')
			.join('\n'),
	).filter(text => text !== '');
	terminal.dispose();
	const font = `font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${cell.font}" xml:space="preserve"`;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="${paper}"/>
<g ${font}>
${lines.join('\n')}
</g>
</svg>
`;
}
