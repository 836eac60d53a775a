import type {State} from '../../monitor/snapshot.ts';
import type {Glyph, Tone} from '../../terminal/theme.ts';

/** Glyph and tone of each state; the word is the state's own name. */
export const stateStyles: Readonly<Record<State, {readonly glyph: Glyph; readonly tone: Tone}>> = {
	pending: {glyph: 'pending', tone: 'plain'},
	running: {glyph: 'running', tone: 'running'},
	sleeping: {glyph: 'sleeping', tone: 'waiting'},
	completed: {glyph: 'completed', tone: 'ok'},
	failed: {glyph: 'failed', tone: 'error'},
	cancelled: {glyph: 'cancelled', tone: 'dim'},
};
