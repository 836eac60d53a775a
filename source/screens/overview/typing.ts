import {type OverviewState, withList} from './state.ts';

/** Long enough for a whole UUID with room to spare. */
const longest = 200;

/** A key while the filter is typed: Enter keeps it, Esc clears it, everything printable goes into it. */
export function typeFilter(
	state: OverviewState,
	{name, text}: {readonly name: string; readonly text: string},
): OverviewState {
	const list = state.lists[state.panel];
	const filtered = (filter: string) => withList(state, state.panel, {...list, filter, note: undefined});
	if (name === 'enter') {
		return {...state, typing: false};
	}

	if (name === 'escape') {
		return {...filtered(''), typing: false};
	}

	if (name === 'backspace' || name === 'delete') {
		return list.filter === '' ? {...state, typing: false} : filtered([...list.filter].slice(0, -1).join(''));
	}

	if (name === 'ctrl+u' || name === 'ctrl+w') {
		return filtered('');
	}

	return text === '' ? state : filtered((list.filter + text).slice(0, longest));
}
