import {measure} from '../terminal/fit.ts';
import type {Theme} from '../terminal/theme.ts';
import type {Binding, Scope} from './binding.ts';
import {bindings} from './bindings.ts';
import {keyLabel} from './label.ts';

/** Which hints stay when not all fit, the first the longest; they are shown in the order of the key map. */
const importance = [
	'program.help',
	'program.back',
	'help.escape',
	'dialog.no',
	'form.close',
	'prompt.keep',
	'prompt.clear',
	'list.open',
	'action.retry',
	'action.cancel',
	'panel.next',
	'list.filter',
	'action.spawn',
	'action.emit',
	'list.copyId',
	'sort.right',
];

export interface HintOptions {
	readonly scopes: readonly Scope[];
	readonly width: number;
	readonly theme: Theme;
	/** Why a binding does nothing now; such hints are dimmed. */
	readonly whyNot: (id: string) => string | undefined;
	/** What `q` does here. */
	readonly back: 'back' | 'quit';
}

/** The hint line: keys and what they do here, as many as fit into `width`. */
export function hintLine({scopes, width, theme, whyNot, back}: HintOptions): string {
	const candidates = bindings.filter(({hint, scope}) => hint !== undefined && scopes.includes(scope));
	const shown = chooseHints(candidates, width, theme, back);
	const pieces = shown.map(binding => {
		const hint = hintOf(binding, back);
		if (whyNot(binding.id) !== undefined) return theme.paint.dim(`${labelOf(binding, theme)} ${hint}`);
		return `${theme.paint.key(labelOf(binding, theme))} ${hint}`;
	});
	return pieces.length === 0 ? '' : ` ${pieces.join('  ')}`;
}

function chooseHints(
	candidates: readonly Binding[],
	width: number,
	theme: Theme,
	back: 'back' | 'quit',
): readonly Binding[] {
	const rank = (binding: Binding) => {
		const place = importance.indexOf(binding.id);
		return place === -1 ? importance.length : place;
	};
	const chosen = new Set<Binding>();
	let used = -1;
	for (const binding of [...candidates].sort((a, b) => rank(a) - rank(b))) {
		const cells = measure(labelOf(binding, theme)) + 1 + measure(hintOf(binding, back)) + 2;
		if (used + cells > width) break;
		used += cells;
		chosen.add(binding);
	}
	return candidates.filter(binding => chosen.has(binding));
}

function hintOf(binding: Binding, back: 'back' | 'quit'): string {
	return binding.id === 'program.back' ? back : (binding.hint ?? '');
}

/** The line is full: Enter is drawn as the sign that is on the key. */
function labelOf(binding: Binding, theme: Theme): string {
	const [key = ''] = binding.keys;
	return key === 'enter' && !theme.ascii ? '↵' : keyLabel(key);
}
