/** Puts a text on the clipboard and says so, or why not. `what` names it: `task id`. */
export type Copy = (text: string, what: string) => void;

/** Makes it from what reaches the clipboard (it answers why not) and what shows a line for some seconds. */
export function createCopy(
	send: (text: string) => string | undefined,
	say: (text: string, tone?: 'ok' | 'warning' | 'error') => void,
): Copy {
	return (text, what) => {
		const refusal = send(text);
		if (refusal === undefined) say(`Copied ${what}: ${text.length <= 60 ? text : `${text.length} characters`}`);
		else say(`Not copied: ${refusal}`, 'warning');
	};
}
