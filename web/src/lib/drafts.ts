/**
 * What somebody has typed and not sent, one per person, ticket and layer: a note can never become a reply, because nothing reads
 * the draft of the other layer (docs/design/dashboard.md#drafts-and-the-outbox).
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { drop, empty, keep, kept } from './kept.ts';
import { readLocal, writeLocal } from './local.ts';

export type Layer = 'L1' | 'L2';

const SOON_MS = 300;
/** The truth while the page lives; the device's copy follows. */
const texts = new Map<string, string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();

const keyOf = (userId: string, ticketId: string, layer: Layer): string => `${userId}/${ticketId}/${layer}`;

function write(key: string): void {
  timers.delete(key);
  const text = texts.get(key) ?? '';
  const done = text.trim() === '' ? drop('drafts', key) : keep('drafts', key, text);
  // No storage on this device (a private window): the draft lives as long as the page.
  done.catch(() => undefined);
}

function remember(key: string, text: string): void {
  texts.set(key, text);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => {
      write(key);
    }, SOON_MS),
  );
}

/** What was typed in the last moment: the device's store does not answer a page that is leaving, this one does at once. */
const LAST_WORDS = 'drafts';

function lastWords(): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readLocal(LAST_WORDS) ?? '{}') as Readonly<Record<string, string>>;
  } catch {
    return {};
  }
}

addEventListener('pagehide', () => {
  if (timers.size === 0) return;
  const typed = Object.fromEntries([...timers.keys()].map((key) => [key, texts.get(key) ?? '']));
  writeLocal(LAST_WORDS, JSON.stringify({ ...lastWords(), ...typed }));
  for (const [key, timer] of [...timers]) {
    clearTimeout(timer);
    write(key);
  }
});
for (const [key, text] of Object.entries(lastWords())) {
  texts.set(key, text);
  write(key);
}
writeLocal(LAST_WORDS, null);

/** All drafts leave the device when somebody signs out by themselves, and only then. */
export async function forgetDrafts(): Promise<void> {
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  texts.clear();
  writeLocal(LAST_WORDS, null);
  await empty('drafts');
}

/** Puts back what could not be sent, before what was typed since. */
export function restoreDraft(userId: string, ticketId: string, layer: Layer, text: string): void {
  const key = keyOf(userId, ticketId, layer);
  const since = texts.get(key) ?? '';
  remember(key, since === '' ? text : `${text}\n${since}`);
  for (const tell of listeners) tell(key);
}

const listeners = new Set<(key: string) => void>();

/** @returns the text, and what sets it */
export function useDraft(
  userId: string,
  ticketId: string,
  layer: Layer,
): readonly [string, (text: string) => void] {
  const key = keyOf(userId, ticketId, layer);
  const [text, setText] = useState(texts.get(key) ?? '');
  const touched = useRef(false);
  useEffect(() => {
    let gone = false;
    touched.current = false;
    setText(texts.get(key) ?? '');
    if (!texts.has(key))
      kept<string>('drafts', key)
        .then((stored) => {
          // Whoever was faster to type than the device to answer keeps what they typed.
          if (gone || touched.current || stored === undefined) return;
          texts.set(key, stored);
          setText(stored);
        })
        .catch(() => undefined); // no storage: there is no draft
    const tell = (changed: string): void => {
      if (changed === key) setText(texts.get(key) ?? '');
    };
    listeners.add(tell);
    return () => {
      gone = true;
      listeners.delete(tell);
    };
  }, [key]);
  const change = useCallback(
    (next: string) => {
      touched.current = true;
      remember(key, next);
      setText(next);
    },
    [key],
  );
  return [text, change];
}
