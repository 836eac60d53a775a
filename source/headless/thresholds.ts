import {UsageError} from '../usage-error.ts';

/** A level of the monitoring plugins; its number is the exit code. */
export type Level = 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';

export const levelCodes: Readonly<Record<Level, number>> = {OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3};

const order: readonly Level[] = ['OK', 'UNKNOWN', 'WARNING', 'CRITICAL'];

/** The worse of two levels: what is known to be wrong counts more than what is not known. */
export function worse(one: Level, other: Level): Level {
	return order.indexOf(one) >= order.indexOf(other) ? one : other;
}

/** `--max-…`: a value above one of these is a warning, critical. */
export interface Threshold {
	readonly warning: number;
	readonly critical: number | undefined;
}

export function levelOf(value: number, {warning, critical}: Threshold): Level {
	if (critical !== undefined && value > critical) return 'CRITICAL';
	return value > warning ? 'WARNING' : 'OK';
}

/** How a kind of value is written, and read: undefined when it is not one. */
export interface Unit {
	readonly example: string;
	read(text: string): number | undefined;
}

const seconds: Readonly<Record<string, number>> = {'': 1, ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400};

function scaled(text: string, pattern: RegExp, factors: Readonly<Record<string, number>>): number | undefined {
	const [, digits, unit = ''] = pattern.exec(text) ?? [];
	const factor = factors[unit];
	return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** A duration, in seconds. */
export const durationUnit: Unit = {
	example: '60s or 60s,5m',
	read: text => scaled(text, /^(\d+(?:\.\d+)?)([a-z]*)$/, seconds),
};

/** A share, in percent. */
export const percentUnit: Unit = {
	example: '5% or 5%,20%',
	read(text) {
		const value = scaled(text, /^(\d+(?:\.\d+)?)(%?)$/, {'': 1, '%': 1});
		return value !== undefined && value <= 100 ? value : undefined;
	},
};

export const countUnit: Unit = {example: '10 or 10,100', read: text => scaled(text, /^(\d+)$/, {'': 1})};

/** Reads `WARNING[,CRITICAL]`. Throws a UsageError. */
export function readThreshold(text: string, flag: string, unit: Unit): Threshold {
	const parts = text.split(',');
	const [warning, critical] = parts.map(part => unit.read(part.trim()));
	if (warning === undefined || parts.length > 2 || (parts.length === 2 && critical === undefined))
		throw new UsageError(`${flag} is "${text}"; it is warning[,critical], such as ${unit.example}.`);
	if (critical !== undefined && critical < warning)
		throw new UsageError(`${flag} is "${text}"; critical is below warning.`);
	return {warning, critical};
}
