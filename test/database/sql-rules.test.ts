import {expect, test} from 'vitest';
import {checkSql} from '../../source/database/sql-rules.ts';

const header = '-- What it answers.\n-- Parameters: none. Served by the index r_Q_sai.\n';

const good = [
	'select 1 as n',
	`select count(*)::int as n from (select 1 from absurd.:"r" order by available_at limit 10) as capped`,
	`with clock as (select (select absurd.current_time()) as now) select now from clock`,
	`select a from absurd.:"r" where at <= (select absurd.current_time()) and x = :'x'::int limit 1`,
	`select 'select * from x' as text, '(' as bracket`,
];
test.each(good)('%s is fine', sql => {
	expect(checkSql('probe', `${header}${sql}`)).toEqual([]);
});

const bad: ReadonlyArray<readonly [string, RegExp]> = [
	[`${header}select * from (select 1) as x`, /never \*/],
	[`${header}select x.* from (select 1) as x`, /never \*/],
	[`${header}select a from absurd.:"r" where at <= absurd.current_time() limit 1`, /scalar sub-select/],
	[`${header}select count(*) from absurd.:"r" limit 1`, /aggregate/],
	[`${header}select 1 where 1 < (select max(a) from absurd.:"r" limit 1)`, /aggregate/],
	[`${header}select a from absurd.:"r"`, /own limit/],
	[`${header}select count(*) from (select 1 from absurd.:"r") as open limit 1`, /own limit/],
	[`${header}select :'x'`, /cast/],
	[`${header}select :x`, /not allowed/],
	['select 1', /begins with a comment/],
	['-- What it answers, by an index.\nselect 1', /parameters/],
	['-- What it answers.\n-- Parameters: none.\nselect 1', /which index/],
];
test.each(bad)('%s is not', (sql, problem) => {
	expect(checkSql('probe', sql).join(' ')).toMatch(problem);
});
