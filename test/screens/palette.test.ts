import {describe, expect, it} from 'vitest';
import {bindings} from '../../source/keys/bindings.ts';
import {createPalette} from '../../source/screens/palette.ts';
import {drawContext, plainText} from '../support/draw.ts';
import {mountShell} from '../support/shell.tsx';
import {emptyQueue, liveSnapshot} from '../support/stub-monitor.ts';

const now = Date.UTC(2026, 10, 22, 14, 2);

describe('the palette', () => {
	it('lists every verb with its key, and those that cannot be done with the reason', () => {
		const palette = createPalette({
			scopes: ['always', 'global', 'list', 'table'],
			whyNot: id => (id === 'action.retry' ? 'it is running' : undefined),
			probe: () => undefined,
		});
		const text = plainText(palette.draw(drawContext(120, 200)));
		const popups = ['help', 'prompt', 'dialog', 'form'];
		for (const {id, scope, title, keys} of bindings) {
			if (popups.includes(scope) || ['program.palette', 'program.escape'].includes(id)) continue;
			expect(text, id).toContain(title);
			if (/^[a-zA-Z]$/.test(keys[0] ?? '')) expect(text, id).toMatch(new RegExp(`^.  ${keys[0]}\\b.*`, 'm'));
		}
		expect(text).toContain('retry the task (asks first): it is running');
		expect(text).toContain('fold: not here, only in run detail');
		expect(text.indexOf('cancel the task')).toBeLessThan(text.indexOf('it is running'));
	});

	it('does what Enter chooses, as the key would', async () => {
		const rig = await mountShell(liveSnapshot(now, {queues: [emptyQueue('mail', now)]}));
		await rig.press(':');
		for (const character of 'no query while') await rig.press(character);
		expect(rig.screen()).toContain('pause and go on');
		expect(rig.screen()).not.toContain('refresh now,');
		await rig.press('enter');
		expect(rig.monitor.wishes).toContain('pause true');
		expect(rig.screen()).not.toContain('Enter does it');
	});

	it('takes letters for text and never for keys, says why not, and closes with Esc', async () => {
		const rig = await mountShell(liveSnapshot(now, {queues: [emptyQueue('mail', now)]}));
		await rig.press(':', 'q', 'p', 'backspace', 'backspace');
		for (const character of 'retry the') await rig.press(character);
		await rig.press('enter');
		expect(rig.screen()).toContain('Cannot retry the task');
		expect(rig.popup.opened).toEqual([]);
		expect(rig.quits).toEqual([]);
		await rig.press('escape');
		expect(rig.screen()).not.toContain('Enter does it');
		await rig.press(':', '\u001b[200~pau\u202ese\u0007\u001b[201~');
		expect(rig.screen()).not.toMatch(/\u202e|\u0007/);
		expect(rig.monitor.wishes).not.toContain('pause true');
	});

	it('opens from the list of a screen that asks the database, and does not take its question back', async () => {
		const rig = await mountShell(liveSnapshot(now, {queues: [emptyQueue('mail', now)]}));
		rig.shell.input.paste('019a9b1c-0000-7000-8000-00000f24ab5c');
		await rig.press('escape', ':');
		expect(rig.monitor.probe()).toBeUndefined();
		for (const character of 'help') await rig.press(character);
		await rig.press('enter');
		expect(rig.screen()).toContain('Help');
	});
});
