import {readFileSync, writeFileSync} from 'node:fs';
import {cpus, loadavg} from 'node:os';

/** A line of a table. */
export type Row = readonly string[];

/** Titles and rows as a table of Markdown, figures to the right. */
export function markdown([titles = [], ...rows]: readonly Row[]): string {
	const line = (cells: Row) => `| ${cells.join(' | ')} |`;
	const rule = titles.map((_, index) => (index === 0 ? '---' : '---:'));
	return [titles, rule, ...rows].map(line).join('\n');
}

/** When and on what it was measured; `load` is that before it began. */
export function circumstances(load: number): string {
	const [first] = cpus();
	const machine = `${cpus().length} cores${first === undefined ? '' : ` (${first.model.trim()})`}`;
	return `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine}, load ${load.toFixed(1)} before it began`;
}

/** How busy the machine is: processes that want to run, over the last minute. */
export function load(): number {
	return loadavg()[0] ?? Number.NaN;
}

/** Puts a part under its heading into README.md, in place of what stood there. */
export function writePart(heading: string, text: string): void {
	const path = new URL('README.md', import.meta.url);
	const [head = '', ...parts] = readFileSync(path, 'utf8').split(/^(?=### )/m);
	const part = `### ${heading}\n\n${text.trim()}\n\n`;
	const index = parts.findIndex(each => each.startsWith(`### ${heading}\n`));
	const others = index === -1 ? [...parts, part] : parts.with(index, part);
	writeFileSync(path, `${[head, ...others].map(each => each.trim()).join('\n\n')}\n`);
}
