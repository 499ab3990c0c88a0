/** Single keys, which are dead while one writes and can be switched off (docs/design/dashboard.md#keyboard). */
import { useEffect, useRef } from 'react';
import { readLocal, writeLocal } from './local.ts';
import { createStore } from './store.ts';

export const shortcutsOn = createStore(readLocal('shortcuts') !== 'off');

export function switchShortcuts(on: boolean): void {
  writeLocal('shortcuts', on ? null : 'off');
  shortcutsOn.set(on);
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const inOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role=dialog],[role=menu],[role=listbox]') !== null;

/** By `event.key`; `g i`: one after the other. A key whose action returns false was not for it. */
export type ShortcutMap = Readonly<Record<string, () => unknown>>;

const CHORD_MS = 1_200;
let first: { key: string; at: number } | null = null;

export function useShortcuts(map: ShortcutMap): void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
        return;
      if (!shortcutsOn.get() || isWriting(event.target) || inOverlay(event.target)) return;
      const chord =
        first !== null && performance.now() - first.at < CHORD_MS ? `${first.key} ${event.key}` : null;
      const action = chord === null ? latest.current[event.key] : latest.current[chord];
      if (action === undefined || action() === false) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** Remembers the first key of a chord, after every listener has seen it. */
addEventListener('keydown', (event) => {
  if (isWriting(event.target)) return;
  queueMicrotask(() => {
    first = event.key === 'g' ? { key: 'g', at: performance.now() } : null;
  });
});
