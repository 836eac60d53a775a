import type {Drill, Step} from './drill.ts';

const keyNames: Readonly<Record<string, string>> = {enter: 'Enter', escape: 'Esc', tab: 'Tab'};

/** The keys of a step and why, as the page says it. */
export function wayOf({keys, why}: Step): string {
	const pressed = keys.map(key => `\`${keyNames[key] ?? key}\``).join(' ');
	return `${pressed === '' ? 'Then' : pressed}: ${why}.`;
}

/** The part of the page about one drill. */
export function partOf(drill: Drill, first: string, ways: readonly string[]): string {
	return [
		`## ${drill.title}`,
		drill.story,
		`The first screen says:\n\n\`\`\`text\n${first}\n\`\`\``,
		...ways,
		`**What to do:** ${drill.fix}`,
	].join('\n\n');
}

/** The longer name replaced by the shorter one; what stands in a box keeps its width: the blanks go before its edge. */
function shortened(line: string, name: RegExp, by: string): string {
	return line.replaceAll(name, (found, place: number) => {
		const edge = line.indexOf('│', place);
		return edge === -1 ? by : `${by}\u0000${' '.repeat(Math.max(0, found.length - by.length))}\u0000`;
	});
}

/** Moves blanks that belong before an edge to it. */
function settled(line: string): string {
	return line.replace(/\u0000( *)\u0000([^│]*?)( ?│)/g, '$2$1$3');
}

/** A line without the names of the test's database and server. */
function anonymous(line: string): string {
	const named = settled(shortened(line, /test_[0-9a-f]{12}/g, 'jobs'));
	return settled(shortened(named, /(?:127\.0\.0\.1|localhost):\d+/g, 'db1:5432')).trimEnd();
}

/** The screen without the names of the test's database and server and without its empty lines. */
export function tidy(screen: string): string {
	return screen
		.split('\n')
		.map(anonymous)
		.filter(line => !/^[\s│]*$/.test(line))
		.join('\n');
}
