/** Checks the query files against the rules that keep a monitor cheap. The engine is not a query file. */
import {listSqlFiles, readSqlFile} from '../source/database/sql-files.ts';
import {checkSql} from '../source/database/sql-rules.ts';

const files = listSqlFiles().filter(name => name !== 'absurd.sql');
const problems = files.flatMap(name => checkSql(name.replace(/\.sql$/, ''), readSqlFile(name)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${files.length} query files keep the rules.`);
