import {type DocumentRow, row} from '../../components/document.ts';
import {parseJson} from '../../components/json/parse.ts';
import type {RunDetail} from '../../monitor/run-detail.ts';

/** The trace id in a W3C `traceparent`: version, trace id, parent id, flags. */
const traceparent = /^"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace that a task belongs to, from `traceparent` among its headers; undefined when there is none. */
export function traceIdOf({headers}: RunDetail): string | undefined {
	if (headers === undefined) {
		return undefined;
	}

	const found = parseJson(headers.text).root.children.find(({key}) => key === 'traceparent');
	const id = found === undefined ? undefined : traceparent.exec(headers.text.slice(found.start, found.end))?.[1];
	// All zeros is what the standard calls invalid.
	return id === undefined || /^0+$/.test(id) ? undefined : id;
}

/** A line with the trace id, to be copied. */
export function traceRows(detail: RunDetail): readonly DocumentRow[] {
	const id = traceIdOf(detail);
	return id === undefined
		? []
		: [
				{
					...row(
						'trace',
						[
							{text: '  trace id  ', tone: 'dim'},
							{text: id, tone: 'strong'},
							{text: '  y copies it', tone: 'dim'},
						],
						id,
					),
					subject: {text: id, what: 'trace id'},
				},
			];
}
