// Loaded before the program: this machine's clock is wrong by CLOCK_OFFSET milliseconds.
const {now} = Date;
const offset = Number(process.env['CLOCK_OFFSET']);

globalThis.Date = new Proxy(Date, {
	construct: (real, parts) => Reflect.construct(real, parts.length === 0 ? [now() + offset] : parts),
});
Date.now = () => now() + offset;
