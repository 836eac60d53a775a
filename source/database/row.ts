export function isString(value: unknown): value is string {
	return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
	return typeof value === 'number';
}

export function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every(isString);
}
