import type {ReadingProgress} from '../../monitor/page-turner.ts';
import type {Instant} from '../../monitor/snapshot.ts';
import type {TableBook} from '../catalog.ts';
import {number} from '../rows.ts';
import {statement} from '../sql.ts';
import {type ProbeTools, rowsOf} from './probe.ts';

/** After a reading of n pages so long nothing is read, per page: at most every other tick works. */
const restPerPage = 4000;

/** What a reading tells of itself. */
interface Told {
	readonly progress: ReadingProgress;
	/** A newer reading is under way; this one is shown until that one is as far. */
	readonly renewing: boolean;
}

/** A reading of many rows, some pages with each question. */
interface Sweep<Page, Report extends Told> {
	/** Round trips so far. */
	readonly pages: number;
	next(limit: number): readonly Page[];
	report(limit: number): Report;
}

/** How a reading begins, and how its pages are read. */
export interface Renewal<Page, Reading extends Sweep<Page, Report>, Report extends Told> {
	begin(book: TableBook, now: Instant): Reading;
	read(reading: Reading, pages: readonly Page[], read: ProbeTools['read']): Promise<void>;
}

async function databaseNow(read: ProbeTools['read']): Promise<Instant> {
	const {outcomes} = await read([statement('tick-clock', {}, {})]);
	const [row] = rowsOf(outcomes[0]);
	return row ? number(row, 'now') : Date.now();
}

/** Reads page by page, one round trip a question; what was read to its end, or to its limit, is read anew after a rest. */
export class RenewedReading<Page, Reading extends Sweep<Page, Report>, Report extends Told> {
	readonly #renewal: Renewal<Page, Reading, Report>;
	#sweep: {readonly reading: Reading; readonly begun: Instant} | undefined;
	#shown: {readonly report: Report; readonly limit: number} | undefined;

	constructor(renewal: Renewal<Page, Reading, Report>) {
		this.#renewal = renewal;
	}

	/** `stopped` reads nothing more: what is known is answered, as one that came to its limit. */
	async answer(
		{limit, stopped}: {readonly limit: number; readonly stopped: boolean},
		{read, book}: ProbeTools,
	): Promise<Report> {
		if (stopped && this.#sweep) {
			return this.#shown?.report ?? {...this.#sweep.reading.report(limit), progress: 'limit'};
		}
		let sweep = this.#sweep;
		let pages = sweep?.reading.next(limit) ?? [];
		if (sweep === undefined || pages.length === 0) {
			const now = await databaseNow(read);
			const shown = this.#asFarAs(limit);
			const rest = sweep === undefined || sweep.reading.pages <= 1 ? 0 : sweep.reading.pages * restPerPage;
			if (sweep && shown && now < sweep.begun + rest) return shown;
			sweep = {reading: this.#renewal.begin(book, now), begun: now};
			this.#sweep = sweep;
			pages = sweep.reading.next(limit);
		}
		if (pages.length > 0) await this.#renewal.read(sweep.reading, pages, read);
		return this.#publish(sweep.reading.report(limit), limit);
	}

	/** What was read last, when it went as far as this limit asks. */
	#asFarAs(limit: number): Report | undefined {
		const shown = this.#shown;
		return shown !== undefined && (shown.limit === limit || shown.report.progress === 'whole')
			? shown.report
			: undefined;
	}

	/** A reading that is under way does not take the place of one that went as far. */
	#publish(report: Report, limit: number): Report {
		const shown = this.#asFarAs(limit);
		if (report.progress === 'reading') return shown === undefined ? report : {...shown, renewing: true};
		this.#shown = {report, limit};
		return report;
	}
}

/** The queues that can be read, and of the others why not. */
export function readableQueues(book: TableBook): {
	readonly readable: readonly string[];
	readonly refused: readonly {readonly queue: string; readonly sentence: string}[];
} {
	const queues = [...book.queues.values()];
	return {
		readable: queues.filter(({readable}) => readable === true).map(({name}) => name),
		refused: queues
			.filter(({readable}) => readable !== true)
			.map(({name, readable}) => ({
				queue: name,
				sentence: readable === false ? 'no right to read it' : 'its tables are missing',
			})),
	};
}
