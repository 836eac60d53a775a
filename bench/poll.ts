/**
 * What the poller costs a database: the server time of one whole tick of the real poller over a queue with a long
 * history and seven small ones, and over many queues, beside the statement that a counting dashboard runs. Prints a
 * table. `npm run bench:poll [finished tasks of the large queue, 5000000]`; starts a server of its own.
 */
import {measurePolls, queueCounts, smallHistory, tickCost} from './poll/run.ts';
import {printTable} from './poll/table.ts';

const history = Number(process.argv[2] ?? 5_000_000);
if (!Number.isInteger(history) || history < 1000) {
	console.error('The size is a number of finished tasks, at least 1000.');
	process.exit(2);
}

const goal = {milliseconds: 15, ratio: 1.3};

const results = await measurePolls(history, queueCounts, row => printTable([row], console.error));
printTable(results);
const cost = (finished: number) => {
	const row = results.find(each => each.finished === finished);
	return row === undefined ? Number.NaN : tickCost(row);
};
const ratio = cost(history) / cost(smallHistory);
const met = cost(history) <= goal.milliseconds && (history <= smallHistory || ratio <= goal.ratio);
console.log(
	`\nOne tick over ${history} finished tasks: ${cost(history).toFixed(1)} ms (goal ${goal.milliseconds}), ` +
		`${ratio.toFixed(2)} times that over ${smallHistory} (goal ${goal.ratio}): ${met ? 'met' : 'NOT met'}.`,
);
if (!met) process.exitCode = 1;
