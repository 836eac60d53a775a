/** Paints text. Each painter takes plain, already fitted text and answers it with colour codes (or unchanged). */
export interface Theme {
	readonly ascii: boolean;
	/** Glyphs with their ASCII stand-ins, all one cell wide. */
	readonly glyph: Readonly<Record<Glyph, string>>;
	readonly paint: Readonly<Record<Tone, (text: string) => string>>;
}

/** What a piece of text is, not what colour it has. */
export type Tone =
	| 'plain'
	| 'dim'
	| 'strong'
	| 'title'
	| 'ok'
	| 'running'
	| 'waiting'
	| 'warning'
	| 'error'
	| 'badge'
	| 'cursor'
	| 'key';

export type Glyph =
	| 'critical'
	| 'warning'
	| 'ok'
	| 'running'
	| 'pending'
	| 'sleeping'
	| 'completed'
	| 'failed'
	| 'cancelled'
	| 'cursor'
	| 'barFull'
	| 'barEmpty'
	| 'ellipsis'
	| 'separator'
	| 'none';
