/** Follows the live stream (docs/design/dashboard.md#live). What an event does to the cache comes with the first event. */
import type { QueryClient } from '@tanstack/react-query';
import { startTransition } from 'react';
import { keys } from '../lib/keys.ts';
import { type LiveEvent, openStream } from '../lib/stream.ts';
import type { apply } from './live.ts';

/** Lists are asked for again at most so often, whatever comes. */
const LISTS_EVERY_MS = 1_500;

let change: typeof apply | undefined;

/** @returns stops it */
export function goLive(client: QueryClient, userId: string): () => void {
  let waiting: LiveEvent[] = [];
  let frame: ReturnType<typeof setTimeout> | undefined;
  let lists: ReturnType<typeof setTimeout> | undefined;
  let listsAt = -Infinity;

  const refreshLists = (): void => {
    lists ??= setTimeout(
      () => {
        lists = undefined;
        listsAt = performance.now();
        void client.invalidateQueries({ queryKey: keys.inbox });
      },
      Math.max(150, listsAt + LISTS_EVERY_MS - performance.now()),
    );
  };
  const flush = (): void => {
    frame = undefined;
    const put = change;
    if (put === undefined) {
      import('./live.ts')
        .then((live) => {
          change = live.apply;
          flush();
        })
        // Without it they wait; the next event asks for it again.
        .catch(() => undefined);
      return;
    }
    const batch = waiting;
    waiting = [];
    startTransition(() => {
      for (const event of batch) put(client, event, refreshLists);
    });
  };
  const close = openStream(userId, (event) => {
    waiting.push(event);
    // One drawing for what comes together; a hidden page gets no animation frames, so a timer it is.
    frame ??= setTimeout(flush, 16);
  });
  return () => {
    close();
    waiting = [];
    clearTimeout(frame);
    clearTimeout(lists);
  };
}
