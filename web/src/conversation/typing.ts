/** Who types where, for a few seconds; and saying that one types (docs/design/api.md#typing-and-viewers). */
import { api, whole } from '../lib/api.ts';
import type { Layer } from '../lib/drafts.ts';
import { createStore, useStore } from '../lib/store.ts';
import type { LiveEvents } from '../lib/stream.ts';

interface Typing {
  readonly ticketId: string;
  readonly layer: Layer;
  readonly name: string;
  readonly id: string;
}

const SHOWN_MS = 6_000;
const SAY_EVERY_MS = 3_000;
const typing = createStore<readonly Typing[]>([]);
const timers = new Map<string, ReturnType<typeof setTimeout>>();

export function heardTyping({ ticket_id: ticketId, layer, by }: LiveEvents['typing']): void {
  const key = `${ticketId}/${layer}/${by.id}`;
  const others = typing.get().filter((one) => `${one.ticketId}/${one.layer}/${one.id}` !== key);
  typing.set([...others, { ticketId, layer, id: by.id, name: by.name }]);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => {
      timers.delete(key);
      typing.set(typing.get().filter((one) => `${one.ticketId}/${one.layer}/${one.id}` !== key));
    }, SHOWN_MS),
  );
}

/** @returns names */
export function useTyping(ticketId: string, layer: Layer): readonly string[] {
  return useStore(typing)
    .filter((one) => one.ticketId === ticketId && one.layer === layer)
    .map(({ name }) => name);
}

let saidAt = -Infinity;

export function sayTyping(ticketId: string, layer: Layer): void {
  if (performance.now() - saidAt < SAY_EVERY_MS) return;
  saidAt = performance.now();
  // Nobody misses it when it does not arrive.
  whole(
    api.POST('/api/admin/ticket/{id}/typing', { params: { path: { id: ticketId } }, body: { layer } }),
  ).catch(() => undefined);
}
