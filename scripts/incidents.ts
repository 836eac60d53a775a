/** Runs the incident drills and writes docs/incidents.md from them, with the screens that were seen. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runNode} from './install.js';

const head = `# Incidents

What the screen says when something is wrong, and the keys from there to the fix. Every incident on this page is staged
on a real database with real workers by a test, which also wrote the screens: \`npm run incidents\`.

\`!\` opens the findings, worst first; \`Enter\` goes to the rows that prove one; \`8\` opens the doctor with every check and
the remedy, which \`y\` copies.`;

if (runNode(['scripts/build.js', '--if-stale']) !== 0) process.exit(1);
const parts = mkdtempSync(join(tmpdir(), 'incidents-'));
try {
	execFileSync(
		process.execPath,
		[join('node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/program/incidents.test.ts'],
		{
			stdio: ['ignore', 'inherit', 'inherit'],
			env: {...process.env, INCIDENTS: parts},
		},
	);
	const texts = readdirSync(parts)
		.sort()
		.map(name => readFileSync(join(parts, name), 'utf8').trim());
	writeFileSync('docs/incidents.md', `${[head, ...texts].join('\n\n')}\n`);
	console.log(`docs/incidents.md: ${texts.length} incidents.`);
} finally {
	rmSync(parts, {recursive: true, force: true});
}
