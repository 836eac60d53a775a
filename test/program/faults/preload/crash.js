// Loaded before the program: at SIGUSR2 the next drawing fails once, as a mistake in a component would.
process.on('SIGUSR2', () => {
	const {repeat} = String.prototype;
	Object.defineProperty(String.prototype, 'repeat', {
		configurable: true,
		writable: true,
		value() {
			Object.defineProperty(String.prototype, 'repeat', {configurable: true, writable: true, value: repeat});
			throw new Error('a component broke');
		},
	});
});
