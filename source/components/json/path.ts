import type {ValueAddress} from '../../monitor/big-document.ts';

/** A key as a path has it: `.user`, or `["two words"]` where a dot would mislead. */
export function keyPath(key: string): string {
	return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `.${key}` : `["${key}"]`;
}

/** The path of a value of a task, as a filter names it: `params.user.id`. */
export function pathOf({field, checkpoint, path}: ValueAddress): string {
	const root = field === 'state' ? `state${keyPath(checkpoint ?? '')}` : field;
	return root + path.map(keyPath).join('');
}
