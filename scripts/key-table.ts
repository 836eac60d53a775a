/** Writes the table of keys into README.md, between `<!-- keys: … -->` and `<!-- end of keys -->`. */
import {readFileSync, writeFileSync} from 'node:fs';
import {insertKeyTable} from '../source/keys/table.ts';

const readme = new URL('../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
const updated = insertKeyTable(text);
if (updated !== text) writeFileSync(readme, updated);
console.log(updated === text ? 'The table of keys is up to date.' : 'The table of keys was updated.');
