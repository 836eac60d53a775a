/** Claims of one queue that are read at least and at most, and of all queues of one tick together. */
const fewestClaims = 25;
const mostClaims = 500;
const claimsOfTick = 1000;

/** Failures of one queue that are kept at least and at most. */
const fewestFailures = 10;
export const mostFailures = 200;

/** What is kept in memory of all queues together: of very many queues fewer rows each. */
const keptClaims = 250_000;
const keptFailures = 50_000;

/** Claims that are read of each queue of one tick, where so many are asked of so many that there are. */
export function claimRows(asked: number, queues: number): number {
	const share = Math.min(claimsOfTick / Math.max(1, asked), keptClaims / Math.max(1, queues));
	return Math.floor(Math.max(fewestClaims, Math.min(mostClaims, share)));
}

/** The newest failures that are kept of each of so many queues. */
export function failureRows(queues: number): number {
	return Math.floor(Math.max(fewestFailures, Math.min(mostFailures, keptFailures / Math.max(1, queues))));
}
