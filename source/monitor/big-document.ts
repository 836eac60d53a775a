/** Where a value stands: a document of a task, and the keys and array indexes down to it. */
export interface ValueAddress {
	readonly field: 'params' | 'headers' | 'result' | 'payload' | 'failure' | 'state';
	/** For the documents of a run. */
	readonly runId: string | undefined;
	/** For the state of a checkpoint. */
	readonly checkpoint: string | undefined;
	readonly path: readonly string[];
}

/** A member of a value that was looked into. */
export interface ValueMember {
	/** Its key, or its index in an array. */
	readonly key: string;
	/** As `jsonb_typeof` says it. */
	readonly kind: string;
	/** Size in the server's memory. */
	readonly bytes: number;
}

/** A value that a person asked for, read once. */
export interface FetchedValue {
	readonly kind: string;
	/** Size as JSON text. */
	readonly bytes: number;
	/** Whole, or only its head. */
	readonly text: string;
	readonly complete: boolean;
	/** At most `mostMembers`; empty for scalars. */
	readonly members: readonly ValueMember[];
	readonly membersCut: boolean;
}

/** Characters of a value that are read at a time. */
export const headLength = 16_384;

/** Members that are listed. */
export const mostMembers = 500;

/** The key of an address in a map of what was fetched. */
export function addressKey({field, runId, checkpoint, path}: ValueAddress): string {
	return JSON.stringify([field, runId ?? null, checkpoint ?? null, ...path]);
}
