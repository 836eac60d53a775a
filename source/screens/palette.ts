import {drawEnds, drawLine, drawText} from '../components/line.ts';
import {drawField, editField, type TextField, textField} from '../components/text-field.ts';
import type {Binding, Scope} from '../keys/binding.ts';
import {bindings} from '../keys/bindings.ts';
import {keysLabel, placeOf} from '../keys/table.ts';
import type {Probe} from '../monitor/probe.ts';
import {fit} from '../terminal/fit.ts';
import type {Overlay} from './overlay.ts';
import type {DrawContext} from './screen.ts';

/** What the palette needs from the screen below. */
export interface PaletteOptions {
	/** Scopes whose keys are live there. */
	readonly scopes: readonly Scope[];
	/** Why a binding does nothing now. */
	readonly whyNot: (id: string) => string | undefined;
	/** What the screen wants polled meanwhile. */
	readonly probe: () => Probe | undefined;
}

/** A verb: a binding, and why it cannot be done now. */
interface Verb {
	readonly binding: Binding;
	readonly reason: string | undefined;
}

/** Keys of popups and of the palette itself are no verbs. */
const hidden: ReadonlySet<Scope> = new Set<Scope>(['help', 'prompt', 'dialog', 'form']);
const unlisted: ReadonlySet<string> = new Set(['program.palette', 'program.escape']);

/** What can be done here first, moving about last; each in the order of the key map. */
const groupOrder: readonly Binding['group'][] = ['act', 'look', 'program', 'move'];

function verbs({scopes, whyNot}: PaletteOptions): readonly Verb[] {
	const all = bindings
		.filter(({id, scope}) => !hidden.has(scope) && !unlisted.has(id))
		.map((binding): Verb => {
			const here = scopes.includes(binding.scope);
			return {binding, reason: here ? whyNot(binding.id) : `not here, only ${placeOf(binding.scope)}`};
		});
	const rank = ({binding, reason}: Verb) =>
		groupOrder.indexOf(binding.group) + (reason === undefined ? 0 : groupOrder.length);
	return [...all].sort((first, second) => rank(first) - rank(second));
}

function passes({binding}: Verb, typed: string): boolean {
	const text = `${binding.title} ${binding.id} ${keysLabel(binding)}`.toLowerCase();
	return typed
		.toLowerCase()
		.split(/\s+/)
		.every(word => text.includes(word));
}

function verbRow({binding, reason}: Verb, current: boolean, {width, theme}: DrawContext): string {
	const keys = fit(keysLabel(binding), 10);
	if (current) {
		const text = `${theme.glyph.cursor}  ${keys} ${binding.title}${reason === undefined ? '' : `: ${reason}`}`;
		return theme.paint.cursor(fit(text, width));
	}
	if (reason !== undefined) return drawText(`   ${keys} ${binding.title}: ${reason}`, width, 'dim', theme);
	return drawLine(
		[
			{text: `   ${keys} `, tone: 'key'},
			{text: binding.title, tone: 'plain'},
		],
		width,
		theme,
	);
}

const steps: Readonly<Record<string, number>> = {
	down: 1,
	tab: 1,
	'ctrl+n': 1,
	up: -1,
	'shift+tab': -1,
	pagedown: 10,
	pageup: -10,
};

/** Lines above the verbs. */
const head = 2;

/** `:`: every verb with its key, narrowed by what is typed; Enter does the one under the cursor. */
export function createPalette(options: PaletteOptions): Overlay {
	let field: TextField = textField('');
	/** The verb under the cursor, by its id. */
	let current: string | undefined;
	const shown = () => verbs(options).filter(verb => passes(verb, field.text));
	const placeIn = (list: readonly Verb[]) =>
		Math.max(
			0,
			list.findIndex(({binding}) => binding.id === current),
		);
	return {
		scope: 'prompt',
		draw(context) {
			const {width, height, theme} = context;
			const list = shown();
			const place = placeIn(list);
			const room = Math.max(1, height - head);
			const top = Math.max(0, Math.min(place - Math.floor(room / 2), list.length - room));
			const prompt = theme.paint.key(' :') + drawField(field, width - 2, theme, true);
			const says = list.length === 0 ? '   No verb is called so.' : '   Enter does it, ↑ ↓ choose, Esc closes';
			const many = list.length > room ? `${place + 1} of ${list.length}` : '';
			const note = drawEnds([{text: says, tone: 'dim'}], [{text: many, tone: 'dim'}], width, theme);
			const rows = list.slice(top, top + room).map((verb, index) => verbRow(verb, top + index === place, context));
			return [prompt, note, ...rows];
		},
		handle: () => true,
		type(key, context) {
			const list = shown();
			const step = steps[key.name];
			if (key.name === 'escape' || (key.name === 'backspace' && field.text === '')) return 'close';
			if (key.name === 'enter') {
				const verb = list[placeIn(list)];
				if (verb === undefined) return 'stay';
				if (verb.reason === undefined) return verb.binding;
				context.say(`Cannot ${verb.binding.title}: ${verb.reason}.`, 'warning');
				return 'stay';
			}
			if (step !== undefined) {
				const next = Math.max(0, Math.min(list.length - 1, placeIn(list) + step));
				current = list[next]?.binding.id;
				return 'stay';
			}
			field = editField(field, {name: key.name, text: key.text.slice(0, 100)}) ?? field;
			current = shown()[0]?.binding.id;
			return 'stay';
		},
		probe: options.probe,
		answered: () => true,
	};
}
