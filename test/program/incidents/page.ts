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

/** A line without the names of the test's database and server; what stands in a box keeps its width. */
function anonymous(line: string): string {
	const tidied = line
		.replaceAll(/test_[0-9a-f]{12}/g, 'jobs')
		.replaceAll(/(?:127\.0\.0\.1|localhost):\d+/g, 'db1:5432')
		.trimEnd();
	const missing = line.trimEnd().length - tidied.length;
	return tidied.endsWith('│') ? `${tidied.slice(0, -1)}${' '.repeat(missing)}│` : tidied;
}

/** The screen without the names of the test's database and server and without its empty lines. */
export function tidy(screen: string): string {
	return screen
		.split('\n')
		.map(anonymous)
		.filter(line => !/^[\s│]*$/.test(line))
		.join('\n');
}
