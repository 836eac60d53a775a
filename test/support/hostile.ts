/** What a row may hold that could steer a terminal, break a table, or be taken for a command. By what it tries. */
export const hostile: Readonly<Record<string, string>> = {
	csi: 'a\u001B[31;7;5mred\u001B[2J\u001B[1;1Hhome',
	title: 'b\u001B]0;pwned\u0007',
	link: 'c\u001B]8;;http://evil.example/\u001B\\click\u001B]8;;\u001B\\',
	clipboard: 'd\u001B]52;c;ZXZpbA==\u0007',
	dcs: 'e\u001BPqevil\u001B\\\u001B_apc\u001B\\\u001B^pm\u001B\\\u001Bc',
	c1: 'f\u009B31mred\u009D0;pwned\u009C\u0090q\u009C\u0085next',
	'like-nul': 'g\u0001\u2400\\u0000%00\u007F\u0008\u0008\u0008',
	lines: 'h\r\nsecond\rover\n\n\v\fthird\u2028fourth\u2029',
	tabs: 'i\tone\t\ttwo\t',
	bidi: 'j\u202Egnp.exe\u202C\u2066x\u2069\u200F\u061C',
	zero: 'k\u200Bz\u200Ce\u200Dr\uFEFFo\u00AD\u2060\u034F',
	combining: `l${'e\u0301\u0302\u0303\u0304'.repeat(8)}\u0489`,
	wide: '漢字かな한글ｗｉｄｅ',
	emoji: 'm👩‍👩‍👧‍👦🏳️‍🌈👍🏿🇩🇪e⃣',
	lone: 'n\uE000\uFFFF',
	sql: `o'; drop schema absurd cascade; -- "$$ \\`,
	shell: 'p$(reboot)`reboot`;|&&>/dev/null~!*?',
	format: 'q%s%n%d{{7*7}}<%= 7 %>',
	key: '__proto__',
	flag: '--read-only',
};

/** A text of a million characters, every kind of them. */
export const endless = Object.values(hostile)
	.join(' ')
	.repeat(5000)
	.slice(0, 1_000_000)
	.replace(/[\uD800-\uDBFF]$/, '');

/** JSON that is deep, with numbers beyond 2^53, and hostile keys and values. */
export const hostileJson = `{"big": 90071992547409931234, "small": -1e-400, "long": 1${'0'.repeat(400)}, "deep": ${'['.repeat(800)}1${']'.repeat(800)},
	${Object.entries(hostile)
		.map(([name, text]) => `${JSON.stringify(text)}: {${JSON.stringify(name)}: ${JSON.stringify(text)}}`)
		.join(', ')}}`;

/** As much of a text as a queue's name can hold: 57 bytes. */
export function asQueueName(text: string): string {
	let name = '';
	for (const character of text) {
		if (Buffer.byteLength(name + character) > 57) break;
		name += character;
	}
	return name;
}

/** Sequences that a program of ours writes: colours, moving, erasing, modes, and a copy to the clipboard. */
const ours =
	/\u001B\[[?>]?[\d;]*[A-HJ-MSTXfhlmnrsu]|\u001B\[\d* q|\u001B[78=>]|\u001B\]52;c;[A-Za-z\d+/=]*(?:\u0007|\u001B\\)/g;

/** Controls, characters that turn the direction of writing, and those that draw nothing. */
const harmful =
	/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]/;

/** What of an output could do harm, with what stands around it; empty when nothing could. */
export function harm(output: string): readonly string[] {
	const foreign = ['[31;7;5m', ']0;', ']8;', 'ZXZpbA==', 'Pq', '_apc', '^pm'].map(text => `\u001B${text}`);
	const found = foreign.filter(text => output.includes(text));
	const rest = output.replaceAll(ours, '');
	const at = rest.search(harmful);
	return at < 0 ? found : [...found, JSON.stringify(rest.slice(Math.max(0, at - 60), at + 30))];
}
